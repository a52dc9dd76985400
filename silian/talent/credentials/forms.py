"""A kind of certificate, an officer, and what is done with one certificate."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.engines.numbering import SKILL_PREFIX, fault
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.files.content import JPEG, JPG, PNG
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput
from silian.talent.credentials import policy
from silian.talent.credentials.models import Certificate, Kind
from silian.talent.credentials.scales import SCALES, Family, levels_of

PHOTOS = frozenset({PNG, JPG, JPEG})
FAULTS = {
    "serial": _("It needs one serial with its digits, such as {serial:5}."),
    "year": _("It needs {year} or {yy}: serials begin anew each year."),
    "place": _("Only {prefix}, {year}, {yy}, {level} and {serial:5} can stand in braces."),
    "letter": _("Only capital letters, digits and hyphens can stand between the braces."),
}
OF_THE_PAPER = "family title_zh title_en about_zh about_en issuer prefix pattern letters".split()
FIELDS = [*OF_THE_PAPER, *"signer months publicity_days shows_number".split()]


class LevelsField(forms.MultipleChoiceField):
    """The levels of every family, each group under its family's name."""

    widget = forms.SelectMultiple({"data-search": ""})

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=self.grouped, **options)

    @staticmethod
    def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
        scaled = [family for family in Family if SCALES[family]]
        return [(str(family.label), levels_of(family)) for family in scaled]


class KindForm(forms.ModelForm):  # type: ignore[type-arg]
    occupation = CodeField(
        CodeList.Kind.OCCUPATION, label=_("occupation"), required=False, min_level=4
    )
    levels = LevelsField(
        label=_("levels"), required=False, help_text=_("Those of the family; training has none.")
    )

    class Meta:
        model = Kind
        fields = FIELDS
        help_texts = {
            "prefix": _(
                "For skill levels Y or S and twelve digits: body 4, province 2, serial of the "
                "body 6. The number then has 22 characters."
            ),
            "pattern": _("Of other families, such as {prefix}-{year}-{serial:5}."),
            "letters": _("Apprentice, special-grade and chief technician, in this order."),
            "months": _("Empty: without an end."),
            "publicity_days": _("0: issued without publicity."),
        }

    def __init__(self, *args: Any, consortium: Consortium, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["issuer"]
        field.queryset = policy.possible_issuers(by, consortium)
        if not self.instance.pk:
            self.initial["pattern"] = "{prefix}-{year}-{serial:5}"
        else:
            self.initial["occupation"] = self.instance.occupation
            if self.instance.certificates.exists():
                for name in (*OF_THE_PAPER, "occupation"):
                    self.fields[name].disabled = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What is certified"),
                _pair("family", "levels"),
                _pair("title_zh", "title_en"),
                _pair("about_zh", "about_en"),
                "occupation",
            ),
            Fieldset(_("Who issues it"), _pair("issuer", "signer")),
            Fieldset(_("The number"), _pair("prefix", "pattern"), "letters"),
            Fieldset(_("Rules"), _pair("publicity_days", "months"), "shows_number"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        family = data.get("family")
        if family == Family.SKILL:
            self._clean_skill(data)
        elif family and (found := fault(data.get("pattern") or "")):
            self.add_error("pattern", FAULTS[found])
        known = {value for value, _name in levels_of(family)} if family else set()
        if family and set(data.get("levels") or ()) - known:
            self.add_error("levels", _("These are not levels of this family."))
        elif known and family != Family.TEACHER and not data.get("levels"):
            self.add_error("levels", _("Choose at least one level."))
        return data

    def _clean_skill(self, data: dict[str, Any]) -> None:
        data["pattern"] = ""
        if not data.get("occupation"):
            self.add_error("occupation", _("A skill level is one of an occupation."))
        if not SKILL_PREFIX.fullmatch(data.get("prefix") or ""):
            self.add_error("prefix", _("Y or S and twelve digits."))

    def save(self, commit: bool = True) -> Kind:
        kind: Kind = super().save(commit=False)
        kind.occupation = self.cleaned_data["occupation"]
        kind.levels = self.cleaned_data["levels"]
        return kind


class OfficerForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("issues for"))
    username = forms.CharField(
        label=_("user name"),
        max_length=150,
        help_text=_("Of somebody who acts for this organisation."),
    )

    def __init__(self, consortium: Consortium, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consortium = consortium
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(
            pk__in=consortium.memberships.current().values("organisation")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        organisation, username = data.get("organisation"), data.get("username")
        if not organisation or not username:
            return data
        people = policy.candidates_for_office(organisation)
        data["user"] = user = people.filter(username=username).first()
        if user is None:
            self.add_error("username", _("Nobody who acts for this organisation is called this."))
        elif self._held().filter(user=user, organisation=organisation).exists():
            self.add_error("username", _("This person is an issuing officer already."))
        return data

    def _held(self) -> QuerySet[Any]:
        return policy.visible_officers(self.consortium)


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands on the certificate; what is wrong is changed here."""

    reason = forms.CharField(label=_("why it is corrected"), max_length=300)
    photo = UploadField(label=_("photo"), kinds=PHOTOS, required=False)

    class Meta:
        model = Certificate
        fields = "name level hours event_zh event_en earned_on".split()
        widgets = {"earned_on": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        if kind.level_choices and self.instance.family != Family.SKILL:
            blank = [("", "---------")] if kind.family == Family.TEACHER else []
            choices = [*blank, *kind.level_choices]
            self.fields["level"] = forms.ChoiceField(label=_("level reached"), choices=choices)
            self.fields["level"].required = not blank
        else:  # the number of a skill level tells it: another level is another certificate
            del self.fields["level"]
        if kind.family != Family.TRAINING:
            del self.fields["hours"]
        if kind.family not in (Family.CONTEST, Family.TEACHER):
            del self.fields["event_zh"], self.fields["event_en"]

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        if not hours or hours <= 0:
            raise ValidationError(_("Must be more than 0."))
        return hours

    def facts(self) -> dict[str, Any]:
        """What was typed, without the reason and the photo."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("reason", "photo")}


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
