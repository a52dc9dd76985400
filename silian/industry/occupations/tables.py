"""The vocabulary: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.industry.occupations.models import Skill
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table


class SkillTable(Table):
    """Its export has the columns that the import reads."""

    name_zh = LinkColumn()
    name_en = tables.Column()
    kind = tables.Column()
    synonyms = tables.Column(empty_values=(), orderable=False, verbose_name=_("synonyms"))
    occupations = tables.Column(empty_values=(), orderable=False, verbose_name=_("occupations"))
    asked = NumberColumn(verbose_name=_("published positions that ask for it"))

    class Meta:
        model = Skill
        fields = ["name_zh", "name_en", "kind", "synonyms", "occupations", "asked"]
        sequence = fields

    def render_synonyms(self, record: Skill) -> str:
        return "、".join(synonym.text for synonym in record.synonyms.all())

    def render_occupations(self, record: Skill) -> str:
        return "、".join(code.name for code in record.occupations.all())

    def value_occupations(self, record: Skill) -> str:
        return "、".join(code.code for code in record.occupations.all())


class SkillFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name or synonym"))
    kind = filters.ChoiceFilter(choices=Skill.Kind.choices)
    occupation = CodeFilter(
        field_name="occupations", kind=CodeList.Kind.OCCUPATION, label=_("occupation")
    )

    class Meta:
        model = Skill
        fields = ["q", "kind", "occupation"]

    def search(self, rows: QuerySet[Skill], name: str, value: str) -> QuerySet[Skill]:
        found = Skill.objects.filter(
            Q(name_zh__icontains=value)
            | Q(name_en__icontains=value)
            | Q(synonyms__text__icontains=value)
        )
        return rows.filter(pk__in=found.values("pk"))

    def filter_queryset(self, queryset: QuerySet[Skill]) -> QuerySet[Any]:
        """A skill of two occupations below the chosen one is listed once."""
        rows = super().filter_queryset(queryset)
        return queryset.filter(pk__in=rows.values("pk"))
