"""The security administrator's list."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.kernel.accounts.models import User
from silian.kernel.ui.listing import DateColumn, LinkColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class PersonTable(Table):
    name = LinkColumn(to=lambda person: reverse("accounts:person_detail", args=[person.pk]))
    last_login = DateColumn()
    is_active = tables.Column(verbose_name=gettext_lazy("account"))

    class Meta:
        model = User
        fields = ["name", "username", "phone", "email", "duty", "last_login", "is_active"]

    def render_is_active(self, value: bool) -> SafeString:
        return badge(_("Active"), "green") if value else badge(_("Locked"), "red")

    def value_is_active(self, value: bool) -> str:
        return _("Active") if value else _("Locked")
