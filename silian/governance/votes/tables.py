"""The votes by correspondence."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from silian.governance.motions.models import Motion
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class LetterTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("motion"))
    organ = tables.Column()
    matter = tables.Column()
    closes_at = DateColumn()
    answered = NumberColumn(verbose_name=_("answers"), orderable=False)
    asked = NumberColumn(verbose_name=_("asked"), orderable=False)
    state = StateColumn()

    class Meta:
        model = Motion
        fields = "title organ matter closes_at answered asked state".split()
        sequence = fields
