"""The list of items, with what a search in it can narrow."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.forms import CheckboxInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from silian.education.banks.models import Bank
from silian.education.banks.policy import visible_banks
from silian.education.items.models import Tested, Use, Version
from silian.education.questions.schema import Difficulty, Kind, Level
from silian.industry.occupations.models import Skill
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.codes.models import CodeList
from silian.kernel.ui import formats
from silian.kernel.ui.listing import (
    DateColumn,
    LinkColumn,
    NumberColumn,
    StateColumn,
    Table,
    TickColumn,
)

OF_ITEM = Use.objects.filter(version__item=OuterRef("item")).order_by()
USES = Subquery(OF_ITEM.values("version__item").annotate(n=Count("pk")).values("n"))


class ItemTable(Table):
    tick = TickColumn("version")
    number = tables.Column(accessor="item__number", verbose_name=_("number"))
    title = LinkColumn(verbose_name=_("wording of the item"), order_by="text")
    kind = tables.Column()
    occupation = tables.Column(accessor="item__occupation__name", order_by="item__occupation__code")
    level = tables.Column(
        accessor="item__get_level_display", order_by="item__level", verbose_name=_("skill level")
    )
    difficulty = tables.Column(
        accessor="item__hardness", verbose_name=_("difficulty"), order_by="item__difficulty"
    )
    used = NumberColumn(verbose_name=_("used"))
    state = StateColumn()
    at = DateColumn(verbose_name=_("written"))

    class Meta:
        model = Version
        fields = "tick title number kind occupation level difficulty used state at".split()
        sequence = fields

    def render_difficulty(self, record: Version) -> str:
        """As measured, with two places; the author's word where nothing was measured."""
        item = record.item
        if item.measured is None:
            return str(item.get_difficulty_display())
        return formats.number(round(item.measured, 2))

    def value_number(self, record: Version) -> int:
        return record.item.number


def banks_here(request: HttpRequest | None) -> QuerySet[Bank]:
    if request is None or request.resolver_match is None:
        return Bank.objects.none()
    consortium = request.resolver_match.kwargs["consortium"]
    return visible_banks(request.user).filter(consortium=consortium)


class ItemFilter(filters.FilterSet):
    q = filters.CharFilter(method="find", label=_("wording of the item"))
    bank = filters.ModelChoiceFilter(
        queryset=banks_here, field_name="item__bank", label=_("item bank")
    )
    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("kind"))
    occupation = CodeFilter(
        field_name="item__occupation", label=_("occupation"), kind=CodeList.Kind.OCCUPATION
    )
    level = filters.ChoiceFilter(
        field_name="item__level", choices=Level.choices, label=_("skill level")
    )
    skill = filters.ModelChoiceFilter(
        queryset=lambda request: Skill.objects.filter(
            tested__item__bank__in=banks_here(request)
        ).distinct(),
        method="testing",
        label=_("skill"),
    )
    difficulty = filters.ChoiceFilter(
        field_name="item__difficulty", choices=Difficulty.choices, label=_("difficulty")
    )
    state = filters.ChoiceFilter(choices=Version.State.choices, label=_("state"))
    used = filters.BooleanFilter(
        method="was_used", label=_("used in an exam"), widget=CheckboxInput
    )
    weak = filters.BooleanFilter(
        method="is_weak", label=_("tells little (discrimination under 0.2)"), widget=CheckboxInput
    )

    class Meta:
        model = Version
        fields = "q bank kind occupation level skill difficulty state used weak".split()

    def find(self, rows: QuerySet[Version], name: str, value: str) -> QuerySet[Version]:
        numbered = (
            Q(item__number=int(value)) if value.isdecimal() and len(value) < 9 else Q(pk=None)
        )
        return rows.filter(Q(text__icontains=value) | numbered)

    def testing(self, rows: QuerySet[Version], name: str, value: Skill) -> QuerySet[Version]:
        return rows.filter(Exists(Tested.objects.filter(item=OuterRef("item"), skill=value)))

    def was_used(self, rows: QuerySet[Version], name: str, value: bool) -> QuerySet[Version]:
        uses = Exists(Use.objects.filter(version__item=OuterRef("item")))
        return rows.filter(uses) if value else rows

    def is_weak(self, rows: QuerySet[Version], name: str, value: bool) -> QuerySet[Version]:
        low = Use.objects.filter(version__item=OuterRef("item"), discrimination__lt=0.2)
        return rows.filter(Exists(low)) if value else rows


class UseTable(Table):
    label = tables.Column(verbose_name=_("exam"), order_by="label_zh")
    on = DateColumn()
    version = tables.Column(accessor="version__number", verbose_name=_("version"))
    taken = NumberColumn()
    facility = NumberColumn()
    discrimination = NumberColumn()

    class Meta:
        model = Use
        fields = "label on version taken facility discrimination".split()
        sequence = fields

    def render_facility(self, value: float) -> Any:
        return formats.number(round(value, 2))

    def render_discrimination(self, value: float) -> Any:
        return formats.number(round(value, 2))
