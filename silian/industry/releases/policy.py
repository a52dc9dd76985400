"""Who may see demand releases, and who may prepare, correct and publish them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, is_secretary, secretariats_of
from silian.industry.releases.models import Line, Release
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

State = Release.State


class Counted(TypedDict):
    places: int | None  # of all its lines


def visible_releases(user: Viewer) -> "QuerySet[WithAnnotations[Release, Counted]]":
    """What was published is public; drafts are the secretariat's."""
    own = Q(consortium__in=secretariats_of(user))
    found = Release.objects.filter(Q(state__in=Release.PUBLIC) | own).select_related("consortium")
    return found.annotate(places=Sum("lines__places")).order_by("-year", "-version")


def visible_lines(user: Viewer, release: Release) -> QuerySet[Line]:
    """With what was needed of the same occupation the year before (``before``)."""
    last = release_of(release.consortium, release.year - 1)
    same = Line.objects.filter(release=last, occupation__code=OuterRef("occupation__code"))
    rows = release.lines.filter(release__in=visible_releases(user)).select_related("occupation")
    return rows.annotate(before=Subquery(same.values("places")[:1])).annotate(
        change=F("places") - F("before")
    )


def release_of(consortium: Consortium, year: int) -> Release | None:
    """The release that counts for ``year``."""
    found = Release.objects.filter(consortium=consortium, year=year, state=State.PUBLISHED)
    return found.first()


def all_published_lines() -> QuerySet[Line]:
    """The lines that count, of every year; they are public."""
    counting = Line.objects.filter(release__state=State.PUBLISHED)
    return counting.select_related("occupation", "release__consortium")


def published_lines(consortium: Consortium) -> QuerySet[Line]:
    return all_published_lines().filter(release__consortium=consortium)


def people_of_units(consortium: Consortium, kinds: Iterable[str] = ()) -> QuerySet[User]:
    """Who acts for a current member, of these kinds where some are given; the people to tell."""
    current = Membership.objects.current().filter(consortium=consortium)
    if kinds:
        current = current.filter(organisation__kind__in=list(kinds))
    acting = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=current.values("organisation")
    )
    return User.objects.filter(is_active=True, pk__in=acting.values("user"))


def suggested_period(consortium: Consortium) -> tuple[int, date, date]:
    """The year that has no release yet, and the twelve months to look back on."""
    today = clock.today()
    year = today.year + (release_of(consortium, today.year) is not None)
    return year, date(year - 1, 12, 1), min(date(year, 11, 30), today)


def may_prepare(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, release: Release) -> Verdict:
    return may_prepare(user, release.consortium) and _while(release, State.DRAFT)


def may_publish(user: Viewer, release: Release) -> Verdict:
    verdict = may_edit(user, release)
    if verdict and not release.foreword_zh.strip():
        return Verdict(_("The foreword is still to be written."))
    if verdict and not release.lines.exists():
        return Verdict(_("There is no line in it yet."))
    return verdict


def may_recount(user: Viewer, release: Release) -> Verdict:
    verdict = may_edit(user, release)
    if verdict and release.source:
        return Verdict(_("These figures were not counted here."))
    return verdict


def may_correct(user: Viewer, release: Release) -> Verdict:
    verdict = may_prepare(user, release.consortium) and _while(release, State.PUBLISHED)
    drafts = Release.objects.filter(consortium=release.consortium, state=State.DRAFT)
    if verdict and drafts.filter(year=release.year).exists():
        return Verdict(_("A draft for this year exists already."))
    return verdict


def may_drop(user: Viewer, release: Release) -> Verdict:
    return may_edit(user, release)


def _while(release: Release, state: str) -> Verdict:
    return YES if release.state == state else Verdict(_("The release is not in such a state."))
