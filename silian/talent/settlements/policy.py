"""Who reads promises and settlements, who makes them, and who answers."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.contributions.models import Pledge
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.policy import concerned, may_take_part
from silian.talent.mentoring.statements import Quarter, quarters_of
from silian.talent.selections.policy import side_of
from silian.talent.settlements.models import Promise, Settlement, SettlementQuerySet

State = Settlement.State


def visible_promises(user: Viewer) -> QuerySet[Promise]:
    """Both sides and the secretariat."""
    rows = Promise.objects.filter(concerned(user, "cohort__"))
    return rows.select_related("cohort__consortium", "giver", "pledge")


def visible_settlements(user: Viewer) -> SettlementQuerySet:
    rows = Settlement.objects.filter(concerned(user, "cohort__"))
    return rows.select_related("cohort__consortium", "cohort__school", "cohort__enterprise", "by")


def settlements_in(user: Viewer, consortium: Consortium) -> SettlementQuerySet:
    """The latest version of every quarter that concerns ``user``."""
    return visible_settlements(user).filter(cohort__consortium=consortium).standing()


def givers_for(user: Viewer, cohort: Cohort) -> QuerySet[Organisation]:
    """In whose name ``user`` can promise."""
    sides = {cohort.school_id, *(firm.pk for firm in cohort.firms)}
    if not is_secretary(user, cohort.consortium):
        sides &= organisations_of(user)
    return Organisation.objects.filter(pk__in=sides)


def pledges_for(cohort: Cohort) -> QuerySet[Pledge]:
    """What the ledger of the agreement holds, in yuan."""
    return Pledge.objects.standing().filter(
        agreement=cohort.agreement_id, kind__in=["money", "equipment"], unit="yuan"
    )


def quarters_to_settle(cohort: Cohort) -> list[Quarter]:
    """Quarters that are over and have no settlement yet."""
    done = set(cohort.settlements.standing().values_list("year", "quarter"))
    today = clock.today()
    return [
        quarter
        for quarter in quarters_of(cohort, today)
        if quarter.last < today and (quarter.year, quarter.number) not in done
    ]


def may_promise(user: Viewer, cohort: Cohort) -> Verdict:
    verdict = may_take_part(user, cohort)
    if verdict and cohort.state in (Cohort.State.FINISHED, Cohort.State.CANCELLED):
        return Verdict(_("This cohort is over."))
    return verdict


def may_change(user: Viewer, promise: Promise) -> Verdict:
    """What was settled once stays as it was promised."""
    verdict = may_promise(user, promise.cohort)
    if verdict and promise.giver_id not in givers_for(user, promise.cohort).values_list(
        "pk", flat=True
    ):
        return Verdict(_("Only the one who promised it can do this."))
    if verdict and promise.lines.exists():
        return Verdict(_("It stands in a settlement already."))
    return verdict


def may_make(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` draw up the settlement of a quarter that is over?"""
    verdict = may_take_part(user, cohort)
    if verdict and not cohort.promises.exists():
        return Verdict(_("Nothing is promised that could be settled."))
    if verdict and cohort.state not in (Cohort.State.RUNNING, Cohort.State.FINISHED):
        return Verdict(_("Only a cohort that has begun is settled."))
    if verdict and not quarters_to_settle(cohort):
        return Verdict(_("Every quarter that is over is settled or being settled."))
    return verdict


def may_answer(user: Viewer, settlement: Settlement) -> Verdict:
    """Each side answers once."""
    side = side_of(user, settlement.cohort)
    if not side:
        return Verdict(_("Only the school and the enterprises answer."))
    if settlement.state != State.OPEN:
        return Verdict(_("This settlement is not waiting for an answer."))
    if settlement.answers.filter(side=side).exists():
        return Verdict(_("Your side has answered already."))
    return YES


def may_correct(user: Viewer, settlement: Settlement) -> Verdict:
    """Whoever takes part can correct what was objected to, by a new version."""
    verdict = may_take_part(user, settlement.cohort)
    if verdict and settlement.state != State.OBJECTED:
        return Verdict(_("Only what was objected to is corrected."))
    return verdict
