"""The vocabulary is public; secretariats and the system administrator keep it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import Viewer, secretariats_of
from silian.industry.occupations.models import Former, Skill
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict


def visible_skills(user: Viewer) -> QuerySet[Skill]:
    return Skill.objects.all()


def visible_formers(user: Viewer) -> QuerySet[Former]:
    """What became of skills that were merged into others."""
    return Former.objects.select_related("skill")


def may_keep(user: Viewer) -> Verdict:
    """May ``user`` add skills, change their words and merge doubles?"""
    system = isinstance(user, User) and user.duty == User.Duty.SYSTEM
    if system or secretariats_of(user):
        return YES
    return Verdict(_("Only a secretariat or the system administrator can do this."))
