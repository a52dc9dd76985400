"""Who hands in, who gives an opinion, who ends a review, and who approves and publishes."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silian.education.authoring.models import Comment, Contributor
from silian.education.authoring.policy import has_written
from silian.education.reviewing.models import Review, Reviewer
from silian.education.rulebook.rules import findings
from silian.education.standards.models import Edition
from silian.education.standards.policy import may_administer, writes_for
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodies.policy import people_of_body
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, is_secretary, manages, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

KIND = "specialty_committee"
State = Edition.State


def visible_reviews(user: User) -> QuerySet[Review]:
    """The school that handed it in, whoever writes with it, the committee and the secretariat."""
    school = Q(edition__standard__programme__school__in=writes_for(user))
    secretariat = Q(edition__standard__consortium__in=secretariats_of(user))
    asked = Q(reviewers__appointment__user=user)
    written = Q(edition__contributors__user=user)
    keys = Review.objects.filter(school | secretariat | asked | written).values("pk")
    rows = Review.objects.filter(pk__in=keys)
    related = "edition__standard__consortium edition__standard__programme__school body handed_in_by"
    return rows.select_related(*related.split())


def visible_reviewers(user: User, review: Review) -> QuerySet[Reviewer]:
    return review.reviewers.select_related(
        "appointment__organisation", "appointment__user", "appointment__role", "by"
    )


def visible_committees(user: Viewer, consortium: Consortium) -> QuerySet[Body]:
    """The specialty teaching committees that work here."""
    return Body.objects.running().filter(consortium=consortium, kind__code=KIND)


def in_review(user: User) -> QuerySet[Review]:
    """Where ``user`` is of the committee, while and after it reviews."""
    return Review.objects.filter(reviewers__appointment__user=user)


def obstacles(edition: Edition) -> Iterator[str]:
    """Why ``edition`` cannot be handed in, in the reader's language."""
    yield from (finding.message for finding in findings(edition) if finding.blocks)
    count = Comment.objects.filter(edition=edition, settled_at=None).count()
    if count:
        yield ngettext(
            "%(n)d comment is not answered yet.", "%(n)d comments are not answered yet.", count
        ) % {"n": count}


def may_hand_in(user: Viewer, edition: Edition) -> Verdict:
    """May ``user`` bring the draft before a committee? Only when everything adds up."""
    verdict = may_administer(user, edition.standard)
    if verdict and edition.state != State.DRAFT:
        return Verdict(_("Only a draft can be handed in."))
    if verdict and (found := list(obstacles(edition))):
        return Verdict(found[0])
    return verdict


def may_give(user: Viewer, reviewer: Reviewer) -> Verdict:
    """May ``user`` enter this opinion? Reviewers their own; the secretariat what is on paper."""
    review, person = reviewer.review, reviewer.appointment.user
    own = person is not None and person == user
    on_paper = person is None and is_secretary(user, review.edition.standard.consortium)
    if not own and not on_paper:
        return Verdict(_("Each reviewer speaks for themselves."))
    if review.state != Review.State.OPEN:
        return Verdict(_("The review has ended."))
    if reviewer.avoids or (isinstance(person, User) and has_written(person, review.edition)):
        return Verdict(_("Who helped to write an edition does not review it."))
    return YES


def may_end(user: Viewer, review: Review) -> Verdict:
    """May ``user`` draw the result? The chair and the secretariat, once enough have spoken."""
    chairs = review.reviewers.filter(appointment__user=user.pk, appointment__sole=True)
    if not is_secretary(user, review.edition.standard.consortium) and not chairs.exists():
        return Verdict(_("Only the chair of the committee and the secretariat can do this."))
    if review.state != Review.State.OPEN:
        return Verdict(_("The review has ended."))
    given = review.reviewers.exclude(view="").count()
    if given < review.quorum:
        facts = {"given": given, "quorum": review.quorum}
        return Verdict(_("%(given)s of %(quorum)s opinions needed are given.") % facts)
    return YES


def may_withdraw(user: Viewer, review: Review) -> Verdict:
    verdict = may_administer(user, review.edition.standard)
    if verdict and review.state != Review.State.OPEN:
        return Verdict(_("The review has ended."))
    return verdict


def may_approve(user: Viewer, edition: Edition) -> Verdict:
    """May ``user`` approve for the school? Its managers may, after the committee."""
    if not manages(user, edition.standard.programme.school):
        return Verdict(_("Only a manager of the school can do this."))
    if edition.state != State.REVIEW or not passed(edition):
        return Verdict(_("The committee has not passed it yet."))
    return YES


def may_return(user: Viewer, edition: Edition) -> Verdict:
    """May ``user`` take it back to the table after the committee has passed it?"""
    verdict = may_administer(user, edition.standard)
    waiting = edition.state == State.APPROVED or (edition.state == State.REVIEW and passed(edition))
    if verdict and not waiting:
        return Verdict(_("It does not wait for the school."))
    return verdict


def may_publish(user: Viewer, edition: Edition) -> Verdict:
    verdict = may_administer(user, edition.standard)
    if verdict and edition.state != State.APPROVED:
        return Verdict(_("The school has not approved it yet."))
    return verdict


def passed(edition: Edition) -> bool:
    """Did the last review let it pass?"""
    last = edition.reviews.first()
    return last is not None and last.state == Review.State.PASSED


def avoiding(edition: Edition, appointments: list[Appointment]) -> set[int]:
    """Keys of those who helped to write it, by account or by name within the same organisation."""
    rows = Contributor.objects.filter(edition=edition, user__isnull=False).select_related("user")
    team = [row for row in rows if row.part in Contributor.WRITING or row.edits]
    people = {row.user_id for row in team}
    names = {(row.organisation_id, row.user.name) for row in team if row.user}
    return {
        one.pk
        for one in appointments
        if (one.user_id and one.user_id in people) or (one.organisation_id, one.name) in names
    }


def members_of(body: Body) -> list[Appointment]:
    """Everybody who serves in ``body`` today, each person once."""
    found: dict[object, Appointment] = {}
    for one in people_of_body(body):
        found.setdefault(one.user_id or (one.name, one.organisation_id), one)
    return list(found.values())
