"""Marks of the office and what a panel gives. Each function is one thing somebody does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.panels import policy
from silian.education.panels.models import FEWEST_EXPERTS, Given, Opinion, Review, Ruling, Seat
from silian.education.skillappraisals.models import Appraisal, Entry, Exemption
from silian.education.skillappraisals.services import tell
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Said:
    """One of the three."""

    points: Decimal | None = None
    passed: bool | None = None
    absent: bool = False


@transaction.atomic
def give(
    appraisal: Appraisal,
    part: str,
    marks: Iterable[tuple[Entry, Said]],
    *,
    reason: str = "",
    by: User,
) -> int:
    """Write marks down; what is unchanged stays checked. How many are new or different?"""
    known = {
        one.entry_id: one
        for one in policy.given_for(appraisal, part).select_for_update(of=("self",))
    }
    changed = 0
    for entry, said in marks:
        row = known.get(entry.pk) or Given(entry=entry, part=part)
        before = Said(row.points, row.passed, row.absent)
        if row.pk and before == said:
            continue
        row.points, row.passed, row.absent = said.points, said.passed, said.absent
        row.reason, row.by, row.at, row.checked_by, row.checked_at = (
            reason,
            by,
            clock.now(),
            None,
            None,
        )
        row.save()
        changed += 1
        words = {"part": part, "was": _told(before), "to": _told(said), "why": reason}
        record(entry, gettext_noop("Mark of the office given"), by=by, **words)
    return changed


def _told(said: Said) -> str:
    if said.absent:
        return "absent"
    return str(said.points if said.points is not None else said.passed)


@transaction.atomic
def check(appraisal: Appraisal, part: str, *, seen: datetime, by: User) -> int:
    """A second person has compared all that others had given when the page was ``seen``."""
    waiting = policy.to_check(by, appraisal, part).filter(at__lte=seen)
    keys = list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
    done = Given.objects.filter(pk__in=keys, checked_by=None, at__lte=seen)
    count = done.update(checked_by=by, checked_at=clock.now())
    record(appraisal, gettext_noop("Marks of the office checked"), by=by, part=part, count=count)
    return count


@transaction.atomic
def exempt(exemption: Exemption, *, by: User) -> Exemption:
    exemption.by = by
    exemption.save()
    words = {"part": exemption.part, "why": exemption.grounds}
    record(exemption.entry, gettext_noop("Exempted from a part"), by=by, **words)
    return exemption


@transaction.atomic
def take_exemption_back(exemption: Exemption, *, by: User) -> None:
    record(exemption.entry, gettext_noop("Exemption taken back"), by=by, part=exemption.part)
    exemption.delete()


# --- the panel --------------------------------------------------------------------------
@transaction.atomic
def appoint(seat: Seat, *, by: User) -> Seat:
    """The first one is the chief unless another is named."""
    if seat.chief:
        seat.appraisal.seats.update(chief=False)
    seat.chief = seat.chief or not seat.appraisal.seats.exists()
    seat.save()
    record(seat.appraisal, gettext_noop("Expert appointed"), by=by, expert=str(seat.user))
    message = gettext_noop("You are on the panel of “%(appraisal)s”.")
    tell(seat.appraisal, [seat.user], message, url=seat.get_absolute_url())
    return seat


@transaction.atomic
def dismiss(seat: Seat, *, by: User) -> None:
    record(seat.appraisal, gettext_noop("Expert dismissed"), by=by, expert=str(seat.user))
    seat.delete()


@transaction.atomic
def opine(entry: Entry, *, points: Decimal, note: str = "", by: User) -> Review | None:
    """Give points; with the last of the panel the review is settled and stays."""
    Entry.objects.select_for_update().get(pk=entry.pk)
    seat = policy.seat_of(by, entry.appraisal)
    verdict = policy.may_opine(by, entry)
    if seat is None or not verdict:
        raise ValidationError(verdict.reason)
    Opinion.objects.update_or_create(
        seat=seat, entry=entry, defaults={"points": points, "note": note, "at": clock.now()}
    )
    return _settled(entry)


def _settled(entry: Entry) -> Review | None:
    seats = [
        seat
        for seat in policy.panel_of(entry.appraisal).select_related("appraisal")
        if policy.to_review(seat).filter(pk=entry.pk).exists()
    ]
    given = list(entry.opinions.filter(seat__in=seats).values_list("points", flat=True))
    if len(seats) < FEWEST_EXPERTS or len(given) < len(seats):
        return None
    mean = (sum(given, Decimal(0)) / len(given)).quantize(CENT, ROUND_HALF_UP)
    return Review.objects.create(entry=entry, mean=mean, difference=max(given) - min(given))


@transaction.atomic
def rule(entry: Entry, *, points: Decimal, reason: str, by: User) -> Ruling:
    verdict = policy.may_rule(by, entry)
    review = policy.reviewed(entry)
    if review is None or not verdict:
        raise ValidationError(verdict.reason or _("Not all experts have given their points."))
    ruling = Ruling.objects.create(review=review, points=points, reason=reason, by=by)
    record(entry, gettext_noop("Chief of the panel decided"), by=by, points=points, why=reason)
    return ruling


# --- for the apps above -----------------------------------------------------------------
def given_marks(appraisal: Appraisal) -> dict[tuple[int, str], Said]:
    """What the office gave and a second person checked, by entry and part."""
    rows = Given.objects.filter(entry__appraisal=appraisal, checked_by__isnull=False)
    return {(row.entry_id, row.part): Said(row.points, row.passed, row.absent) for row in rows}


def review_points(appraisal: Appraisal) -> dict[int, Decimal]:
    """What the panel came to, by entry; who waits for the chief is not here."""
    limit = Decimal(appraisal.terms.get("difference") or 100)
    found = {}
    rows = Review.objects.filter(entry__appraisal=appraisal).prefetch_related("rulings")
    for review in rows:
        rulings = list(review.rulings.all())
        if rulings:
            found[review.entry_id] = rulings[-1].points
        elif review.difference <= limit:
            found[review.entry_id] = review.mean
    return found
