import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from silian.industry.watches.models import Watch
from silian.kernel.ui.listing import DateColumn, LinkColumn, Table


class WatchTable(Table):
    name = LinkColumn()
    where = tables.Column(
        accessor="consortium__short_name",
        order_by="consortium__short_name_zh",
        verbose_name=_("consortium"),
        default=_("All consortia"),
    )
    rhythm = tables.Column()
    looked_at = DateColumn()

    class Meta:
        model = Watch
        fields = "name where rhythm looked_at".split()
