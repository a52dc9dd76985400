"""Which charter counts, and who may adopt a new version of it. Reading is for all."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.charters.models import Charter, Matter, MatterRule
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict


def charter_of(consortium: Consortium, on: date | None = None) -> Charter | None:
    """The newest version in force on that day (today); None where none was adopted yet."""
    return consortium.charters.filter(in_force_from__lte=on or clock.today()).first()


def visible_charters(user: Viewer) -> QuerySet[Charter]:
    """Every version is public: those of the past and those to come, too."""
    rows = Charter.objects.select_related("consortium")
    return rows.prefetch_related("seat_rules", "matter_rules", "weights")


def rule_for(charter: Charter, organ: str, matter: str) -> MatterRule:
    """What ``organ`` needs to decide ``matter``; the rule of ordinary matters where none is set.

    A charter that says nothing of this organ gets the defaults of MatterRule, unsaved.
    """
    rules = {rule.matter: rule for rule in charter.matter_rules.filter(organ=organ)}
    blank = MatterRule(charter=charter, organ=organ, matter=matter)
    return rules.get(matter) or rules.get(Matter.ORDINARY) or blank


def may_adopt(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` keep a new version of the charter of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))
