"""The rules of a round as forms."""

import json
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Membership, Organisation
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.talent.criteria.models import Condition, Criterion, Requirement, Reserve
from silian.talent.rounds.models import Round


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Criterion
        fields = ["title_zh", "title_en", "source", "weight"]


class ConditionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom it is about: the kind, and the one value that this kind needs."""

    programme = CodeField(CodeList.Kind.PROGRAMME, label=_("programme"), required=False)
    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)

    def __init__(self, *args: Any, found: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        needs = {kind: sorted(names) for kind, names in Condition.FIELDS.items()}
        self.fields["kind"].widget.attrs["data-needs"] = json.dumps(needs)
        members = Membership.objects.current().filter(consortium=found.consortium)
        schools = Organisation.objects.filter(kind__in=Organisation.SCHOOLS)
        self._offer("school", schools.filter(pk__in=members.values("organisation")))
        self._offer("criterion", found.criteria.all())
        self._offer("seat", found.seats.select_related("position__organisation"))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


class RequirementForm(ConditionForm):
    class Meta:
        model = Requirement
        fields = ["kind", *Condition.VALUES, "seat"]


class ReserveForm(ConditionForm):
    class Meta:
        model = Reserve
        fields = ["seat", "places", "kind", *Condition.VALUES, "hard"]
