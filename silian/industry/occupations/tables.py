"""The vocabulary: columns and filters."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.industry.occupations.models import Skill
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table


class SkillTable(Table):
    name_zh = tables.Column()
    name_en = tables.Column()
    kind = tables.Column()
    asked = NumberColumn(verbose_name=_("published positions that ask for it"))

    class Meta:
        model = Skill
        fields = ["name_zh", "name_en", "kind", "asked"]
        sequence = fields


class KeptSkillTable(SkillTable):
    """For those who may change it, the name leads to the form."""

    name_zh = LinkColumn()

    class Meta(SkillTable.Meta):
        pass


class SkillFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name"))
    kind = filters.ChoiceFilter(choices=Skill.Kind.choices)

    class Meta:
        model = Skill
        fields = ["q", "kind"]

    def search(self, rows: QuerySet[Skill], name: str, value: str) -> QuerySet[Skill]:
        return rows.filter(Q(name_zh__icontains=value) | Q(name_en__icontains=value))
