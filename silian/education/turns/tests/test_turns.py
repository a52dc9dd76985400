"""Numbers and turns are drawn; a turn is moved by hand; everybody has their own."""

from collections import defaultdict
from datetime import time, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from silian.education.practicals import services as exams
from silian.education.practicals.models import Entrant, Panellist, Practical, Station, Turn
from silian.education.practicals.tests.factories import (
    announced,
    make_announced_practical,
    make_entrant,
    make_practical,
    make_station,
    make_turn,
    make_whole_practical,
)
from silian.education.turns import services
from silian.education.turns.imports import Entrants
from silian.governance.members.tests.factories import make_membership, make_secretary
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.calendars.events import events_of
from silian.kernel.notices.models import Notice
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
NUMBERS = "11010519491231002X", "440308199901010012"


def page(practical: Practical, rest: str = "") -> str:
    return f"/{practical.consortium.slug}/practicals/{practical.pk}/{rest}"


def make_day(entrants: int = 8, **fields: object) -> Practical:
    """Two stations of different lengths; the day begins at nine."""
    nine = localtime(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0)
    practical = make_practical(begins_at=nine + timedelta(days=2), **fields)
    make_station(practical, minutes=60, desks=2, weight=60)
    make_station(practical, minutes=25, desks=1, weight=40)
    for _n in range(entrants):
        make_entrant(practical, draw=None)
    return practical


def told(practical: Practical) -> list[tuple[object, ...]]:
    rows = Turn.objects.filter(entrant__practical=practical)
    return list(rows.order_by("entrant", "station").values_list("entrant", "station", "during"))


def test_everybody_is_drawn_a_number_and_turns_by_a_seed_that_the_record_keeps() -> None:
    practical = make_day(pauses_at=time(12), resumes_at=time(13, 30), ends_by=time(17))
    secretary = make_secretary(practical.consortium)
    assert services.draw_plan(practical, by=secretary, seed=7) == 16
    numbers = list(practical.entrants.order_by("pk").values_list("draw", flat=True))
    assert sorted(numbers) == list(range(1, 9)) and numbers != list(range(1, 9))
    busy = defaultdict(list)
    for turn in Turn.objects.all():
        begins, ends = localtime(turn.during.lower), localtime(turn.during.upper)
        assert (begins.time() < time(12) and ends.time() <= time(12)) or begins.time() >= time(
            13, 30
        )
        assert time(9) <= begins.time() and ends.time() <= time(17)
        busy[turn.entrant_id].append((begins, ends))
        busy[turn.station_id, turn.desk].append((begins, ends))
    for row in busy.values():
        assert all(b[0] - a[1] >= timedelta(minutes=5) for a, b in pairwise(sorted(row)))
    first = told(practical)
    services.draw_plan(practical, by=secretary, seed=8)
    assert told(practical) != first
    services.draw_plan(practical, by=secretary, seed=7)
    assert told(practical) == first
    assert Entry.objects.filter(action="Numbers and turns drawn").last().detail["seed"] == 7


def test_what_does_not_fit_into_a_day_goes_on_the_next_and_what_fits_nowhere_is_refused() -> None:
    practical = make_day(entrants=30, ends_by=time(12))
    secretary = make_secretary(practical.consortium)
    services.draw_plan(practical, by=secretary, seed=1)
    days = {localtime(turn.during.lower).date() for turn in Turn.objects.all()}
    assert len(days) > 4
    before = told(practical)
    Station.objects.filter(order=1).update(minutes=200)
    with pytest.raises(ValidationError, match="does not fit"):
        services.draw_plan(practical, by=secretary, seed=1)
    Station.objects.filter(order=1).update(minutes=170, desks=1)
    with pytest.raises(ValidationError, match="into 30 days"):
        services.draw_plan(make_long(practical), by=secretary, seed=1)
    assert told(practical)[: len(before)] == before, "nothing is lost by what is refused"


def make_long(practical: Practical) -> Practical:
    for _n in range(5):
        make_entrant(practical, draw=None)
    return practical


def test_the_office_draws_prints_and_moves_a_turn_with_what_stands_against_it(
    client: Client,
) -> None:
    practical = make_day(entrants=3)
    client.force_login(make_secretary(practical.consortium))
    client.post(page(practical, "plan/draw/"))
    said = client.get(page(practical, "plan/")).text
    assert all(f'<th scope="row">{n}</th>' in said for n in (1, 2, 3))
    short = practical.stations.get(order=2)
    one, two = Turn.objects.filter(station=short)[:2]
    address = page(practical, f"turns/{one.pk}/")
    where = {"begins": f"{localtime(two.during.lower):%Y-%m-%dT%H:%M}", "desk": 1}
    refused = client.post(address, where).text
    assert f"Number {two.entrant.draw} works at this desk" in refused
    other = one.entrant.turns.exclude(pk=one.pk).get()
    there = {"begins": f"{localtime(other.during.lower):%Y-%m-%dT%H:%M}", "desk": 2}
    refused = client.post(address, there).text
    assert "The station has 1 desks." in refused and "The candidate is at" in refused
    evening = localtime(one.during.lower).replace(hour=19, minute=0)
    client.post(address, {"begins": f"{evening:%Y-%m-%dT%H:%M}", "desk": 1})
    one.refresh_from_db()
    assert one.during.lower == evening and (one.during.upper - one.during.lower).seconds == 1500
    assert not Notice.objects.exists(), "nobody knows of the plan yet"


def test_whoever_has_a_turn_that_is_moved_is_told(client: Client) -> None:
    practical = make_whole_practical(entrants=1)
    entrant = practical.entrants.get()
    Entrant.objects.update(person=make_person())
    entrant.refresh_from_db()
    announced(practical)
    turn = entrant.turns.get()
    later = turn.during.lower + timedelta(hours=3)
    services.move_turn(turn, desk=1, begins=later, by=make_secretary(practical.consortium))
    assert Notice.objects.get().to == entrant.person.user
    assert f"{localtime(later):%H:%M}" in Notice.objects.get().text
    exams.close_practical(practical, by=None)
    client.force_login(make_secretary(practical.consortium))
    assert client.post(page(practical, f"turns/{turn.pk}/"), {}).status_code == 403


def test_a_turn_moved_by_hand_keeps_changeover_and_breaks() -> None:
    practical = make_day(entrants=2, pauses_at=time(12), resumes_at=time(13, 30), changeover=10)
    secretary = make_secretary(practical.consortium)
    services.draw_plan(practical, by=secretary, seed=1)
    short = practical.stations.get(order=2)
    one, two = Turn.objects.filter(station=short)
    minute = services.MINUTE
    two_alone = Turn.objects.exclude(pk__in=[one.pk, two.pk]).filter(entrant=one.entrant)
    two_alone.delete()
    assert services.conflicts(one, 1, two.during.upper + 10 * minute) == []
    [said] = services.conflicts(one, 1, two.during.upper + 9 * minute)
    assert f"Number {two.entrant.draw} works at this desk" in said
    noon = localtime(practical.begins_at).replace(hour=12, minute=0)
    for begins in (noon - 24 * minute, noon + 89 * minute):
        [said] = services.conflicts(one, 1, begins)
        assert "Nobody works from" in said and "12:00" in said and "13:30" in said
    assert services.conflicts(one, 1, noon - 25 * minute) == []
    assert services.conflicts(one, 1, noon + 90 * minute) == []


def test_a_moved_turn_leaves_examiners_at_one_place() -> None:
    practical = make_whole_practical(stations=2, entrants=1)
    first, second = practical.entrants.get().turns.order_by("during")
    examiner = first.station.panel.filter(chief=False)[0].examiner
    Panellist.objects.create(station=second.station, examiner=examiner)
    make_turn(make_entrant(practical), second.station, start=200)
    other = make_turn(practical.entrants.get(draw=2), first.station, start=300)
    secretary = make_secretary(practical.consortium)
    there = practical.begins_at + timedelta(minutes=200)
    announced(practical)
    first.refresh_from_db()
    with pytest.raises(ValidationError, match=f"{examiner} judges at"):
        services.move_turn(first, desk=1, begins=there, by=secretary)
    assert Turn.objects.get(pk=first.pk).during.lower != there
    first.refresh_from_db()
    services.move_turn(first, desk=1, begins=there + timedelta(minutes=40), by=secretary)
    assert other.during.lower > there


def test_candidates_come_one_by_one_and_by_sheet_and_known_people_stay_one_person(
    client: Client,
) -> None:
    practical = make_practical()
    member = make_membership(practical.consortium).organisation
    secretary = make_secretary(practical.consortium)
    client.force_login(secretary)
    address = page(practical, "candidates/new/")
    typed = {"name": "王某", "id_number": "1101", "organisation": member.pk}
    refused = client.post(address, typed).text
    assert "王某" in refused and not Entrant.objects.exists()
    client.post(address, typed | {"id_number": NUMBERS[0]})
    assert practical.entrants.get().organisation == member
    sheet = Entrants()
    assert sheet.permitted(secretary, practical) and not sheet.permitted(make_user(), practical)
    rows = [
        Row(n, {"name": name, "id_number": number, "organisation": None})
        for n, (name, number) in enumerate(zip(("王某", "考生3"), NUMBERS, strict=True), start=2)
    ]
    twice = [*rows, Row(9, rows[0].data)]
    assert [(n, field) for n, field, _text in sheet.check(twice, practical)] == [(9, "id_number")]
    assert sheet.save(rows, practical, by=secretary, progress=lambda done: None) == 1
    assert practical.entrants.count() == 2
    assert Person.objects.filter(practical_entries__isnull=False).count() == 2
    assert dict(sheet.form(practical).members()).get(member.name_zh) == member
    said = client.get(page(practical, "candidates/?q=王")).text
    assert "王某" in said and "考生3" not in said and NUMBERS[0] not in said


def test_who_comes_is_checked_by_the_office_on_the_page_of_the_ticket(client: Client) -> None:
    practical = make_whole_practical()
    entrant = practical.entrants.all()[0]
    secretary = make_secretary(practical.consortium)
    client.force_login(secretary)
    address = page(practical, f"candidates/{entrant.pk}/do/admit/")
    assert client.post(address).status_code == 403, "not before it is announced"
    announced(practical)
    client.post(address)
    client.post(address)
    entrant.refresh_from_db()
    assert entrant.admitted_at is not None
    assert Entry.objects.filter(action="Identity checked").count() == 1
    assert client.post(page(practical, f"candidates/{entrant.pk}/do/remove/")).status_code == 403
    sheet = client.get(page(practical, "tickets/")).text
    assert entrant.person.name in sheet and entrant.number in sheet
    assert client.get(page(practical, f"candidates/{entrant.pk}/ticket.pdf")).content[:4] == b"%PDF"
    station = practical.stations.get()
    assert client.get(page(practical, f"stations/{station.pk}/sheet.pdf")).content[:4] == b"%PDF"
    chief = station.panel.all()[0].examiner.user
    client.force_login(chief)
    assert client.post(address).status_code == 404, "examiners do not learn who somebody is"


def test_candidates_find_ticket_and_turns_of_their_own_once_it_is_announced(
    client: Client,
) -> None:
    practical = make_whole_practical()
    entrant, other = practical.entrants.all()
    entrant.person = make_person()
    entrant.save()
    client.force_login(entrant.person.user)
    ticket = f"/me/practicals/{entrant.pk}/ticket.pdf"
    assert practical.title_zh not in client.get("/me/practicals/").text
    assert client.get(ticket).status_code == 404 and not events_of(entrant.person.user)
    announced(practical)
    said = client.get("/me/practicals/").text
    assert practical.title_zh in said and practical.stations.get().name_zh in said
    assert client.get(ticket).content.startswith(b"%PDF")
    assert client.get(f"/me/practicals/{other.pk}/ticket.pdf").status_code == 404
    assert client.get(page(practical)).status_code == 404
    [event] = events_of(entrant.person.user)
    assert event.start == entrant.turns.get().during.lower
    judge = practical.stations.get().panel.all()[1].examiner.user
    [watch] = events_of(judge)
    turns = Turn.objects.order_by("during")
    assert (watch.start, watch.end) == (turns[0].during.lower, turns[1].during.upper)
    client.force_login(judge)
    assert practical.stations.get().name_zh in client.get("/me/practicals/").text


def test_pages_of_the_plan_ask_the_same_with_many(client: Client) -> None:
    practical = make_announced_practical(entrants=1)
    station = practical.stations.get()
    client.force_login(make_secretary(practical.consortium))

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len([one for one in asked if "consents_view" not in one["sql"]])

    addresses = [page(practical, rest) for rest in ("plan/", f"stations/{station.pk}/plan/")]
    for address in addresses:
        queries(address)
    one = [queries(address) for address in addresses]
    Practical.objects.update(state="draft")
    practical.refresh_from_db()
    exams.enter(
        practical,
        [(make_person(user=None), None) for _n in range(12)],
        by=make_secretary(practical.consortium),
    )
    services.draw_plan(practical, by=make_secretary(practical.consortium), seed=1)
    announced(practical)
    assert [queries(address) for address in addresses] == one
