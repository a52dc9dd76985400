"""Seats, taking office and leaving it: the services and what the database refuses."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from silian.governance.charters.models import Charter, Post
from silian.governance.charters.tests.factories import make_charter
from silian.governance.consortia.models import Consortium
from silian.governance.council import policy, services, standing
from silian.governance.council.models import Seat, Term
from silian.governance.council.tests.factories import TERM, make_member, make_seat, make_term
from silian.governance.members import services as membership
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
TODAY = clock.today()
DAY = timedelta(days=1)


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


def facts(organisation: Any, **change: Any) -> dict[str, Any]:
    """What taking office needs."""
    given = {"organisation": organisation, "person": "Han Mei", "how": Term.How.ELECTED}
    given |= {"basis": "First meeting", "start": clock.today(), "by": None}
    return given | change


def appointment(organisation: Any, **change: Any) -> dict[str, Any]:
    return {k: v for k, v in facts(organisation, **change).items() if k != "how"}


# --- seats --------------------------------------------------------------------------------


def test_seats_are_set_up_as_the_charter_says_and_only_once(consortium: Consortium) -> None:
    charter = make_charter(consortium)
    total = sum(rule.count for rule in charter.seat_rules.all())

    assert services.raise_seats(consortium, by=None) == services.Raised(total, 0)
    assert services.raise_seats(consortium, by=None) == services.Raised(0, 0)

    assert consortium.seats.count() == total
    numbers = consortium.seats.filter(post=Post.COUNCILLOR).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, 19))


def test_a_charter_with_fewer_seats_closes_empty_ones_and_keeps_held_ones(
    consortium: Consortium,
) -> None:
    make_charter(consortium, "college")
    services.raise_seats(consortium, by=None)
    held = [make_term(seat).seat for seat in consortium.seats.filter(post=Post.VICE_CHAIR)]
    make_charter(consortium, "alliance", since=TODAY)

    services.raise_seats(consortium, by=None)

    standing_seats = consortium.seats.open()
    vice_chairs = standing_seats.filter(post=Post.VICE_CHAIR)
    assert {seat.pk for seat in held} <= {seat.pk for seat in vice_chairs}
    assert not standing_seats.filter(post=Post.COUNCILLOR, category="school").exists()
    assert not standing.shortfall(consortium)
    assert Entry.objects.filter(action="Seat abolished").exists()


def test_an_abolished_seat_comes_back_before_new_ones_are_numbered(consortium: Consortium) -> None:
    make_charter(consortium, "college")
    services.raise_seats(consortium, by=None)
    make_charter(consortium, "alliance", since=TODAY)
    services.raise_seats(consortium, by=None)
    make_charter(consortium, "college", since=TODAY)
    before = consortium.seats.count()

    services.raise_seats(consortium, by=None)

    assert consortium.seats.count() == before
    assert consortium.seats.open().filter(post=Post.CHAIR).count() == 2


def test_vacant_seats_are_those_that_nobody_holds_on_a_day(consortium: Consortium) -> None:
    councillor, chair = make_seat(consortium), make_seat(consortium, Post.CHAIR)
    make_seat(consortium, closed_on=TODAY)
    term = make_term(make_seat(consortium))

    assert list(policy.vacant_seats(consortium)) == [chair, councillor]
    assert term.seat in policy.vacant_seats(consortium, term.start - DAY)
    assert term.seat in policy.vacant_seats(consortium, term.end)


# --- taking office ------------------------------------------------------------------------


def test_somebody_takes_office_for_as_long_as_the_charter_says(consortium: Consortium) -> None:
    make_charter(consortium, term_years=4, since=date(2020, 1, 1))
    unit, user = make_member(consortium), make_user()
    reader = make_staff(unit)

    given = facts(unit, user=user, start=date(2024, 2, 29))
    term = services.take_office(make_seat(consortium), **given)

    assert (term.end, term.due) == (date(2028, 2, 29), date(2028, 2, 29))
    assert (term.user, term.how, term.basis) == (user, "elected", "First meeting")
    assert {notice.to for notice in Notice.objects.all()} == {reader, user}
    assert Entry.objects.about(term.seat).get().detail["person"] == "Han Mei"


def test_a_term_from_29_february_ends_on_1_march(consortium: Consortium) -> None:
    make_charter(consortium)
    given = facts(make_member(consortium), start=date(2024, 2, 29))
    assert services.take_office(make_seat(consortium), **given).end == date(2027, 3, 1)


def test_a_chair_that_rotates_serves_shorter(consortium: Consortium) -> None:
    make_charter(consortium, "alliance")
    chair = services.take_office(
        make_seat(consortium, Post.CHAIR), **facts(make_member(consortium))
    )
    assert chair.end == standing.years_later(TODAY, 1)


def test_the_successor_ends_the_earlier_term_on_the_day(consortium: Consortium) -> None:
    earlier = make_term(make_seat(consortium))

    services.take_office(earlier.seat, **facts(make_member(consortium)))

    earlier.refresh_from_db()
    assert (earlier.end, earlier.left) == (TODAY, "expired")
    assert earlier.seat.terms.running().get().person == "Han Mei"


def test_the_same_unit_that_sends_another_replaces(consortium: Consortium) -> None:
    earlier = make_term(make_seat(consortium))
    services.take_office(earlier.seat, **facts(earlier.organisation))
    earlier.refresh_from_db()
    assert earlier.left == "replaced"


def suspended(consortium: Consortium) -> Any:
    return make_member(consortium, state="suspended")


@pytest.mark.parametrize(
    ("unit", "message"),
    [
        (lambda c: make_organisation(), "is no current member"),
        (suspended, "is no current member"),
        (lambda c: make_member(c, "government", part="guiding"), "is no current member"),
        (lambda c: make_member(c, admitted_on=TODAY + DAY), "is no current member"),
        (lambda c: make_member(c, "enterprise"), "kept for schools"),
        (lambda c: make_member(c, "hospital"), "kept for schools"),
    ],
)
def test_a_seat_is_held_by_a_fitting_current_member(
    consortium: Consortium, unit: Any, message: str
) -> None:
    seat = make_seat(consortium, category="school")
    with pytest.raises(ValidationError, match=message):
        services.take_office(seat, **facts(unit(consortium)))
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("school", "university"),
        ("school", "secondary"),
        ("government", "park"),
        ("government", "government"),
        ("enterprise", "enterprise"),
        ("association", "association"),
        ("research", "institute"),
        ("research", "hospital"),
        ("any", "college"),
    ],
)
def test_each_category_takes_its_kinds(consortium: Consortium, category: str, kind: str) -> None:
    seat = make_seat(consortium, category=category)
    unit = make_member(consortium, kind)
    assert unit in policy.candidates_for(seat)
    assert services.take_office(seat, **facts(unit)).pk


def test_an_abolished_seat_and_an_empty_term_are_refused(consortium: Consortium) -> None:
    unit = make_member(consortium)
    with pytest.raises(ValidationError, match="abolished"):
        services.take_office(make_seat(consortium, closed_on=TODAY), **facts(unit))
    with pytest.raises(ValidationError, match="ends after it starts"):
        services.take_office(make_seat(consortium), **facts(unit, until=TODAY))
    with pytest.raises(ValidationError, match="cannot be blank"):
        services.take_office(make_seat(consortium), **facts(unit, person=""))


def test_a_later_holder_is_in_the_way(consortium: Consortium) -> None:
    seat, unit = make_seat(consortium), make_member(consortium)
    services.take_office(seat, **facts(unit, start=TODAY + 30 * DAY))
    with pytest.raises(ValidationError, match="two cannot hold it at once"):
        services.take_office(seat, **facts(unit, person="Somebody"))
    short = services.take_office(seat, **facts(unit, until=TODAY + 30 * DAY))
    assert short.end == TODAY + 30 * DAY


def test_the_database_lets_no_two_hold_one_seat_at_once(consortium: Consortium) -> None:
    term = make_term(make_seat(consortium))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_term(term.seat, start=term.end - DAY)
    assert make_term(term.seat, start=term.end)


@pytest.mark.parametrize(
    "change",
    [
        {"end": TODAY - 200 * DAY},
        {"end": None, "left": "resigned"},
        {"end": TODAY + 2 * TERM},
    ],
)
def test_the_database_refuses_terms_that_cannot_be(
    consortium: Consortium, change: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        make_term(make_seat(consortium), **change)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_fill_a_seat_at_once_one_is_told_that_it_is_held() -> None:
    consortium = make_consortium()
    seat = make_seat(consortium)
    units = [make_member(consortium), make_member(consortium)]
    refused: list[str] = []

    def fill(unit: Any) -> None:
        try:
            services.appoint(seat, **appointment(unit))
        except ValidationError as error:
            refused.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=fill, args=[unit]) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Term.objects.count() == 1
    assert len(refused) == 1 and "two cannot hold it at once" in refused[0]


def test_a_fault_after_the_earlier_term_was_ended_leaves_it_running(
    consortium: Consortium,
) -> None:
    earlier = make_term(make_seat(consortium))
    later = make_term(earlier.seat, start=TODAY + 10 * DAY + TERM)
    with pytest.raises(ValidationError):
        services.take_office(
            earlier.seat, **facts(make_member(consortium), until=later.start + DAY)
        )
    earlier.refresh_from_db()
    assert (earlier.end, earlier.left) == (earlier.due, "")


def test_who_is_co_opted_serves_the_rest_of_the_term(consortium: Consortium) -> None:
    left = make_term(make_seat(consortium))
    services.resign(left, on=TODAY, why="Moves away", by=None)

    term = services.co_opt(left.seat, **appointment(make_member(consortium)))

    assert (term.how, term.end) == ("co_opted", left.due)


def test_nobody_is_appointed_to_a_seat_that_is_held(consortium: Consortium) -> None:
    held = make_term(make_seat(consortium))
    with pytest.raises(ValidationError, match="Li Lei holds this seat"):
        services.appoint(held.seat, **appointment(make_member(consortium)))


# --- leaving office -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "left"), [(services.resign, "resigned"), (services.dismiss, "dismissed")]
)
def test_who_leaves_leaves_a_vacant_seat_with_the_reason(
    consortium: Consortium, verb: Any, left: str
) -> None:
    term, by = make_term(make_seat(consortium)), make_secretary(consortium)
    unit = make_staff(term.organisation)

    verb(term, on=TODAY, why="By letter of today", by=by)

    assert (term.left, term.end, term.due > TODAY) == (left, TODAY, True)
    assert list(policy.vacant_seats(consortium)) == [term.seat]
    entry = Entry.objects.about(term.seat).get()
    assert (entry.by, entry.why) == (by, "By letter of today")
    assert "Li Lei" in Notice.objects.get(to=unit).text


def test_a_term_ends_only_once(consortium: Consortium) -> None:
    term = make_term(make_seat(consortium))
    other = Term.objects.get(pk=term.pk)
    services.resign(term, on=TODAY, why="x", by=None)
    with pytest.raises(IllegalMove):
        services.dismiss(other, on=TODAY, why="y", by=None)
    with pytest.raises(IllegalMove):
        services.resign(make_term(make_seat(consortium)), on=TODAY - TERM, why="x", by=None)


def test_the_unit_sends_somebody_else_for_the_rest_of_the_term(consortium: Consortium) -> None:
    term = make_term(make_seat(consortium))

    new = services.replace(term, person="Han Mei", on=TODAY, why="Letter", by=None)

    assert (term.left, term.end) == ("replaced", TODAY)
    assert (new.organisation, new.start, new.end) == (term.organisation, TODAY, term.due)


def test_a_unit_that_leaves_leaves_its_seats(consortium: Consortium) -> None:
    by = make_secretary(consortium)
    place = make_membership(consortium, admitted_on=TODAY - 2 * TERM)
    running = make_term(make_seat(consortium), place.organisation)
    coming = make_term(make_seat(consortium), place.organisation, start=TODAY + DAY)
    elsewhere = make_term(make_seat(make_consortium()), place.organisation)

    membership.end(place, by=by, why="Merged")

    for term in (running, coming, elsewhere):
        term.refresh_from_db()
    assert (running.left, running.end) == ("unit_left", TODAY)
    assert (coming.left, coming.end) == ("unit_left", coming.start)
    assert elsewhere.left == ""


def test_a_unit_that_is_suspended_keeps_its_seats(consortium: Consortium) -> None:
    place = make_membership(consortium)
    term = make_term(make_seat(consortium), place.organisation)
    membership.suspend(place, by=make_secretary(consortium), why="Fees")
    term.refresh_from_db()
    assert term.runs and term.left == ""


def test_a_re_election_is_put_off_for_a_year_at_most(consortium: Consortium) -> None:
    by = make_secretary(consortium)
    ends = TODAY + 20 * DAY
    term = make_term(make_seat(consortium), start=ends - TERM)
    followed = make_term(make_seat(consortium), start=ends - TERM)
    make_term(followed.seat, start=ends)

    assert services.postpone(consortium, until=ends + 90 * DAY, basis="Council", by=by) == 1
    with pytest.raises(ValidationError, match="for a year at most"):
        services.postpone(consortium, until=ends + 400 * DAY, basis="Council", by=by)

    for row in (term, followed):
        row.refresh_from_db()
    assert (term.end, term.due) == (ends + 90 * DAY, ends)
    assert followed.end == ends


# --- against time and charter ---------------------------------------------------------------


def test_terms_that_end_soon_are_called_to_mind_until_a_successor_is_chosen(
    consortium: Consortium,
) -> None:
    ending = make_term(make_seat(consortium), start=TODAY - TERM + 30 * DAY)
    make_term(make_seat(consortium))
    assert list(standing.expiring(consortium, standing.SOON)) == [ending]
    make_term(ending.seat, start=ending.end)
    assert not standing.expiring(consortium, standing.SOON)


def test_leaders_beyond_the_limit_are_warned_of(consortium: Consortium) -> None:
    make_charter(consortium)
    chair, unit = make_seat(consortium, Post.CHAIR), make_member(consortium)
    make_term(chair, unit, start=TODAY - 2 * TERM)
    make_term(chair, unit, start=TODAY - TERM)
    side = make_term(make_seat(consortium, Post.VICE_CHAIR), unit, start=TODAY - TERM)

    assert standing.terms_in_a_row(consortium, "Li Lei", None, TODAY) == 2
    (warning,) = standing.warnings(chair, unit, "Li Lei", None, TODAY)
    assert "has led for 2 terms in a row; the charter allows 2" in warning
    assert not standing.warnings(chair, unit, "Han Mei", None, TODAY)
    assert not standing.warnings(make_seat(consortium), unit, "Li Lei", None, TODAY)
    assert side.person == "Li Lei"


def test_a_break_begins_a_new_row(consortium: Consortium) -> None:
    make_charter(consortium)
    make_term(make_seat(consortium, Post.CHAIR), start=TODAY - TERM - 800 * DAY)
    assert standing.terms_in_a_row(consortium, "Li Lei", None, TODAY) == 0


def test_a_person_with_an_account_is_known_by_it(consortium: Consortium) -> None:
    user = make_user()
    make_term(make_seat(consortium, Post.CHAIR), user=user, start=TODAY - TERM)
    assert standing.terms_in_a_row(consortium, "Other name", user, TODAY) == 1
    assert standing.terms_in_a_row(consortium, "Li Lei", None, TODAY) == 0


def test_a_second_leading_seat_of_a_unit_is_warned_of(consortium: Consortium) -> None:
    unit = make_member(consortium)
    make_term(make_seat(consortium, Post.VICE_CHAIR), unit)
    (warning,) = standing.warnings(make_seat(consortium, Post.CHAIR), unit, "Han", None, TODAY)
    assert "holds another leading seat already: Vice-chair 1" in warning


# --- grades -------------------------------------------------------------------------------


def test_grades_follow_the_highest_seat_that_a_unit_holds(consortium: Consortium) -> None:
    by = make_secretary(consortium)
    units = {
        name: make_member(consortium, grade="vice_chair")
        for name in ("chair", "councillor", "none", "supervisor")
    }
    guiding = make_member(consortium, "government", part="guiding", grade="council")
    make_term(make_seat(consortium, Post.CHAIR), units["chair"])
    make_term(make_seat(consortium), units["chair"])
    make_term(make_seat(consortium), units["councillor"])
    make_term(make_seat(consortium, Post.SUPERVISOR), units["supervisor"])

    assert services.align_grades(consortium, by=by, why="First meeting") == 4
    assert services.align_grades(consortium, by=by) == 0

    grades = dict(consortium.memberships.values_list("organisation", "grade"))
    assert [grades[unit.pk] for unit in units.values()] == ["chair", "council", "member", "member"]
    assert grades[guiding.pk] == "council"


def test_grades_stay_where_no_term_is_running(consortium: Consortium) -> None:
    make_member(consortium, grade="chair")
    make_term(make_seat(consortium), start=TODAY - 2 * TERM)
    assert not standing.grades_to_align(consortium)


def test_a_seat_has_one_number_within_its_post(consortium: Consortium) -> None:
    make_seat(consortium, number=1)
    with pytest.raises(IntegrityError):
        Seat.objects.create(consortium=consortium, post=Post.COUNCILLOR, number=1)
    assert Charter().term_years == 3
