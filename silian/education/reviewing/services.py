"""From the draft to the committee, to the school's approval, to what is in force."""

from collections import Counter
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy, gettext_noop

from silian.education.authoring.models import Comment
from silian.education.authoring.services import hold
from silian.education.reviewing import policy
from silian.education.reviewing.models import Review, Reviewer
from silian.education.rulebook import rules
from silian.education.standards.models import Edition, Standard
from silian.governance.bodies.models import Body
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Edition.State


NOBODY = gettext_lazy("Nobody of this committee may review it: appoint members first.")


class NotReady(Exception):
    """The edition cannot be handed in; the text says why."""


@transaction.atomic
def hand_in(  # noqa: PLR0913  to whom, until when, with which words
    edition: Edition,
    body: Body,
    *,
    due_on: date,
    by: User,
    note: str = "",
    reason: str = "",
) -> Review:
    """Bring the draft before ``body``; DoesNotAddUp or NotReady where something hinders.

    Who serves in it today reviews, except those who helped to write the edition.
    """
    held = hold(edition)
    warnings = rules.enforce(held, reason=reason)
    if Comment.objects.filter(edition=held, settled_at=None).exists():
        raise NotReady(" ".join(policy.obstacles(held)))
    people = policy.members_of(body)
    avoiding = policy.avoiding(held, people)
    eligible = len(people) - len(avoiding)
    if not eligible:
        raise NotReady(str(NOBODY))
    review = Review.objects.create(
        edition=held,
        body=body,
        due_on=due_on,
        note=note,
        reason=reason if warnings else "",
        warnings=[_kept(finding) for finding in warnings],
        quorum=rules.quorum_of(held.standard.consortium, eligible),
        handed_in_by=by,
    )
    Reviewer.objects.bulk_create(
        Reviewer(review=review, appointment=one, avoids=one.pk in avoiding) for one in people
    )
    move(edition, State.REVIEW, by=by, why=body.name_zh)
    asked = [one.user for one in people if one.user and one.pk not in avoiding]
    _tell(asked, gettext_noop("“%(standard)s” waits for your opinion."), review)
    return review


@transaction.atomic
def give_opinion(reviewer: Reviewer, *, view: str, reason: str, by: User) -> None:
    """Keep an opinion, or another one in its place; when all have spoken, the review ends."""
    review = _open(reviewer.review)
    Reviewer.objects.filter(pk=reviewer.pk, avoids=False).update(
        view=view, reason=reason, by=by, at=clock.now()
    )
    record(review, gettext_noop("Opinion given"), by=by, who=reviewer.appointment.name, view=view)
    if not review.reviewers.filter(avoids=False, view="").exists():
        end_review(review, by=by)


@transaction.atomic
def end_review(review: Review, *, by: User) -> Review:
    """Count the opinions: more than half of those given decide.

    Passed, the edition waits for the school. Else it is a draft again, with the reason.
    """
    held = _open(review)
    views = Counter(held.reviewers.exclude(view="").values_list("view", flat=True))
    given = sum(views.values())
    if given < held.quorum:
        raise IllegalMove(f"{given} of {held.quorum} opinions were given")
    result = outcome(views)
    counts = {view: views.get(view, 0) for view in Reviewer.View.values} | {"given": given}
    move(review, result, by=by, counts=counts, ended_at=clock.now())
    if result != Review.State.PASSED:
        why = str(Review.State(result).label)
        move(held.edition, State.DRAFT, by=by, why=why)
    message = gettext_noop("The committee has spoken about “%(standard)s”.")
    _tell(_writers(review), message, review)
    return review


def outcome(views: Counter[str]) -> str:
    """What so many opinions of each kind come to."""
    given = sum(views.values())
    if 2 * views[Reviewer.View.AGREE] > given:
        return Review.State.PASSED
    if 2 * (views[Reviewer.View.AGREE] + views[Reviewer.View.CHANGES]) > given:
        return Review.State.CHANGES
    return Review.State.REFUSED


@transaction.atomic
def withdraw_review(review: Review, *, reason: str, by: User) -> None:
    """The school takes the edition back; what was said stays readable."""
    held = _open(review)
    move(review, Review.State.WITHDRAWN, by=by, why=reason, ended_at=clock.now())
    move(held.edition, State.DRAFT, by=by, why=reason)
    people = [one.person for one in review.reviewers.select_related("appointment__user")]
    message = gettext_noop("“%(standard)s” was withdrawn: your opinion is not needed any more.")
    _tell([one for one in people if one], message, review)


@transaction.atomic
def approve(edition: Edition, *, number: str, on: date, by: User) -> None:
    """The school approves what the committee has passed."""
    if not policy.passed(edition):
        raise IllegalMove(f"{edition} was not passed by a committee")
    move(edition, State.APPROVED, by=by, approved_as=number, approved_on=on)


@transaction.atomic
def return_to_draft(edition: Edition, *, reason: str, by: User) -> None:
    """The school takes it back to the table although the committee has passed it."""
    move(edition, State.DRAFT, by=by, why=reason, approved_as="", approved_on=None)
    review = edition.reviews.first()
    if review:
        _tell(_writers(review), gettext_noop("“%(standard)s” is a draft again."), review)


@transaction.atomic
def publish(edition: Edition, *, on: date, by: User) -> None:
    """Put the edition in force; the one before it is replaced and stays readable."""
    Standard.objects.select_for_update(of=("self",)).get(pk=edition.standard_id)
    former = edition.standard.editions.filter(state=State.PUBLISHED).first()
    if former:
        move(former, State.REPLACED, by=by)
    move(edition, State.PUBLISHED, by=by, published_on=on)
    edition.standard.save()  # so that the search knows the words of what is in force now
    standard = edition.standard
    record(standard, gettext_noop("Edition in force"), by=by, edition=edition.number)
    people = {one.pk: one for one in _team(edition)}
    people |= {one.pk: one for one in secretaries_of(standard.consortium)}
    message = gettext_noop("“%(standard)s” is published.")
    facts: dict[str, Any] = {"url": standard.get_absolute_url()}
    notify(people.values(), message, **facts, standard=both(standard, "title"))


def _open(review: Review) -> Review:
    """The review as it stands, held until this is over."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("edition__standard")
    held = rows.filter(pk=review.pk, state=Review.State.OPEN).first()
    if held is None:
        raise IllegalMove(f"{review} has ended")
    return held


def _kept(finding: rules.Finding) -> dict[str, Any]:
    return {"rule": finding.rule.id, "version": finding.rule.version, "message": finding.message}


def _team(edition: Edition) -> list[User]:
    rows = edition.contributors.exclude(user=None).select_related("user")
    return [row.user for row in rows if row.user] + list(
        people_of(edition.standard.programme.school)
    )


def _writers(review: Review) -> list[User]:
    return _team(review.edition)


def _tell(to: Any, message: str, review: Review) -> None:
    standard = review.edition.standard
    notify(to, message, url=review.get_absolute_url(), standard=both(standard, "title"))
