"""Who may merge records of one organisation, and which look like one."""

import re
import unicodedata
from collections import defaultdict

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.directory.models import Former
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import Viewer, is_system_administrator, secretariats_of
from silian.kernel.verdicts import YES, Verdict

FORMS = re.compile("股份有限公司|有限责任公司|有限公司|总公司|公司|厂")
MARKS = re.compile(r"[\W_]+")


def visible_formers(user: Viewer) -> QuerySet[Former]:
    """The old address of a merged record leads everybody on."""
    return Former.objects.select_related("organisation", "by")


def may_look_for_doubles(user: Viewer) -> Verdict:
    if is_system_administrator(user) or secretariats_of(user):
        return YES
    return Verdict(_("Only a secretariat or the system administrator can do this."))


def may_merge(user: Viewer, *records: Organisation) -> Verdict:
    """The system administrator may, and a secretariat where no other consortium is concerned."""
    if is_system_administrator(user):
        return YES
    concerned = Membership.objects.running().filter(organisation__in=records)
    others = concerned.exclude(consortium__in=secretariats_of(user))
    if secretariats_of(user) and not others.exists():
        return YES
    return Verdict(
        _("Other consortia are concerned too: only the system administrator can merge these.")
        if secretariats_of(user)
        else _("Only a secretariat or the system administrator can do this.")
    )


def may_part(user: Viewer, kept: Former) -> Verdict:
    return may_merge(user, kept.organisation)


def doubles(rows: QuerySet[Organisation]) -> list[list[Organisation]]:
    """Groups of records that look like one: the same name but for its form, width and marks."""
    groups: dict[str, list[int]] = defaultdict(list)
    for key, name in rows.order_by("pk").values_list("pk", "name_zh"):
        groups[core_of(name)].append(key)
    found = [keys for core, keys in groups.items() if core and len(keys) > 1]
    by_key = rows.in_bulk([key for keys in found for key in keys])
    return [[by_key[key] for key in keys] for keys in found]


def core_of(name: str) -> str:
    """A name without what is written in many ways, such as width and 有限公司."""
    plain = MARKS.sub("", unicodedata.normalize("NFKC", name).lower())
    return FORMS.sub("", plain)
