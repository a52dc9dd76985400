"""A confirmed place is undone with a reason, and what stands on it goes with it or hinders it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.agreements.models import Agreement
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.industry.demand.tests.factories import make_position
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove
from silian.talent.internships.models import Internship
from silian.talent.internships.services import break_off, from_placement
from silian.talent.internships.tests.factories import (
    make_agreed,
    make_intern,
    make_internship,
    make_offered,
    make_running,
)
from silian.talent.offers import deciding, services
from silian.talent.placement.models import Placement
from silian.talent.rounds.models import Round
from silian.talent.rounds.tests.factories import make_round, make_seat
from silian.talent.wishes.tests.factories import make_wishes

pytestmark = pytest.mark.django_db
State = Placement.State


def make_place() -> Placement:
    """A confirmed place of a published internship round that replaces what is given back."""
    soon = clock.now() + timedelta(days=60)
    found = make_round(kind="internship", replace_until=soon)
    firm = make_organisation(staff_count=500)
    make_membership(found.consortium, firm)
    about = {"kind": "internship", "places": 20, "organisation": firm}
    seat = make_seat(found, 20, make_position(found.consortium, **about))
    make_seat(found)
    wish = None
    for state in ("wishing", "published"):
        Round.objects.filter(pk=found.pk).update(state=state)
        if state == "wishing":
            student = make_intern(make_member(found), user=make_user())
            wish = make_wishes(found, seat, student=student).wishes.get()
    found.refresh_from_db()
    facts = {"round": found, "student": student, "seat": seat, "wish": wish}
    return Placement.objects.create(**facts, state=State.CONFIRMED, answer_until=soon)


def make_beside(placement: Placement) -> Placement:
    """Another confirmed place at the same seat, given by hand."""
    student = make_intern(make_member(placement.round), user=make_user())
    facts = {"round": placement.round, "seat": placement.seat, "origin": "by_hand"}
    until = placement.answer_until
    return Placement.objects.create(
        **facts, student=student, state=State.CONFIRMED, answer_until=until
    )


def make_member(found: Round) -> Organisation:
    school = make_organisation(Organisation.Kind.COLLEGE)
    make_membership(found.consortium, school)
    return school


def on(placement: Placement, make: object = make_internship) -> Internship:
    """An internship that came from the place, as far as ``make`` brings it."""
    prepared = make_internship(
        placement.round.consortium,
        student=placement.student,
        unit=placement.seat.position.organisation,
        placement=placement,
    )
    return prepared if make is make_internship else make(prepared)


def page_of(placement: Placement, verb: str = "") -> str:
    return f"/{placement.round.consortium.slug}/placement/offers/{placement.pk}/{verb}"


def staff_of(placement: Placement) -> User:
    return make_staff(placement.seat.position.organisation)


@pytest.mark.parametrize("make", [make_internship, make_offered], ids=["draft", "being signed"])
def test_what_is_being_prepared_goes_with_the_place(client: Client, make: object) -> None:
    placement = make_place()
    internship = on(placement, make)
    school = make_staff(placement.student.school)
    client.force_login(placement.student.user)
    assert "is cancelled with it; its sides are told" in client.get(page_of(placement)).text
    client.post(page_of(placement, "decline/"), {"reason": "Going abroad"})
    placement.refresh_from_db()
    internship.refresh_from_db()
    assert (placement.state, placement.reason) == (State.DECLINED, "Going abroad")
    assert internship.state == Internship.State.CANCELLED
    if internship.agreement:
        assert Agreement.everything.get(pk=internship.agreement_id).state == Agreement.State.ENDED
    told = [notice.text for notice in Notice.objects.filter(to=school)]
    assert any("was cancelled: Going abroad" in text for text in told)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_agreed, "The school cancels it first"),
        (make_running, "The school breaks it off first"),
    ],
)
def test_a_signed_internship_hinders_and_says_what_to_do(
    client: Client, make: object, words: str
) -> None:
    placement = make_place()
    internship = on(placement, make)
    secretary = make_secretary(placement.round.consortium)
    for user, verb in (
        (placement.student.user, "decline/"),
        (staff_of(placement), "withdraw/"),
        (secretary, "end/"),
    ):
        client.force_login(user)
        assert words in client.get(page_of(placement)).text
        answer = client.post(page_of(placement, verb), {"reason": "Other plans"})
        assert answer.status_code == 403 and words in answer.text
    with pytest.raises(IllegalMove):
        services.withdraw_offer(placement, reason="By another way", by=secretary)
    placement.refresh_from_db()
    internship.refresh_from_db()
    assert placement.state == State.CONFIRMED and internship.state in Internship.STANDING


def test_once_it_is_broken_off_the_place_can_end(client: Client) -> None:
    placement = make_place()
    school = make_staff(placement.student.school)
    break_off(on(placement, make_running), by=school, on=clock.today(), why="Illness")
    client.force_login(make_secretary(placement.round.consortium))
    client.post(page_of(placement, "end/"), {"reason": "The internship was broken off"})
    placement.refresh_from_db()
    assert placement.state == State.WITHDRAWN
    assert placement.round.decisions.get().reason == "The internship was broken off"


def test_by_hand_nobody_is_moved_away_from_a_running_internship(client: Client) -> None:
    placement = make_place()
    on(placement, make_running)
    other = placement.round.seats.exclude(pk=placement.seat_id).get()
    secretary = make_secretary(placement.round.consortium)
    client.force_login(secretary)
    page = f"/{placement.round.consortium.slug}/placement/{placement.round_id}/placements/by-hand/"
    typed = {"student": placement.student_id, "seat": other.pk, "reason": "A better fit"}
    assert "breaks it off first" in client.post(page, typed).text
    assert not placement.round.decisions.exists()


def test_a_move_by_hand_gives_a_draft_up() -> None:
    placement = make_place()
    internship = on(placement)
    secretary = make_secretary(placement.round.consortium)
    other = placement.round.seats.exclude(pk=placement.seat_id).get()
    deciding.give_place(
        placement.round, placement.student, other, reason="A better fit", by=secretary
    )
    internship.refresh_from_db()
    placement.refresh_from_db()
    assert internship.state == Internship.State.CANCELLED and placement.state == State.MOVED


def test_without_a_reason_nothing_ends(client: Client) -> None:
    placement = make_place()
    internship = on(placement)
    client.force_login(make_secretary(placement.round.consortium))
    answer = client.post(page_of(placement, "end/"), {"reason": " "}, follow=True)
    placement.refresh_from_db()
    internship.refresh_from_db()
    assert "Please give a reason" in answer.text
    assert (placement.state, internship.state) == (State.CONFIRMED, Internship.State.PREPARED)


def test_no_internship_follows_from_a_place_that_has_ended() -> None:
    placement = make_place()
    stale = Placement.objects.get(pk=placement.pk)
    services.decline_offer(placement, reason="Going abroad", by=placement.student.user)
    with pytest.raises(IllegalMove):
        from_placement(stale, by=make_staff(placement.student.school))
    assert not Internship.objects.exists()


def test_strangers_do_not_learn_of_a_place(client: Client) -> None:
    placement = make_place()
    for user in (make_user(), make_secretary(make_consortium()), make_staff(make_organisation())):
        client.force_login(user)
        assert client.get(page_of(placement)).status_code == 404
        assert client.post(page_of(placement, "end/"), {"reason": "x"}).status_code == 404
    client.force_login(make_staff(placement.student.school))
    assert client.get(page_of(placement)).status_code == 200
    assert client.post(page_of(placement, "end/"), {"reason": "x"}).status_code == 403


def test_a_seat_asks_as_often_for_many_places_as_for_one(client: Client) -> None:
    first = make_place()
    found, seat = first.round, first.seat
    found.runs.create(at=clock.now(), inputs_digest="", result_digest="")
    client.force_login(staff_of(first))
    page = f"/{found.consortium.slug}/placement/{found.pk}/seats/{seat.pk}/result/"
    counts = []
    for more in (0, 8):
        for _ in range(more):
            on(make_beside(first))
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
