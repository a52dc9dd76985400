"""What can happen to a catalogue of shortages. Each function is one thing somebody does."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from silian.education.shortages.computing import entries_of
from silian.education.shortages.formula import formula_of
from silian.education.shortages.models import Adjustment, Catalogue, Entry, Setting
from silian.education.shortages.papers import digest_of
from silian.governance.consortia.models import Consortium
from silian.industry.releases.models import Release
from silian.industry.releases.policy import people_of_units, release_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Catalogue.State


@transaction.atomic
def prepare_catalogue(release: Release, *, by: User | None, reason: str = "") -> Catalogue:
    """A draft for the year of ``release``, computed with the formula in use."""
    consortium = release.consortium
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    known = Catalogue.objects.filter(consortium=consortium, year=release.year)
    known = known.exclude(state=State.DROPPED)
    catalogue = Catalogue.objects.create(
        consortium=consortium,
        year=release.year,
        version=(known.aggregate(Max("version"))["version__max"] or 0) + 1,
        release=release,
        formula={},
        reason=reason,
    )
    record(catalogue, gettext_noop("Catalogue prepared"), by=by, why=reason)
    _compute(catalogue)
    return catalogue


@transaction.atomic
def recompute_catalogue(catalogue: Catalogue, *, by: User) -> None:
    """From the release that counts now and the formula in use; adjustments are lost."""
    _held(catalogue)
    catalogue.release = release_of(catalogue.consortium, catalogue.year) or catalogue.release
    _compute(catalogue)
    record(catalogue, gettext_noop("Catalogue computed anew"), by=by)


@transaction.atomic
def edit_catalogue(catalogue: Catalogue, *, by: User) -> None:
    _held(catalogue)
    catalogue.save(update_fields=["foreword_zh", "foreword_en", "reason"])
    record(catalogue, gettext_noop("Catalogue edited"), by=by)


@transaction.atomic
def adjust_entry(entry: Entry, *, stars: int, level: int, reason: str, by: User) -> Adjustment:
    """Put ``entry`` elsewhere than the formula did; what it computed stays beside it."""
    _held(entry.catalogue)
    before = Entry.objects.select_for_update().get(pk=entry.pk)
    made = Adjustment.objects.create(
        entry=before,
        stars_before=before.stars,
        level_before=before.level,
        stars=stars,
        level=level,
        reason=reason,
        by=by,
        at=clock.now(),
    )
    before.stars, before.level = stars, level
    before.save(update_fields=["stars", "level"])
    about = {"occupation": before.occupation.name_zh, "stars": stars, "level": level}
    record(entry.catalogue, gettext_noop("Entry adjusted"), by=by, why=reason, **about)
    return made


@transaction.atomic
def publish_catalogue(catalogue: Catalogue, *, by: User) -> None:
    """Freeze and publish; the version before it stays readable as replaced."""
    same_year = Catalogue.objects.filter(consortium=catalogue.consortium, year=catalogue.year)
    for before in same_year.filter(state=State.PUBLISHED).select_for_update():
        move(before, State.REPLACED, by=by, why=catalogue.reason)
    digest = digest_of(_held(catalogue))
    move(catalogue, State.PUBLISHED, by=by, published_at=clock.now(), digest=digest)
    message = gettext_noop("%(body)s publishes its catalogue of shortages of %(year)s.")
    body = both(catalogue.consortium, "short_name")
    to, url = people_of_units(catalogue.consortium), catalogue.get_absolute_url()
    notify(to, message, url=url, body=body, year=catalogue.year)


@transaction.atomic
def correct_catalogue(catalogue: Catalogue, *, reason: str, by: User) -> Catalogue:
    """A draft of the next version, computed anew, with the foreword of this one."""
    release = release_of(catalogue.consortium, catalogue.year) or catalogue.release
    draft = prepare_catalogue(release, by=by, reason=reason)
    draft.foreword_zh, draft.foreword_en = catalogue.foreword_zh, catalogue.foreword_en
    draft.save(update_fields=["foreword_zh", "foreword_en"])
    return draft


def drop_catalogue(catalogue: Catalogue, *, by: User) -> None:
    move(catalogue, State.DROPPED, by=by)


@transaction.atomic
def set_formula(setting: Setting, *, by: User) -> Setting:
    """Let a consortium weigh differently from now on; earlier catalogues keep what they had."""
    Consortium.objects.select_for_update().get(pk=setting.consortium_id)
    known = Setting.objects.filter(consortium=setting.consortium_id)
    setting.number = (known.aggregate(Max("number"))["number__max"] or 0) + 1
    setting.by = by
    setting.save()
    action = gettext_noop("Formula of shortages set")
    record(setting.consortium, action, by=by, why=setting.reason, **setting.weights)
    return setting


def _compute(catalogue: Catalogue) -> None:
    catalogue.formula = formula_of(catalogue.consortium)
    entries, catalogue.supply_year = entries_of(catalogue.release, catalogue.formula)
    catalogue.computed_at = clock.now()
    catalogue.save(update_fields=["formula", "supply_year", "computed_at", "release"])
    catalogue.entries.all().delete()
    for entry in entries:
        entry.catalogue = catalogue
    Entry.objects.bulk_create(entries)


def _held(catalogue: Catalogue) -> Catalogue:
    """The draft as it stands, held until the end; IllegalMove where it is no draft any more."""
    held = Catalogue.objects.select_for_update().get(pk=catalogue.pk)
    if held.state != State.DRAFT:
        raise IllegalMove(f"{catalogue} is {held.state}")
    return held
