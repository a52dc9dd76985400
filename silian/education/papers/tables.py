"""Papers, and the items that can be put into one."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.items.models import Tested, Version
from silian.education.papers.models import Paper
from silian.education.questions.schema import Difficulty, Kind, Level
from silian.industry.occupations.models import Skill
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.listing import (
    DateColumn,
    LinkColumn,
    NumberColumn,
    StateColumn,
    Table,
    TickColumn,
)


class PaperTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("title"))
    occupation = tables.Column(accessor="occupation__name", order_by="occupation__code")
    level = tables.Column()
    group = tables.Column()
    variants = NumberColumn(verbose_name=_("parallel forms"))
    total = NumberColumn()
    by = tables.Column(accessor="by__name", order_by="by__name")
    at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Paper
        fields = "title occupation level group variants total by at state".split()
        sequence = fields


class PaperFilter(filters.FilterSet):
    q = filters.CharFilter(method="find", label=_("title"))
    occupation = CodeFilter(
        field_name="occupation", label=_("occupation"), kind=CodeList.Kind.OCCUPATION
    )
    level = filters.ChoiceFilter(choices=Level.choices, label=_("skill level"))
    state = filters.ChoiceFilter(choices=Paper.State.choices, label=_("state"))

    class Meta:
        model = Paper
        fields = "q occupation level state".split()

    def find(self, rows: QuerySet[Paper], name: str, value: str) -> QuerySet[Paper]:
        named = Q(title_zh__icontains=value) | Q(title_en__icontains=value)
        return rows.filter(named | Q(group__icontains=value))


class ChoiceTable(Table):
    tick = TickColumn("version")
    title = LinkColumn(verbose_name=_("wording of the item"), order_by="text")
    kind = tables.Column()
    level = tables.Column(
        accessor="item__get_level_display", order_by="item__level", verbose_name=_("skill level")
    )
    difficulty = tables.Column(
        accessor="item__get_difficulty_display",
        order_by="item__difficulty",
        verbose_name=_("difficulty"),
    )

    class Meta:
        model = Version
        fields = "tick title kind level difficulty".split()
        sequence = fields


class ChoiceFilter(filters.FilterSet):
    q = filters.CharFilter(
        field_name="text", lookup_expr="icontains", label=_("wording of the item")
    )
    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("kind"))
    occupation = CodeFilter(
        field_name="item__occupation", label=_("occupation"), kind=CodeList.Kind.OCCUPATION
    )
    level = filters.ChoiceFilter(
        field_name="item__level", choices=Level.choices, label=_("skill level")
    )
    skill = filters.ModelChoiceFilter(
        queryset=Skill.objects.exclude(tested=None).distinct(), method="testing", label=_("skill")
    )
    difficulty = filters.ChoiceFilter(
        field_name="item__difficulty", choices=Difficulty.choices, label=_("difficulty")
    )

    class Meta:
        model = Version
        fields = "q kind occupation level skill difficulty".split()

    def testing(self, rows: QuerySet[Version], name: str, value: Skill) -> QuerySet[Version]:
        return rows.filter(Exists(Tested.objects.filter(item=OuterRef("item"), skill=value)))
