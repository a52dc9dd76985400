"""From a plan to its appraisal, and from one term to the next."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.appraisals.models import Evidence, Item, Mark, Renewal, Year
from silian.governance.bodies.models import Body
from silian.governance.bodies.services import renew_body, tell_host
from silian.governance.bodykinds.models import Grade
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.services import DOCUMENTS, store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

if TYPE_CHECKING:
    from django.forms import BaseModelFormSet

State = Year.State

# --- the plan and its result ------------------------------------------------------------


@transaction.atomic
def save_plan(year: Year, *, items: "BaseModelFormSet[Item, Any]", by: User) -> Year:
    """Keep the draft of a plan with its items."""
    _hold(year)
    try:
        with transaction.atomic():
            year.save()
    except IntegrityError as error:  # somebody else began the same year
        raise IllegalMove(f"{year} is there already") from error
    items.instance = year  # type: ignore[attr-defined]
    items.save()
    record(year, gettext_noop("Plan written"), by=by)
    return year


@transaction.atomic
def file_plan(year: Year, *, by: User) -> None:
    """Publish the plan; the secretariat is told."""
    move(year, State.PLANNED, by=by, planned_at=clock.now(), answer="")
    _tell_secretariat(year, gettext_noop("The plan of “%(body)s” for %(year)s is filed."))


@transaction.atomic
def save_result(year: Year, *, items: "BaseModelFormSet[Item, Any]", by: User) -> None:
    """Keep what came of the plan so far."""
    _hold(year)
    year.save(update_fields=["result"])
    items.save()
    record(year, gettext_noop("Result written"), by=by)


@transaction.atomic
def file_result(year: Year, *, by: User) -> None:
    """Hand the result to the secretariat."""
    move(year, State.REPORTED, by=by, reported_at=clock.now(), answer="")
    _tell_secretariat(year, gettext_noop("The result of “%(body)s” for %(year)s is filed."))


@transaction.atomic
def send_back(year: Year, *, by: User, why: str) -> None:
    """Ask for a change of what was filed last, the plan or the result."""
    before = State.DRAFT if year.state == State.PLANNED else State.PLANNED
    move(year, before, by=by, why=why, answer=why)
    message = gettext_noop("“%(body)s”, %(year)s: the secretariat asks for a change: %(why)s")
    _tell_body(year, message, why=why)


@transaction.atomic
def add_evidence(year: Year, *, by: User, caption: str, file: "UploadedFile[bytes]") -> Evidence:
    """Keep a file that shows what was done."""
    _hold(year)
    stored = store(file, by=by, kinds=DOCUMENTS)
    evidence = Evidence.objects.create(year=year, file=stored, caption=caption)
    record(year, gettext_noop("Evidence added"), by=by, why=caption)
    return evidence


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Take a file away before the result is filed."""
    _hold(evidence.year)
    record(evidence.year, gettext_noop("Evidence removed"), by=by, why=evidence.caption)
    evidence.delete()


# --- the appraisal ----------------------------------------------------------------------


@transaction.atomic
def mark(year: Year, *, by: User, score: int, reason: str) -> Mark:
    """Keep what one reviewer gives; a second time replaces the first."""
    _hold(year)
    facts = {"score": score, "reason": reason, "at": clock.now()}
    given, _new = Mark.objects.update_or_create(year=year, reviewer=by, defaults=facts)
    record(given, gettext_noop("Score given"), by=by, score=score)  # not in the body's timeline
    return given


@transaction.atomic
def appraise(year: Year, *, by: User, grade: Grade, reasons: str, score: Decimal | None) -> None:
    """Publish the grade with its reasons; the host and the co-builders are told."""
    facts = {"grade": grade, "reasons": reasons, "score": score, "appraised_at": clock.now()}
    move(year, State.APPRAISED, by=by, why=f"{grade.name_zh}: {reasons}"[:500], **facts)
    message = gettext_noop("“%(body)s” was appraised for %(year)s: %(grade)s.")
    _tell_body(year, message, grade=both(grade))
    for helper in year.body.co_builders.all():
        notify(people_of(helper), message, **_words(year), grade=both(grade))


@transaction.atomic
def reopen(year: Year, *, by: User, why: str) -> None:
    """Take a published appraisal back, so that it can be corrected."""
    move(year, State.REPORTED, by=by, why=why, grade=None, score=None, reasons="")
    _tell_body(
        year, gettext_noop("“%(body)s”, %(year)s: the appraisal was taken back: %(why)s"), why=why
    )


# --- another term -----------------------------------------------------------------------


@transaction.atomic
def ask_renewal(renewal: Renewal, *, by: User) -> Renewal:
    """Ask the secretariat for another term."""
    renewal.asked_by = by
    try:
        with transaction.atomic():
            renewal.save()
    except IntegrityError as error:
        raise IllegalMove(f"{renewal.body} asks for a new term already") from error
    body = renewal.body
    record(body, gettext_noop("New term asked for"), by=by, until=str(renewal.until))
    message = gettext_noop("“%(body)s” asks for a new term.")
    notify(secretaries_of(body.consortium), message, url=_page(body), body=both(body))
    return renewal


@transaction.atomic
def grant(renewal: Renewal, *, by: User, why: str = "") -> None:
    """Give the body its new term."""
    move(renewal, Renewal.State.GRANTED, by=by, answer=why, why=why, decided_at=clock.now())
    renew_body(renewal.body, by=by, until=renewal.until, why=why)


@transaction.atomic
def decline(renewal: Renewal, *, by: User, why: str) -> None:
    """Say no; the body runs on to the end of its term."""
    move(renewal, Renewal.State.DECLINED, by=by, answer=why, why=why, decided_at=clock.now())
    message = gettext_noop("No new term for “%(body)s”: %(why)s")
    tell_host(renewal.body, message, why=why)


@transaction.atomic
def withdraw(renewal: Renewal, *, by: User, why: str = "") -> None:
    """The body no longer asks for it."""
    move(renewal, Renewal.State.WITHDRAWN, by=by, why=why, decided_at=clock.now())


def _hold(year: Year) -> None:
    """Lock the row; IllegalMove where it has left the state that ``year`` was read in."""
    if year.pk and Year.objects.select_for_update().get(pk=year.pk).state != year.state:
        raise IllegalMove(f"{year} has moved on")


def _page(body: Body) -> str:
    return reverse("appraisals:year_index", args=[body.consortium, body.pk])


def _tell_secretariat(year: Year, message: str) -> None:
    notify(secretaries_of(year.body.consortium), message, **_words(year))


def _tell_body(year: Year, message: str, **params: Any) -> None:
    body = year.body
    to = people_of(body.host) if body.host else secretaries_of(body.consortium)
    notify(to, message, **_words(year), **params)


def _words(year: Year) -> dict[str, Any]:
    return {"url": year.get_absolute_url(), "body": both(year.body), "year": str(year.year)}
