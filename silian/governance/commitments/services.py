"""What happens to a commitment and to a yearly evaluation."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements.checks import years_after
from silian.governance.agreements.models import Agreement
from silian.governance.commitments.models import Assessment, Commitment, Evaluation, Evidence
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Commitment.State
REMIND_BEFORE = 14  # days
REMIND_AGAIN = 7
ANSWER_DAYS = 30


@transaction.atomic
def add_commitment(commitment: Commitment, *, by: User | None) -> Commitment:
    """Enter what a party has to do."""
    commitment.save()
    facts = {"owner": commitment.owner.name_zh, "due": str(commitment.due)}
    record(commitment, gettext_noop("Commitment entered"), by=by, **facts)
    _tell(commitment, commitment.owner, gettext_noop("%(title)s: to be done by %(due)s."))
    return commitment


@transaction.atomic
def report(
    commitment: Commitment, *, by: User, text: str, files: "Iterable[UploadedFile[bytes]]" = ()
) -> None:
    """Say that it is done, with what shows it; the other party accepts or returns it."""
    move(commitment, State.REPORTED, by=by, why=text, report=text, answer="", settled_on=None)
    for upload in files:
        file = store(upload, by=by)
        Evidence.objects.create(commitment=commitment, file=file, by=by)
        record(commitment, gettext_noop("Evidence added"), by=by, sha256=file.sha256)
    message = gettext_noop("%(owner)s reports: %(title)s. Please accept or return it.")
    _tell(commitment, commitment.checker, message)


@transaction.atomic
def accept(commitment: Commitment, *, by: User, why: str = "") -> None:
    """It was done as agreed."""
    _settle(commitment, State.MET, by=by, why=why)
    _tell(commitment, commitment.owner, gettext_noop("Accepted: %(title)s"))


@transaction.atomic
def send_back(commitment: Commitment, *, by: User, why: str) -> None:
    """It is not what was agreed; its owner does it again."""
    move(commitment, State.OPEN, by=by, why=why, answer=why)
    _tell(commitment, commitment.owner, gettext_noop("Returned: %(title)s. %(why)s"), why=why)


@transaction.atomic
def miss(commitment: Commitment, *, by: User, why: str) -> None:
    """It was not done in time."""
    _settle(commitment, State.MISSED, by=by, why=why)
    message = gettext_noop("Not done in time: %(title)s. %(why)s")
    _tell(commitment, commitment.owner, message, why=why)


@transaction.atomic
def waive(commitment: Commitment, *, by: User, why: str) -> None:
    """Whoever it was to be done for does without it."""
    _settle(commitment, State.WAIVED, by=by, why=why)
    message = gettext_noop("No longer asked for: %(title)s. %(why)s")
    _tell(commitment, commitment.owner, message, why=why)


def _settle(commitment: Commitment, to: str, *, by: User, why: str) -> None:
    move(commitment, to, by=by, why=why, answer=why, settled_on=clock.today())
    if commitment.yearly and not Commitment.objects.filter(follows=commitment).exists():
        _open_next(commitment)


def _open_next(commitment: Commitment) -> None:
    """The same a year later, as long as the agreement runs."""
    agreement = commitment.agreement
    due = years_after(commitment.due, 1)
    over = agreement.expires_on and due > agreement.expires_on
    if agreement.state != Agreement.State.SIGNED or over:
        return
    same = "agreement kind owner checker title_zh title_en criteria_zh criteria_en".split()
    facts: dict[str, Any] = {name: getattr(commitment, name) for name in same}
    add_commitment(Commitment(due=due, yearly=True, follows=commitment, **facts), by=None)


@transaction.atomic
def remind() -> int:
    """Remind the owners of what is due soon, once, and of what is overdue, every week."""
    today = clock.today()
    soon = Commitment.objects.filter(state=State.OPEN, due__lte=today + timedelta(REMIND_BEFORE))
    rows = soon.select_related("agreement__consortium", "owner").select_for_update(of=("self",))
    told = 0
    for commitment in rows:
        if _reminded_enough(commitment, today):
            continue
        commitment.reminded_on = today
        commitment.save(update_fields=["reminded_on"])
        late = gettext_noop("Overdue since %(due)s: %(title)s")
        coming = gettext_noop("Due on %(due)s: %(title)s")
        _tell(commitment, commitment.owner, late if commitment.due < today else coming)
        told += 1
    return told


def _reminded_enough(commitment: Commitment, today: date) -> bool:
    """One reminder before the day, and one a week once it has passed."""
    last = commitment.reminded_on
    if last is None:
        return False
    first_late = last <= commitment.due < today
    return not first_late and (commitment.due >= today or (today - last).days < REMIND_AGAIN)


@transaction.atomic
def open_evaluation(agreement: Agreement, *, by: User | None) -> Evaluation:
    """Ask every party how the year went."""
    today = clock.today()
    evaluation = Evaluation(
        agreement=agreement, year=today.year, answer_until=today + timedelta(ANSWER_DAYS)
    )
    try:
        with transaction.atomic():
            evaluation.save()
    except IntegrityError as error:
        raise IllegalMove(f"{evaluation} is open already") from error
    record(evaluation, gettext_noop("Yearly evaluation opened"), by=by)
    message = gettext_noop("How did the year go? Please evaluate: %(agreement)s")
    _tell_parties(evaluation, message)
    return evaluation


@transaction.atomic
def open_evaluations(consortium: Consortium, *, by: User) -> int:
    """Open this year's evaluation of every agreement in force that has none; how many?"""
    this_year = Evaluation.objects.filter(year=clock.today().year).values("agreement")
    found = Agreement.objects.signed().filter(consortium=consortium, amends=None)
    waiting = list(found.exclude(pk__in=this_year))
    for agreement in waiting:
        open_evaluation(agreement, by=by)
    return len(waiting)


@transaction.atomic
def assess(evaluation: Evaluation, organisation: Organisation, *, by: User, **said: Any) -> None:
    """Keep what one party says of the year; nobody says it twice."""
    held = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    answered = held.assessments.filter(organisation=organisation).exists()
    if held.state != Evaluation.State.OPEN or answered:
        raise IllegalMove(f"{evaluation} is concluded, or {organisation} has answered")
    Assessment.objects.create(evaluation=evaluation, organisation=organisation, by=by, **said)
    action = gettext_noop("Assessment given")
    record(evaluation, action, by=by, organisation=organisation.name_zh)
    consortium = evaluation.agreement.consortium
    message = gettext_noop("%(organisation)s has evaluated: %(agreement)s")
    words: dict[str, Any] = {
        "organisation": both(organisation),
        "agreement": both(evaluation.agreement, "title"),
    }
    notify(secretaries_of(consortium), message, url=evaluation.get_absolute_url(), **words)


@transaction.atomic
def conclude(evaluation: Evaluation, *, by: User, grade: str, conclusion: str) -> None:
    """The secretariat's grade and its reasons; the parties are told."""
    facts = {"grade": grade, "conclusion": conclusion, "concluded_on": clock.today()}
    move(evaluation, Evaluation.State.CONCLUDED, by=by, why=conclusion, **facts)
    _tell_parties(evaluation, gettext_noop("The yearly evaluation is concluded: %(agreement)s"))


def _tell_parties(evaluation: Evaluation, message: str) -> None:
    parties = Organisation.objects.filter(agreements=evaluation.agreement)
    people = [person for party in parties for person in people_of(party)]
    title = both(evaluation.agreement, "title")
    notify(people, message, url=evaluation.get_absolute_url(), agreement=title)


def _tell(commitment: Commitment, whom: Organisation, message: str, **params: Any) -> None:
    words: dict[str, Any] = {
        "title": both(commitment, "title"),
        "owner": both(commitment.owner),
        "due": commitment.due.isoformat(),
    }
    url = commitment.get_absolute_url()
    notify(people_of(whom), message, url=url, **words, **params)
