from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from silian.education.authoring.models import Contributor
from silian.education.authoring.tests.factories import make_comment, make_partner
from silian.education.reviewing import policy, services
from silian.education.reviewing.models import Review, Reviewer
from silian.education.reviewing.tests.factories import make_committee, make_review, members
from silian.education.rulebook.rules import DoesNotAddUp
from silian.education.standards.models import Edition
from silian.education.standards.services import begin_edition
from silian.education.standards.tests.factories import in_state, make_edition
from silian.governance.bodies.tests.factories import make_appointment
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


def signed_in(user: User | None) -> Client:
    client = Client()
    assert user is not None
    client.force_login(user)
    return client


def page(name: str, edition: Edition) -> str:
    place = [edition.standard.consortium, edition.standard_id, edition.number]
    return reverse(f"reviewing:{name}", args=place)


def opinion(reviewer: Reviewer) -> str:
    place = [reviewer.review.edition.standard.consortium, reviewer.review_id, reviewer.pk]
    return reverse("reviewing:opinion", args=place)


def reviewers(review: Review) -> list[Reviewer]:
    rows = review.reviewers.select_related("appointment__user", "review__edition__standard")
    return list(rows.order_by("pk"))


def give(review: Review, *views: str) -> None:
    for reviewer, view in zip(reviewers(review), views, strict=False):
        services.give_opinion(reviewer, view=view, reason="Why", by=reviewer.person)


def labels(user: User | None) -> set[str]:
    assert user is not None
    return {todo.label for todo in todos_of(user)}


def test_a_draft_that_adds_up_goes_before_a_committee_and_its_members_are_told() -> None:
    edition = make_edition()
    body = make_committee(edition.standard.consortium)
    owner = signed_in(make_staff(edition.standard.programme.school))
    due = clock.today() + timedelta(days=10)

    answer = owner.post(page("hand_in", edition), {"body": body.pk, "due_on": due, "note": "Look"})

    review = Review.objects.get()
    assert answer.url == review.get_absolute_url()
    edition.refresh_from_db()
    assert (edition.state, review.quorum, review.reviewers.count()) == ("review", 2, 3)
    for member in members(body):
        assert "Your opinion is asked for" in labels(member.user)
        assert Notice.objects.filter(to=member.user, url=answer.url).exists()
        assert signed_in(member.user).get(edition.get_absolute_url()).status_code == 200


def test_what_does_not_add_up_is_listed_and_cannot_be_handed_in() -> None:
    edition = make_edition(hours=70)
    _firm, person = make_partner(edition)
    make_comment(edition, person)
    body = make_committee(edition.standard.consortium)
    owner = make_staff(edition.standard.programme.school)
    due = clock.today() + timedelta(days=10)

    text = signed_in(owner).post(page("hand_in", edition), {"body": body.pk, "due_on": due}).text

    assert "The total says 70 hours, the units come to 64: -6." in text
    assert "1 comment is not answered yet." in text
    assert not Review.objects.exists()
    with pytest.raises(DoesNotAddUp):
        services.hand_in(edition, body, due_on=due, by=owner)
    edition.hours = 64
    edition.save()
    with pytest.raises(services.NotReady):
        services.hand_in(edition, body, due_on=due, by=owner)


def test_a_warning_needs_a_reason_that_the_committee_reads() -> None:
    edition = make_edition()
    edition.units.first().taught.all().delete()
    body = make_committee(edition.standard.consortium)
    owner = signed_in(make_staff(edition.standard.programme.school))
    sent = {"body": body.pk, "due_on": clock.today() + timedelta(days=3)}

    refused = owner.post(page("hand_in", edition), sent)
    owner.post(page("hand_in", edition), sent | {"reason": "An introduction"})

    assert "do not say which skills" in refused.text
    review = Review.objects.get()
    assert review.warnings[0]["rule"] == "skills.stated"
    assert "An introduction" in signed_in(members(body)[1].user).get(review.get_absolute_url()).text


def test_only_who_acts_for_the_school_hands_in() -> None:
    edition = make_edition()
    _firm, writer = make_partner(edition)
    teacher = make_staff(edition.standard.programme.school, Role.Kind.TEACHER)

    for user in (writer, teacher, make_secretary(edition.standard.consortium)):
        assert signed_in(user).get(page("hand_in", edition)).status_code == 403
    assert (
        signed_in(make_staff(make_organisation())).get(page("hand_in", edition)).status_code == 404
    )


def test_who_helped_to_write_does_not_review() -> None:
    edition = make_edition()
    firm, writer = make_partner(edition)
    namesake = make_staff(firm)
    body = make_committee(edition.standard.consortium, members=2)
    by_account = make_appointment(body, writer.name, user=writer)
    by_name = make_appointment(body, namesake.name, organisation=firm)
    for user in (writer, namesake):
        Contributor.objects.create(edition=edition, organisation=firm, user=user, part="writer")

    review = make_review(edition, body)

    avoiding = set(review.reviewers.filter(avoids=True).values_list("appointment", flat=True))
    assert avoiding == {by_account.pk, by_name.pk}
    assert review.quorum == 2
    own = review.reviewers.get(appointment=by_account)
    assert signed_in(writer).get(opinion(own)).status_code == 403
    assert "Your opinion is asked for" not in labels(writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        facts = {"view": "agree", "reason": "x", "by": writer, "at": clock.now()}
        Reviewer.objects.filter(pk=own.pk).update(**facts)


def test_an_adviser_who_only_comments_may_review() -> None:
    edition = make_edition()
    firm = make_membership(edition.standard.consortium).organisation
    adviser = make_staff(firm)
    Contributor.objects.create(edition=edition, organisation=firm, user=adviser, comments=3)
    body = make_committee(edition.standard.consortium)
    make_appointment(body, adviser.name, user=adviser)

    assert not make_review(edition, body).reviewers.filter(avoids=True).exists()


def test_a_committee_of_writers_alone_cannot_review() -> None:
    edition = make_edition()
    firm, writer = make_partner(edition)
    Contributor.objects.create(edition=edition, organisation=firm, user=writer, part="writer")
    body = make_committee(edition.standard.consortium, members=0)
    make_appointment(body, writer.name, user=writer)

    with pytest.raises(services.NotReady):
        make_review(edition, body)


def test_each_speaks_for_themselves_with_a_reason() -> None:
    review = make_review()
    first, second, _third = reviewers(review)

    client = signed_in(first.person)
    assert client.get(opinion(second)).status_code == 403
    assert "required" in client.post(opinion(first), {"view": "agree", "reason": ""}).text
    client.post(opinion(first), {"view": "changes", "reason": "Shorter"})
    client.post(opinion(first), {"view": "agree", "reason": "Fine now"})

    first.refresh_from_db()
    assert (first.view, first.reason, first.by) == ("agree", "Fine now", first.person)
    stranger = make_staff(make_membership(review.edition.standard.consortium).organisation)
    assert signed_in(stranger).get(review.get_absolute_url()).status_code == 404
    assert signed_in(stranger).get(opinion(first)).status_code == 404


def test_the_secretariat_enters_what_came_on_paper() -> None:
    edition = make_edition()
    body = make_committee(edition.standard.consortium, members=1)
    make_appointment(body, "Without account")
    review = make_review(edition, body)
    paper = review.reviewers.get(appointment__user=None)
    secretary = make_secretary(edition.standard.consortium)

    assert (
        signed_in(make_staff(edition.standard.programme.school)).get(opinion(paper)).status_code
        == 403
    )
    signed_in(secretary).post(opinion(paper), {"view": "agree", "reason": "As signed"})

    text = signed_in(secretary).get(review.get_absolute_url()).text
    assert f"entered from paper by {secretary}" in text
    own = review.reviewers.exclude(appointment__user=None).get()
    assert signed_in(secretary).get(opinion(own)).status_code == 403


RESULTS = [
    (("agree", "agree", "refuse"), "passed", "review"),
    (("agree", "changes", "changes"), "changes", "draft"),
    (("agree", "refuse", "refuse"), "refused", "draft"),
]


@pytest.mark.parametrize(("views", "result", "state"), RESULTS)
def test_when_all_have_spoken_the_result_is_drawn(
    views: tuple[str, ...], result: str, state: str
) -> None:
    review = make_review()

    give(review, *views)

    review.refresh_from_db()
    review.edition.refresh_from_db()
    assert (review.state, review.edition.state) == (result, state)
    assert review.counts["given"] == 3
    assert Notice.objects.filter(to=review.handed_in_by, url=review.get_absolute_url()).exists()
    with pytest.raises(IllegalMove):
        give(review, "agree")


def test_the_chair_draws_the_result_only_when_enough_have_spoken() -> None:
    review = make_review()
    chair, member, _third = reviewers(review)
    address = reverse("reviewing:review_end", args=[review.edition.standard.consortium, review.pk])
    give(review, "agree")

    assert signed_in(chair.person).post(address).status_code == 403
    with pytest.raises(IllegalMove):
        services.end_review(review, by=chair.person)
    give(review, "agree", "agree")
    assert signed_in(member.person).post(address).status_code == 403
    signed_in(chair.person).post(address)
    review.refresh_from_db()
    assert (review.state, review.counts["given"]) == ("passed", 2)


def test_the_school_withdraws_with_a_reason() -> None:
    review = make_review()
    address = reverse(
        "reviewing:review_withdraw", args=[review.edition.standard.consortium, review.pk]
    )
    owner = signed_in(review.handed_in_by)

    owner.post(address)
    review.refresh_from_db()
    assert review.state == "open"
    owner.post(address, {"reason": "A unit is missing"})

    review.refresh_from_db()
    review.edition.refresh_from_db()
    assert (review.state, review.edition.state) == ("withdrawn", "draft")
    assert not policy.passed(review.edition)
    make_review(review.edition, review.body)  # and comes back


def test_the_school_approves_and_publishes_what_was_passed(client: Client) -> None:
    former = make_edition(state="published")
    standard = former.standard
    manager = make_staff(standard.programme.school, Role.Kind.MANAGER)
    edition = begin_edition(standard, aims="Robots", by=manager)
    review = make_review(edition)
    owner = signed_in(manager)
    sent = {"number": "教〔2026〕12号", "on": clock.today()}
    assert owner.post(page("approve", edition), sent).status_code == 403  # not passed yet
    give(review, "agree", "agree", "agree")
    assert "Passed by the committee: to be approved" in labels(manager)

    assert (
        signed_in(make_staff(standard.programme.school)).get(page("approve", edition)).status_code
        == 403
    )
    assert owner.get(page("publish", edition)).status_code == 403
    owner.post(page("approve", edition), sent)
    assert "Approved: to be published" in labels(manager)
    early = owner.post(page("publish", edition), {"on": clock.today() - timedelta(days=1)})
    owner.post(page("publish", edition), {"on": clock.today()})

    assert "approved later than this" in early.text
    former.refresh_from_db()
    edition.refresh_from_db()
    assert (former.state, edition.state) == ("replaced", "published")
    text = client.get(standard.get_absolute_url()).text
    assert "教〔2026〕12号" in text and "3 opinions: 3 agree" in text
    assert members(review.body)[0].name not in text
    assert "was replaced by a later one" in client.get(former.get_absolute_url()).text


def test_what_no_committee_passed_cannot_be_approved_by_any_route() -> None:
    edition = in_state(make_edition(), "review")

    with pytest.raises(IllegalMove):
        services.approve(
            edition, number="x", on=clock.today(), by=make_secretary(edition.standard.consortium)
        )


def test_the_school_takes_back_what_was_passed() -> None:
    review = make_review()
    give(review, "agree", "agree", "agree")
    edition = Edition.objects.get(pk=review.edition_id)

    signed_in(review.handed_in_by).post(
        page("return_to_draft", edition), {"reason": "Typing error"}
    )

    edition.refresh_from_db()
    assert edition.state == "draft"
    assert not policy.may_approve(
        make_staff(edition.standard.programme.school, Role.Kind.MANAGER), edition
    )


def test_a_failure_in_the_middle_of_publishing_leaves_the_former_edition_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former = make_edition(state="published")
    user = make_staff(former.standard.programme.school)
    edition = in_state(begin_edition(former.standard, aims="x", by=user), "approved")

    def power_cut(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "notify", power_cut)
    with pytest.raises(RuntimeError):
        services.publish(edition, on=clock.today(), by=user)

    states = former.standard.editions.values_list("number", "state")
    assert set(states) == {(1, "published"), (2, "approved")}
