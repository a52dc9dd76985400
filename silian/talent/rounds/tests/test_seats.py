"""The seats of a round: page by page, all that match, or by sheet; nothing typed is lost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
)
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.kernel.sheets import reading
from silian.kernel.sheets.checking import examine
from silian.kernel.sheets.registry import sheet_named
from silian.talent.rounds import services
from silian.talent.rounds.models import Round
from silian.talent.rounds.tests.factories import make_round, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client: Client) -> Round:
    found = make_round()
    client.force_login(make_secretary(found.consortium))
    return found


def page_of(found: Round) -> str:
    return f"/{found.consortium.slug}/placement/{found.pk}/seats/"


def positions(found: Round, count: int, **fields: object) -> list[Position]:
    return [make_position(found.consortium, places=4, **fields) for _ in range(count)]


def seats(found: Round) -> dict[int, tuple[int, int]]:
    rows = found.seats.values_list("position", "quota", "minimum")
    return {position: (quota, minimum) for position, quota, minimum in rows}


def test_a_page_is_saved_and_others_stay(client: Client, found: Round) -> None:
    here, there, other = positions(found, 3)
    services.set_seats(found, {here: (1, 0), other: (3, 2)}, by=make_secretary(found.consortium))
    typed = {f"quota_{here.pk}": "", f"quota_{there.pk}": "2", f"minimum_{there.pk}": "1"}
    answer = client.post(page_of(found), typed, follow=True)
    assert "The seats are saved" in answer.text
    assert seats(found) == {there.pk: (2, 1), other.pk: (3, 2)}


def test_bad_input_is_told_beside_it_and_nothing_is_lost(client: Client, found: Round) -> None:
    first, second = positions(found, 2)
    typed = {
        f"quota_{first.pk}": "9",
        f"quota_{second.pk}": "2",
        f"minimum_{second.pk}": "3",
    }
    text = client.post(page_of(found), typed).text
    assert "less than or equal to 4" in text and "At most the quota" in text
    for value in ('value="9"', 'value="2"', 'value="3"'):
        assert value in text
    assert not found.seats.exists()


def test_thousands_are_paged_searched_and_filtered(client: Client, found: Round) -> None:
    firm = make_organisation(name_zh="明水阀门有限公司")
    mine = positions(found, 1, organisation=firm)[0]
    positions(found, 55)
    make_seat(found, 2, position=mine)
    text = client.get(page_of(found)).text
    assert text.count('name="quota_') == 50 and "page=2" in text
    assert client.get(page_of(found) + "?page=2").text.count('name="quota_') == 6
    assert client.get(page_of(found) + "?q=明水阀门").text.count('name="quota_') == 1
    assert client.get(page_of(found) + "?chosen=yes").text.count('name="quota_') == 1
    assert client.get(page_of(found) + "?chosen=no&page=2").text.count('name="quota_') == 5


def test_all_that_match_take_part_or_none(client: Client, found: Round) -> None:
    firm = make_organisation(name_zh="明水阀门有限公司")
    mine, other = positions(found, 1, organisation=firm)[0], positions(found, 1)[0]
    settled = positions(found, 1, organisation=firm)[0]
    make_seat(found, 1, position=settled)
    client.post(f"{page_of(found)}all/?q=明水阀门")
    assert seats(found) == {mine.pk: (4, 0), settled.pk: (1, 0)}
    client.post(f"{page_of(found)}all/")
    assert seats(found)[other.pk] == (4, 0)
    answer = client.post(f"{page_of(found)}all/?q=明水阀门&take=out")
    assert "take" not in answer.url and set(seats(found)) == {other.pk}


def test_a_position_that_was_closed_since_can_still_be_taken_out(
    client: Client, found: Round
) -> None:
    (gone,) = positions(found, 1)
    make_seat(found, 1, position=gone)
    Position.objects.filter(pk=gone.pk).update(state="closed")
    assert f"quota_{gone.pk}" in client.get(page_of(found)).text
    client.post(page_of(found), {f"quota_{gone.pk}": ""})
    assert not found.seats.exists()


def test_the_export_filled_in_is_imported(client: Client, found: Round) -> None:
    first, second, third = positions(found, 3)
    make_seat(found, 1, position=third)
    lines = client.get(page_of(found) + "?export=csv").content.decode("utf-8-sig").splitlines()
    header = lines[0].split(",")
    numbers = {first.pk: ("3", "2"), second.pk: ("", ""), third.pk: ("", "")}
    table = [lines[0]]
    for line in lines[1:]:
        cells = dict(zip(header, line.split(","), strict=True))
        quota, least = numbers[int(cells["position no."])]
        table.append(",".join((cells | {"quota": quota, "runs only with": least}).values()))
    with override("en"):
        sheet = sheet_named("rounds.seats")
        assert sheet
        read = examine(sheet, found, reading.read("\n".join(table).encode()))
        assert not read.problems
        sheet.save(read.rows, found, by=make_secretary(found.consortium), progress=lambda n: None)
    assert seats(found) == {first.pk: (3, 2)}


def test_a_sheet_is_checked_cell_by_cell(found: Round) -> None:
    (mine,) = positions(found, 1)
    foreign = make_position(make_consortium(), places=4)
    lines = ("position no.,quota,runs only with", f"{mine.pk},9,", f"{mine.pk},2,3")
    file = "\n".join([*lines, f"{foreign.pk},1,"]).encode()
    with override("en"):
        sheet = sheet_named("rounds.seats")
        assert sheet
        problems = examine(sheet, found, reading.read(file)).problems
    assert {(it.row, it.field) for it in problems} == {
        (2, "quota"),
        (3, "minimum"),
        (3, "number"),
        (4, "number"),
    }


def test_only_while_it_is_prepared_and_only_its_secretariat(client: Client, found: Round) -> None:
    (mine,) = positions(found, 1)
    make_seat(found, 1, position=mine)
    sheet = sheet_named("rounds.seats")
    assert sheet
    secretary, stranger = make_secretary(found.consortium), make_secretary(make_consortium())
    assert sheet.permitted(secretary, found) and not sheet.permitted(stranger, found)
    client.force_login(stranger)
    assert client.get(page_of(found)).status_code == 404
    assert client.post(f"{page_of(found)}all/").status_code == 404
    services.open_wishes(found, by=secretary)
    client.force_login(secretary)
    assert client.post(page_of(found), {f"quota_{mine.pk}": ""}).status_code == 403
    assert client.post(f"{page_of(found)}all/?take=out").status_code == 403
    assert seats(found) == {mine.pk: (1, 0)}


def test_a_page_asks_as_often_for_many_as_for_one(client: Client, found: Round) -> None:
    counts = []
    for more in (1, 29):
        positions(found, more)
        client.get(page_of(found))
        with CaptureQueriesContext(connection) as asked:
            client.get(page_of(found))
        counts.append(len(asked))
    assert counts[0] == counts[1]
