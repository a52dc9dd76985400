"""What can happen to a demand release. Each function is one thing somebody does."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.industry.releases.counting import counted
from silian.industry.releases.models import Line, Release
from silian.industry.releases.papers import digest_of
from silian.industry.releases.policy import people_of_units
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Release.State


@transaction.atomic
def prepare_release(  # noqa: PLR0913  which year, counted how, by whom
    consortium: Consortium,
    *,
    year: int,
    starts_on: date,
    ends_on: date,
    by: User | None,
    source: str = "",
) -> Release:
    """A draft for ``year``: counted from the positions, or empty where figures have a source."""
    release = Release.objects.create(
        consortium=consortium,
        year=year,
        version=_next_version(consortium, year),
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
        made_by=by,
    )
    record(release, gettext_noop("Release prepared"), by=by)
    if not source:
        _count(release)
    return release


@transaction.atomic
def recount_release(release: Release, *, by: User) -> None:
    """Count the positions anew; what was changed by hand is lost with the old lines."""
    _held(release)
    _count(release)
    record(release, gettext_noop("Release counted anew"), by=by)


@transaction.atomic
def edit_release(release: Release, *, by: User) -> None:
    """Keep the foreword and what else a draft says of itself."""
    _held(release)
    release.save(update_fields=["foreword_zh", "foreword_en", "reason", "firms", "positions"])
    record(release, gettext_noop("Release edited"), by=by)


@transaction.atomic
def change_line(line: Line, *, places: int, remark: str, by: User) -> None:
    """Put another head count into a draft; the remark stays visible beside it."""
    _held(line.release)
    was = line.places
    line.places, line.remark = places, remark
    line.save(update_fields=["places", "remark"])
    action = gettext_noop("Line changed by hand")
    about = {"occupation": line.occupation.name_zh, "was": was, "to": places, "why": remark}
    record(line.release, action, by=by, **about)


@transaction.atomic
def fill_release(release: Release, lines: list[Line], *, by: User) -> None:
    """Replace the lines of a draft by figures that come from elsewhere."""
    _held(release)
    release.lines.all().delete()
    for line in lines:
        line.release = release
    Line.objects.bulk_create(lines)
    record(release, gettext_noop("Figures taken over"), by=by, lines=len(lines))


@transaction.atomic
def publish_release(release: Release, *, by: User) -> None:
    """Freeze and publish; the version before it stays readable as replaced."""
    same_year = Release.objects.filter(consortium=release.consortium, year=release.year)
    for before in same_year.filter(state=State.PUBLISHED).select_for_update():
        move(before, State.REPLACED, by=by, why=release.reason)
    digest = digest_of(_held(release))
    move(release, State.PUBLISHED, by=by, published_at=clock.now(), digest=digest)
    message = gettext_noop("%(body)s publishes what its members need in %(year)s.")
    body = both(release.consortium, "short_name")
    to = people_of_units(release.consortium)
    notify(to, message, url=release.get_absolute_url(), body=body, year=release.year)


@transaction.atomic
def correct_release(release: Release, *, reason: str, by: User) -> Release:
    """A draft of the next version that says what ``release`` says, to be changed and published."""
    lines = list(release.lines.all())
    draft = Release.objects.get(pk=release.pk)
    draft.pk, draft.version = None, _next_version(release.consortium, release.year)
    draft.reason, draft.digest, draft.published_at, draft.made_by = reason, "", None, by
    setattr(draft, "state", State.DRAFT)  # noqa: B010  a new row begins its life; nothing moves
    draft._state.adding = True
    draft.save()
    for line in lines:
        line.pk, line.release, line._state.adding = None, draft, True
    Line.objects.bulk_create(lines)
    record(draft, gettext_noop("Correction begun"), by=by, why=reason)
    return draft


def drop_release(release: Release, *, by: User) -> None:
    """Give a draft up."""
    move(release, State.DROPPED, by=by)


def _count(release: Release) -> None:
    found = counted(release.consortium, release.starts_on, release.ends_on)
    release.lines.all().delete()
    for line in found.lines:
        line.release = release
    Line.objects.bulk_create(found.lines)
    release.firms, release.positions = found.firms, found.positions
    release.counted_at = clock.now()
    release.save(update_fields=["firms", "positions", "counted_at"])


def _held(release: Release) -> Release:
    """The draft as it stands, held until the end; IllegalMove where it is no draft any more."""
    held = Release.objects.select_for_update().get(pk=release.pk)
    if held.state != State.DRAFT:
        raise IllegalMove(f"{release} is {held.state}")
    return held


def _next_version(consortium: Consortium, year: int) -> int:
    """Held by the consortium's row, so that two at once do not take the same number."""
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    known = Release.objects.filter(consortium=consortium, year=year).exclude(state=State.DROPPED)
    return (known.aggregate(Max("version"))["version__max"] or 0) + 1
