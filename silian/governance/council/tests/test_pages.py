"""What people see of a council and do on its pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from silian.governance.charters.models import Post
from silian.governance.charters.tests.factories import make_charter
from silian.governance.consortia.models import Consortium
from silian.governance.council import services
from silian.governance.council.models import Seat, Term
from silian.governance.council.tests.factories import TERM, make_member, make_seat, make_term
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of
from silian.kernel.search.models import Document
from silian.kernel.search.services import reindex

pytestmark = pytest.mark.django_db
TODAY = clock.today()
DAY = timedelta(days=1)
VERBS = ["resign", "dismiss", "replace"]


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, consortium: Consortium, *args: object) -> str:
    return reverse(f"council:{name}", args=[consortium, *args])


def filling(seat: Seat, unit: Any, **change: object) -> dict[str, object]:
    facts = {"how": "appointed", "organisation": unit.pk, "person": "Han Mei", "user": ""}
    return (
        facts | {"basis": "Letter of 5 May", "start": f"{TODAY}", "until": "", "why": ""} | change
    )


# --- reading ------------------------------------------------------------------------------


def test_anybody_reads_who_holds_which_post_and_what_is_vacant(
    client: Client, consortium: Consortium
) -> None:
    councillor = make_term(make_seat(consortium), person="Wei Hua", basis="First meeting")
    make_term(make_seat(consortium, Post.CHAIR), person="Li Lei")
    make_seat(consortium, Post.VICE_CHAIR)
    make_seat(consortium, Post.SUPERVISOR, closed_on=TODAY)

    page = client.get(address("seat_index", consortium)).text

    for shown in ["Li Lei", "Wei Hua", "First meeting", councillor.organisation.name, "Vacant"]:
        assert shown in page
    assert page.index("Li Lei") < page.index("Wei Hua")
    assert "Supervisor" not in page.split("<tbody")[1]
    assert "Set up seats" not in page and "Fill the seat" not in page


def test_the_list_is_filtered_and_taken_along(client: Client, consortium: Consortium) -> None:
    make_term(make_seat(consortium), person="Wei Hua")
    make_term(make_seat(consortium, Post.CHAIR), person="Li Lei")
    make_seat(consortium, Post.VICE_CHAIR)
    index = address("seat_index", consortium)

    found = client.get(index + "?q=wei").text
    assert "Wei Hua" in found and "Li Lei" not in found
    vacant = client.get(index + "?held=no").text
    assert "Vice-chair" in vacant and "Li Lei" not in vacant
    assert "Vice-chair" not in client.get(index + "?held=yes").text.split("<tbody")[1]
    assert "Li Lei" in client.get(index + "?export=csv").content.decode("utf-8-sig")
    assert "Vacant" in client.get(index + "?export=csv").content.decode("utf-8-sig")


def test_past_holders_stay_on_record(client: Client, consortium: Consortium) -> None:
    seat = make_seat(consortium)
    make_term(seat, person="Li Lei", start=TODAY - 2 * TERM)
    left = make_term(seat, person="Wei Hua", start=TODAY - TERM)
    services.resign(left, on=TODAY - DAY, why="Moves away", by=None)

    page = client.get(address("past_index", consortium)).text
    assert "Li Lei" in page and "Term over" in page
    assert "Wei Hua" in page and "Resigned" in page
    detail = client.get(seat.get_absolute_url()).text
    assert "Moves away" in detail
    assert "Li Lei" in client.get(address("past_index", consortium) + "?q=lei").text


def test_the_roster_is_to_be_printed(client: Client, consortium: Consortium) -> None:
    make_term(make_seat(consortium, Post.CHAIR), person="Li Lei")
    make_seat(consortium, Post.VICE_CHAIR)
    page = client.get(address("roster", consortium)).text
    assert "Li Lei" in page and "Vacant" in page


def test_the_list_asks_no_more_of_the_database_for_thirty_seats(
    client: Client, consortium: Consortium, django_assert_max_num_queries: Any
) -> None:
    make_term(make_seat(consortium))
    with django_assert_max_num_queries(100) as few:
        client.get(address("seat_index", consortium))
    for _ in range(29):
        make_term(make_seat(consortium))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address("seat_index", consortium))


@pytest.mark.parametrize("name", ["past_index", "roster"])
def test_nor_do_past_holders_and_the_roster(
    client: Client, consortium: Consortium, django_assert_max_num_queries: Any, name: str
) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            seat = make_seat(consortium)
            make_term(seat)
            make_term(seat, start=TODAY - 3 * TERM)

    more(1)
    with django_assert_max_num_queries(100) as few:
        client.get(address(name, consortium))
    more(19)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address(name, consortium))


# --- the secretariat ------------------------------------------------------------------------


def test_the_secretariat_sets_up_seats_as_the_charter_says(
    secretary: Client, consortium: Consortium
) -> None:
    make_charter(consortium)
    index = address("seat_index", consortium)
    assert "Set up seats as the charter says" in secretary.get(index).text

    page = secretary.post(address("seats_raise", consortium), follow=True).text

    assert "Seats set up: 31. Seats abolished: 0." in page
    assert "Set up seats as the charter says" not in page


def test_without_a_charter_there_is_nothing_to_set_up(
    secretary: Client, consortium: Consortium
) -> None:
    assert "No charter is in force yet" in secretary.get(address("seat_index", consortium)).text
    answer = secretary.post(address("seats_raise", consortium))
    assert answer.status_code == 403
    assert "There is no charter in force yet" in answer.text


def test_a_seat_is_filled_by_appointment(secretary: Client, consortium: Consortium) -> None:
    seat, unit = make_seat(consortium, Post.SECRETARY_GENERAL), make_member(consortium)
    person = make_staff(unit)

    page = secretary.post(
        address("seat_fill", consortium, seat.pk),
        filling(seat, unit, user=person.username),
        follow=True,
    )

    term = seat.terms.get()
    assert (term.person, term.user, term.how) == ("Han Mei", person, "appointed")
    assert "The seat is filled." in page.text
    assert "Office taken" in page.text
    assert secretary.get(address("seat_fill", consortium, seat.pk)).status_code == 403


def test_a_seat_is_filled_by_co_option(secretary: Client, consortium: Consortium) -> None:
    left = make_term(make_seat(consortium))
    services.resign(left, on=TODAY, why="x", by=None)
    unit = make_member(consortium)

    given = filling(left.seat, unit, how="co_opted")
    secretary.post(address("seat_fill", consortium, left.seat.pk), given)

    assert left.seat.terms.running().get().end == left.due


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"person": ""}, "This field is required"),
        ({"basis": ""}, "This field is required"),
        ({"user": "nobody"}, "Nobody with this user name or e-mail"),
        ({"user": "stranger"}, "This account holds no role in the unit"),
        ({"until": f"{TODAY - DAY}"}, "A term ends after it starts"),
        ({"how": "co_opted"}, "Nobody left this seat before the end"),
        ({"how": "elected"}, "Select a valid choice"),
        ({"start": f"{TODAY - 3000 * DAY}"}, "is no current member with a vote"),
    ],
)
def test_mistakes_in_filling_are_said_and_nothing_is_lost(
    secretary: Client, consortium: Consortium, change: dict[str, str], message: str
) -> None:
    make_user(username="stranger")
    seat, unit = make_seat(consortium), make_member(consortium)

    given = filling(seat, unit, basis="Letter of 5 May") | change
    page = secretary.post(address("seat_fill", consortium, seat.pk), given).text

    assert message in page
    assert "Han Mei" in page or "person" in change
    assert not Term.objects.exists()


def test_a_unit_of_another_kind_cannot_be_chosen(secretary: Client, consortium: Consortium) -> None:
    seat, firm = make_seat(consortium, category="school"), make_member(consortium)
    page = secretary.post(address("seat_fill", consortium, seat.pk), filling(seat, firm)).text
    assert "Select a valid choice" in page
    assert "This seat is kept for: schools." in page


def test_a_warning_asks_for_a_written_reason(secretary: Client, consortium: Consortium) -> None:
    make_charter(consortium)
    unit = make_member(consortium)
    make_term(make_seat(consortium, Post.VICE_CHAIR), unit)
    seat = make_seat(consortium, Post.CHAIR)
    fill = address("seat_fill", consortium, seat.pk)
    assert "the charter elects nobody a leader from 70 on" in secretary.get(fill).text

    page = secretary.post(fill, filling(seat, unit)).text
    assert "holds another leading seat already" in page and "Say why" in page
    assert not seat.terms.exists()
    secretary.post(fill, filling(seat, unit, why="The park founded it"))
    assert seat.terms.exists()
    assert "The park founded it" in secretary.get(seat.get_absolute_url()).text


@pytest.mark.parametrize("verb", VERBS)
def test_a_term_is_ended_with_a_day_and_a_reason(
    secretary: Client, consortium: Consortium, verb: str
) -> None:
    term = make_term(make_seat(consortium))
    end = address("term_end", consortium, term.pk, verb)

    page = secretary.post(end, {"on": f"{term.start - DAY}", "why": "Because", "person": "Han"})
    assert "The term had not begun then." in page.text and "Because" in page.text
    page = secretary.post(end, {"on": f"{term.due + DAY}", "why": "Because", "person": "Han"})
    assert "The term is over by then anyway." in page.text
    page = secretary.post(end, {"on": f"{TODAY}", "why": "", "person": "Han"})
    assert "This field is required" in page.text
    secretary.post(end, {"on": f"{TODAY}", "why": "Because", "person": "Han"})

    term.refresh_from_db()
    assert (term.end, term.left_why) == (TODAY, "Because")
    assert term.seat.terms.running().exists() == (verb == "replace")
    assert secretary.get(end).status_code == 403


def test_the_re_election_is_put_off(secretary: Client, consortium: Consortium) -> None:
    term = make_term(make_seat(consortium), start=TODAY - TERM + 30 * DAY)
    url = address("postpone", consortium)

    page = secretary.post(url, {"until": f"{term.due + 500 * DAY}", "basis": "Council"})
    assert "for a year at most" in page.text
    assert "This day has passed." in secretary.post(url, {"until": f"{TODAY}", "basis": "x"}).text
    page = secretary.post(url, {"until": f"{term.due + 90 * DAY}", "basis": "Council"}, follow=True)
    assert "1 term runs on." in page.text


def test_grades_are_previewed_and_then_aligned(secretary: Client, consortium: Consortium) -> None:
    unit = make_member(consortium)
    make_term(make_seat(consortium, Post.CHAIR), unit)
    assert "The grade of 1 member differs" in secretary.get(address("seat_index", consortium)).text

    preview = secretary.get(address("grades", consortium)).text
    assert unit.name in preview and "Chairing unit" in preview
    secretary.post(address("grades", consortium), {"why": "First meeting"})

    assert consortium.memberships.get().grade == "chair"
    assert "Every member has the grade" in secretary.get(address("grades", consortium)).text


def test_what_only_the_secretariat_does_is_refused_to_others(consortium: Consortium) -> None:
    make_charter(consortium)
    term, seat = make_term(make_seat(consortium)), make_seat(consortium)
    pages = [address(name, consortium) for name in ("seats_raise", "postpone", "grades")]
    pages += [address("seat_fill", consortium, seat.pk)]
    pages += [address("term_end", consortium, term.pk, verb) for verb in VERBS]
    member, colleague = make_staff(term.organisation), make_secretary(make_consortium())
    for client in (signed_in(member), signed_in(colleague), signed_in(make_user())):
        for page in pages:
            answer = client.post(page, {})
            assert answer.status_code == 403, page
            assert "Only the secretariat of the consortium can do this." in answer.text
    for page in pages:
        assert Client().post(page, {}).status_code == 302


def test_a_seat_is_found_only_in_its_own_consortium(
    secretary: Client, consortium: Consortium
) -> None:
    term = make_term(make_seat(make_consortium()))
    for page in [
        address("seat_detail", consortium, term.seat.pk),
        address("seat_fill", consortium, term.seat.pk),
        address("term_end", consortium, term.pk, "resign"),
        address("term_end", term.seat.consortium, term.pk, "forget"),
    ]:
        assert secretary.get(page).status_code == 404, page


def test_what_waits_is_told_to_the_secretariat_alone(consortium: Consortium) -> None:
    charter = make_charter(consortium)
    secretary = make_secretary(consortium)

    def waiting(user: User) -> dict[str, int]:
        return {todo.label: todo.count for todo in todos_of(user)}

    total = sum(rule.count for rule in charter.seat_rules.all())
    assert waiting(secretary) == {"Seats that the charter sets, to set up": total}
    services.raise_seats(consortium, by=None)
    seat = consortium.seats.filter(post=Post.VICE_CHAIR).first()
    assert seat
    make_term(seat, start=TODAY - TERM + 30 * DAY)
    expected = {"Vacant seats": total - 1, "Terms of office that end soon": 1}
    assert waiting(secretary) == expected
    assert not waiting(make_user())


def test_holders_are_found_by_name(consortium: Consortium) -> None:
    term = make_term(make_seat(consortium, Post.CHAIR), person="Li Lei")
    reindex(Term)
    found = Document.objects.get(kind="council.Term")
    assert found.url == term.get_absolute_url()
    assert "Li Lei" in found.title and term.organisation.name_zh in found.body


def test_programs_read_the_council(client: Client, consortium: Consortium) -> None:
    term = make_term(make_seat(consortium, Post.CHAIR), basis="First meeting")
    make_term(make_seat(consortium), start=TODAY - 2 * TERM)
    make_term(make_seat(make_consortium()))
    answer = client.get("/api/v1/council", {"consortium": consortium.slug}).json()
    (row,) = answer["items"]
    assert (row["post"], row["person"], row["basis"]) == ("chair", "Li Lei", "First meeting")
    assert row["organisation"] == term.organisation.pk
