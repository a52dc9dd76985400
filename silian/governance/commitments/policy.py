"""Who may see what was promised, report it, accept it, and evaluate an agreement."""

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.agreements.policy import parties_of, units_of, visible_agreements
from silian.governance.commitments.models import Assessment, Commitment, Evaluation, Evidence
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict

State = Commitment.State


def visible_commitments(user: Viewer) -> QuerySet[Commitment]:
    """All parties of the agreement see them, and the secretariat; nobody else."""
    rows = Commitment.objects.filter(concerned(user))
    return rows.select_related("agreement__consortium", "owner", "checker")


def visible_evidence(user: Viewer) -> QuerySet[Evidence]:
    found = visible_commitments(user).values("pk")
    return Evidence.objects.filter(commitment__in=found).select_related("file")


def visible_evaluations(user: Viewer) -> QuerySet[Evaluation]:
    """With their ``assessments``, which the parties read of one another."""
    rows = Evaluation.objects.filter(concerned(user)).select_related("agreement__consortium")
    given = Assessment.objects.select_related("organisation", "by")
    parties = "agreement__party_set__organisation"
    return rows.prefetch_related(Prefetch("assessments", queryset=given), parties)


def concerned(user: Viewer) -> Q:
    """Rows of an ``agreement`` that ``user`` is a party of, or looks after."""
    mine = Party.objects.filter(organisation__in=organisations_of(user)).values("agreement")
    return Q(agreement__in=mine) | Q(agreement__consortium__in=secretariats_of(user))


def agreements_of(user: Viewer) -> QuerySet[Agreement]:
    """Agreements that ``user`` is concerned with; that others are public is not enough here."""
    mine = Q(
        pk__in=Party.objects.filter(organisation__in=organisations_of(user)).values("agreement")
    )
    return visible_agreements(user).filter(mine | Q(consortium__in=secretariats_of(user)))


def signed_here(request: HttpRequest) -> QuerySet[Agreement]:
    """What was signed in the consortium whose page it is: public, and what a filter offers."""
    match = request.resolver_match
    consortium = match.kwargs["consortium"] if match else None
    return Agreement.objects.filter(consortium=consortium, signed_on__isnull=False, amends=None)


def may_see(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` see what follows from ``agreement``?"""
    if is_secretary(user, agreement.consortium) or parties_of(user, agreement):
        return YES
    return Verdict(_("Only the parties and the secretariat can see this."))


def speakers(user: Viewer, agreement: Agreement) -> QuerySet[Organisation]:
    """In whose name ``user`` can enter something: the secretariat in all, a party in its own."""
    parties = Organisation.objects.filter(agreements=agreement).order_by("party__order", "pk")
    if is_secretary(user, agreement.consortium):
        return parties
    return parties.filter(pk__in=organisations_of(user))


def may_add(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` enter what somebody has to do? Each party may for itself."""
    verdict = may_see(user, agreement)
    if verdict and agreement.state != Agreement.State.SIGNED:
        return Verdict(_("Only an agreement that is in force binds anybody."))
    if verdict and agreement.amends_id:
        return Verdict(_("What an amendment brings is entered at its original."))
    return verdict


def may_report(user: Viewer, commitment: Commitment) -> Verdict:
    """May ``user`` say that it is done?"""
    if not acts_for(user, commitment.owner):
        return Verdict(_("Only who has to do it reports it."))
    if commitment.state not in Commitment.UNMET:
        return Verdict(_("This is reported or settled already."))
    return YES


def may_accept(user: Viewer, commitment: Commitment) -> Verdict:
    """May ``user`` accept or return what was reported?"""
    if not acts_for(user, commitment.checker):
        return Verdict(_("Only who accepts it can do this."))
    if commitment.state != State.REPORTED:
        return Verdict(_("Nothing was reported yet, or it is settled."))
    return YES


def may_waive(user: Viewer, commitment: Commitment) -> Verdict:
    """Whoever it is done for may do without it."""
    if not acts_for(user, commitment.checker):
        return Verdict(_("Only who accepts it can do this."))
    if commitment.state in (State.MET, State.WAIVED):
        return Verdict(_("This is settled already."))
    return YES


def may_miss(user: Viewer, commitment: Commitment) -> Verdict:
    """May ``user`` put down that it was not done in time?"""
    secretary = is_secretary(user, commitment.agreement.consortium)
    if not (secretary or acts_for(user, commitment.checker)):
        return Verdict(_("Only who accepts it and the secretariat can do this."))
    if not commitment.is_overdue:
        return Verdict(_("Its day has not passed, or it is reported or settled."))
    return YES


def may_open(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` ask the parties for this year's evaluation?"""
    verdict = may_open_all(user, agreement.consortium)
    if verdict and (agreement.state != Agreement.State.SIGNED or agreement.amends_id):
        return Verdict(_("Only an agreement that is in force is evaluated."))
    if verdict and agreement.evaluations.filter(year=clock.today().year).exists():
        return Verdict(_("This year's evaluation is open or concluded."))
    return verdict


def may_open_all(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` ask the parties of all agreements?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def unanswered(evaluation: Evaluation) -> list[Organisation]:
    """The parties that have not answered yet."""
    given = {assessment.organisation_id for assessment in evaluation.assessments.all()}
    units = units_of(evaluation.agreement.party_set.all())
    return [unit for unit in units if unit.pk not in given]


def answering_for(user: Viewer, evaluation: Evaluation) -> list[Organisation]:
    """The parties that ``user`` still has to answer for."""
    return [party for party in unanswered(evaluation) if acts_for(user, party)]


def may_assess(user: Viewer, evaluation: Evaluation) -> Verdict:
    if evaluation.state != Evaluation.State.OPEN:
        return Verdict(_("This evaluation is concluded."))
    if not answering_for(user, evaluation):
        return Verdict(_("Your organisation has answered, or is no party."))
    return YES


def may_conclude(user: Viewer, evaluation: Evaluation) -> Verdict:
    """May ``user`` conclude it? Once all have answered, or the day for answers has passed."""
    verdict = may_open_all(user, evaluation.agreement.consortium)
    if verdict and evaluation.state != Evaluation.State.OPEN:
        return Verdict(_("This evaluation is concluded."))
    early = clock.today() <= evaluation.answer_until
    if verdict and early and unanswered(evaluation):
        return Verdict(_("Not all parties have answered yet."))
    return verdict
