import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from silian.governance.petitions.models import Petition
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, Table


class PetitionTable(Table):
    title = LinkColumn()
    organ = tables.Column()
    supporters = NumberColumn(verbose_name=_("units that support it"))
    at = DateColumn()
    meeting = tables.Column(
        accessor="meeting__title", order_by="meeting", verbose_name=_("meeting")
    )

    class Meta:
        model = Petition
        fields = ["title", "organ", "supporters", "at", "meeting"]
        sequence = fields
