"""The office prepares a practical exam; examiners see their stations, nobody else anything."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.education.examiners.tests.factories import make_card, make_examiner, make_relation
from silian.education.items.tests.factories import occupation
from silian.education.practicals import services
from silian.education.practicals.models import Criterion, Entrant, Practical, Station, Turn
from silian.education.practicals.tests.factories import (
    announced,
    make_announced_practical,
    make_entrant,
    make_panel,
    make_practical,
    make_rubric,
    make_station,
    make_whole_practical,
)
from silian.education.rubrics.imports import Rubric
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
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.models import Import

pytestmark = pytest.mark.django_db


def page(practical: Practical, rest: str = "") -> str:
    return f"/{practical.consortium.slug}/practicals/{practical.pk}/{rest}"


def test_the_office_sets_up_an_exam_and_a_mistake_costs_nothing_that_was_typed(
    client: Client,
) -> None:
    consortium, school = make_consortium(), make_organisation()
    make_membership(consortium, school)
    client.force_login(make_staff(school))
    begins = (clock.now() + timedelta(days=3)).replace(hour=1, minute=0)
    typed = {
        "organiser": school.pk,
        "title_zh": "数控车工三级实操",
        "occupation": occupation().code,
        "level": "3",
        "begins_at": f"{begins:%Y-%m-%dT09:00}",
        "changeover": 5,
        "pauses_at": "12:00",
        "examiners": 3,
        "difference": 10,
    }
    address = reverse("practicals:practical_new", args=[consortium])
    wrong = {"ends_by": "08:00", "examiners": 2}
    refused = client.post(address, typed | wrong).text
    for said in ("beginning and an end", "after the hour", "greater than or equal to 3"):
        assert said in refused
    assert "数控车工三级实操" in refused and not Practical.objects.exists()
    client.post(address, typed | {"resumes_at": "13:30", "ends_by": "17:30"})
    practical = Practical.objects.get()
    assert practical.organiser == school and str(practical.pauses_at) == "12:00:00"
    assert "There is no station yet." in client.get(page(practical)).text


def test_stations_and_criteria_are_entered_and_what_is_wrong_stands_at_its_field(
    client: Client,
) -> None:
    practical = make_practical()
    client.force_login(make_secretary(practical.consortium))
    typed = {"name_zh": "车削", "place": "1号车间", "desks": 0, "minutes": 60, "weight": 100}
    refused = client.post(page(practical, "stations/new/"), typed).text
    assert "Must be more than 0" in refused and "1号车间" in refused
    client.post(page(practical, "stations/new/"), typed | {"desks": 4})
    station = Station.objects.get()
    rubric = page(practical, f"stations/{station.pk}/criteria/new/")
    line = {"kind": "measured", "name_zh": "外圆", "points": 100, "nominal": "20"}
    refused = client.post(rubric, line).text
    assert "A measurement needs this value." in refused and "外圆" in refused
    judged = {"kind": "judged", "name_zh": "工艺", "points": 40, "critical": True, "below": "1"}
    refused = client.post(rubric, judged).text
    assert "Only for what is measured." in refused and "can fail the exam" in refused
    client.post(rubric, line | {"below": "0.02", "above": "0.03", "unit": "mm"})
    criterion = Criterion.objects.get()
    assert (criterion.below, criterion.order) == (Decimal("0.02"), 1)
    client.post(page(practical, f"stations/{station.pk}/criteria/{criterion.pk}/edit/"), judged)
    client.post(page(practical, f"stations/{station.pk}/criteria/{criterion.pk}/remove/"))
    assert not Criterion.objects.exists()
    client.post(page(practical, f"stations/{station.pk}/remove/"))
    assert not Station.objects.exists()


def test_a_rubric_leaves_as_a_file_and_comes_back_the_same(client: Client) -> None:
    practical = make_practical()
    station, other = make_station(practical, weight=50), make_station(practical, weight=50)
    make_rubric(station)
    secretary = make_secretary(practical.consortium)
    client.force_login(secretary)
    left = client.get(page(practical, f"stations/{station.pk}/?export=xlsx"))
    content = b"".join(left.streaming_content) if left.streaming else left.content
    address = reverse("sheets:import", args=["rubrics.rubric", other.pk])
    client.post(address, {"file": SimpleUploadedFile("rubric.xlsx", content)})
    found = Import.objects.get()
    assert client.post(f"{address}{found.pk}/confirm/").status_code == 302
    names = "order kind name_zh points critical photo unit nominal below above".split()
    assert list(other.criteria.values_list(*names)) == list(station.criteria.values_list(*names))


def test_a_rubric_by_sheet_takes_the_place_of_the_old_one() -> None:
    station = make_station(make_practical())
    make_rubric(station)
    secretary = make_secretary(station.practical.consortium)
    sheet = Rubric()
    assert sheet.permitted(secretary, station)
    assert not sheet.permitted(make_user(), station)
    row = Rubric.row_form(
        {"kind": "measured", "name_zh": "孔径", "points": "30", "nominal": "8", "below": "-1"}
    )
    assert set(row.errors) == {"below", "above"}


def test_stations_are_copied_from_an_earlier_exam_of_ones_own(client: Client) -> None:
    practical = make_practical()
    make_station(practical)
    earlier = make_announced_practical(consortium=practical.consortium, stations=2)
    elsewhere = make_whole_practical()
    client.force_login(make_secretary(practical.consortium))
    said = client.post(page(practical, "copy/"), {"source": elsewhere.pk}).text
    assert "Select a valid choice" in said and practical.stations.count() == 1
    client.post(page(practical, "copy/"), {"source": earlier.pk})
    assert practical.stations.count() == 2
    assert Criterion.objects.filter(station__practical=practical).count() == 6
    assert not practical.stations.filter(panel__isnull=False).exists()


def test_an_examiner_without_a_valid_card_is_refused_by_name_and_reason(client: Client) -> None:
    station = make_station(make_practical())
    practical = station.practical
    fit = [make_examiner(practical.consortium) for _n in range(3)]
    old = make_examiner(practical.consortium, card=False)
    make_card(old, days=-1)
    elsewhere = make_examiner()
    client.force_login(make_secretary(practical.consortium))
    address = page(practical, f"stations/{station.pk}/panel/")
    typed = {"examiners": [one.pk for one in (*fit, old)], "chief": fit[0].pk}
    refused = client.post(address, typed).text
    assert f"{old}: The card is valid until" in refused and not station.panel.exists()
    typed["examiners"] = [fit[1].pk]
    assert "The chief is one of the examiners." in client.post(address, typed).text
    typed["examiners"] = [fit[0].pk, elsewhere.pk]
    assert "Select a valid choice" in client.post(address, typed).text
    typed["examiners"] = [one.pk for one in fit]
    client.post(address, typed)
    assert station.panel.get(chief=True).examiner == fit[0] and station.panel.count() == 3
    typed["chief"] = fit[2].pk
    client.post(address, typed)
    assert station.panel.get(chief=True).examiner == fit[2]


def test_once_announced_an_examiner_is_replaced_by_one_who_may_judge_everybody(
    client: Client,
) -> None:
    practical = make_announced_practical()
    station, entrant = practical.stations.get(), practical.entrants.all()[0]
    chief, *others = [one.examiner for one in station.panel.all()]
    substitute = make_examiner(practical.consortium)
    make_relation(substitute, entrant.person)
    client.force_login(make_secretary(practical.consortium))
    address = page(practical, f"stations/{station.pk}/panel/")
    typed = {"examiners": [chief.pk, others[0].pk, substitute.pk], "chief": chief.pk}
    assert "too few are left" in client.post(address, typed).text
    assert {one.examiner for one in station.panel.all()} == {chief, *others}
    assert client.post(page(practical, "stations/new/"), {}).status_code == 403


def test_strangers_learn_nothing_and_examiners_see_their_station_once_announced(
    client: Client,
) -> None:
    practical = make_whole_practical(stations=2)
    mine, other = practical.stations.all()
    examiner = mine.panel.all()[1].examiner.user
    candidate = practical.entrants.all()[0]
    elsewhere = make_staff(make_membership(practical.consortium).organisation)
    rests = ["", "edit/", "candidates/", "plan/", "tickets/", f"stations/{mine.pk}/"]
    rests += [f"candidates/{candidate.pk}/", f"stations/{mine.pk}/plan/"]
    rests += [f"stations/{mine.pk}/sheet.pdf", f"candidates/{candidate.pk}/ticket.pdf"]
    strangers = make_user(), elsewhere, make_secretary(make_consortium())
    for user in (*strangers, examiner):
        client.force_login(user)
        for rest in rests:
            assert client.get(page(practical, rest)).status_code == 404, rest
        index = client.get(f"/{practical.consortium.slug}/practicals/").text
        assert practical.title_zh not in index
    announced(practical)
    client.force_login(examiner)
    said = client.get(page(practical)).text
    assert mine.name_zh in said and other.name_zh not in said
    assert (
        candidate.person.name not in client.get(page(practical, f"stations/{mine.pk}/plan/")).text
    )
    assert client.get(page(practical, f"stations/{mine.pk}/")).status_code == 200
    assert client.get(page(practical, f"stations/{other.pk}/")).status_code == 404
    for rest in ("edit/", "candidates/", "plan/", "tickets/", f"stations/{mine.pk}/panel/"):
        assert client.get(page(practical, rest)).status_code == 403, rest
    assert client.get(page(practical, f"candidates/{candidate.pk}/")).status_code == 404


def test_the_register_is_offered_to_whom_it_opens(client: Client) -> None:
    practical = make_practical()
    bare = make_organisation()
    make_membership(practical.consortium, bare)
    register = f"/{practical.consortium.slug}/examiners/"
    secretary, judge = make_secretary(practical.consortium), make_examiner(practical.consortium)
    for user, opens in ((secretary, True), (judge.user, True), (make_staff(bare), False)):
        client.force_login(user)
        offered = (
            f'href="{register}"' in client.get(f"/{practical.consortium.slug}/practicals/").text
        )
        assert offered == opens == (client.get(register).status_code == 200)


def test_announcing_and_cancelling_tell_those_concerned(client: Client) -> None:
    practical = make_practical()
    client.force_login(make_secretary(practical.consortium))
    assert client.post(page(practical, "do/announce/")).status_code == 403
    whole = make_whole_practical(practical.consortium)
    sitter = make_person()
    Entrant.objects.filter(pk=whole.entrants.all()[0].pk).update(person=sitter)
    client.post(page(whole, "do/announce/"))
    whole.refresh_from_db()
    judges = {one.examiner.user_id for one in whole.stations.get().panel.all()}
    assert whole.state == "announced"
    assert set(Notice.objects.values_list("to", flat=True)) == {sitter.user_id, *judges}
    client.post(page(whole, "do/cancel/"), {"reason": " "})
    assert Notice.objects.count() == 4
    client.post(page(whole, "do/cancel/"), {"reason": "停电"})
    whole.refresh_from_db()
    assert whole.state == "cancelled" and Notice.objects.count() == 8
    assert client.post(page(whole, "do/nothing/")).status_code == 404


def test_whoever_is_entered_is_entered_once_and_the_plan_is_drawn_anew() -> None:
    practical = make_whole_practical(entrants=0)
    secretary, firm = make_secretary(practical.consortium), make_organisation()
    people = [make_person(user=None) for _n in range(3)]
    assert services.enter(practical, [(people[0], firm), (people[1], None)], by=secretary) == 2
    first = practical.entrants.get(person=people[0])
    assert first.organisation == firm and first.number.endswith("0001")
    assert services.enter(practical, [(p, None) for p in people], by=secretary) == 1
    assert practical.entrants.get(person=people[0]).organisation == firm
    services.remove_entrant(practical.entrants.get(person=people[1]), by=secretary)
    again = [(make_person(user=None), None)]
    services.enter(practical, again, by=secretary)
    assert sorted(n[-4:] for n in practical.entrants.values_list("number", flat=True)) == [
        "0001",
        "0003",
        "0004",
    ]


def test_a_number_is_not_given_twice_after_a_removal_or_another_day() -> None:
    practical = make_practical()
    secretary = make_secretary(practical.consortium)

    def enter(many: int) -> None:
        people = [(make_person(user=None), None) for _n in range(many)]
        assert services.enter(practical, people, by=secretary) == many

    enter(3)
    services.remove_entrant(practical.entrants.get(number__endswith="0001"), by=secretary)
    enter(1)
    practical.begins_at -= timedelta(days=1)
    services.save_practical(practical, by=secretary)
    enter(1)
    practical.begins_at += timedelta(days=1)
    services.save_practical(practical, by=secretary)
    enter(1)
    numbers = practical.entrants.values_list("number", flat=True)
    assert sorted(number[-4:] for number in numbers) == ["0002", "0003", "0004", "0005", "0006"]
    said = set(Entry.objects.filter(action__contains="andidate").values_list("action", flat=True))
    assert said == {"Exam candidates entered", "Exam candidate removed"}


@pytest.mark.parametrize("change", ["station", "desks", "entrant", "begins"])
def test_what_the_plan_rests_on_undoes_it(change: str) -> None:
    practical = make_whole_practical()
    secretary = make_secretary(practical.consortium)
    station = practical.stations.get()
    station.name_zh = "改名"
    services.save_station(station, by=secretary)
    assert Turn.objects.exists(), "a name changes nothing"
    if change == "station":
        services.remove_station(station, by=secretary)
    elif change == "desks":
        station.desks = 2
        services.save_station(station, by=secretary)
    elif change == "entrant":
        services.remove_entrant(practical.entrants.all()[0], by=secretary)
    else:
        practical.begins_at += timedelta(hours=1)
        services.save_practical(practical, by=secretary)
    assert not Turn.objects.exists()


def test_an_exam_that_draws_near_waits_for_its_office() -> None:
    near = make_practical(begins_at=clock.now() + timedelta(days=3))
    far = make_practical(near.consortium, begins_at=clock.now() + timedelta(days=30))
    for user in (make_secretary(near.consortium), make_staff(near.organiser)):
        labels = [todo.label for todo in todos_of(user)]
        assert any(near.title in label for label in labels)
        assert not any(far.title in label for label in labels)


@pytest.mark.parametrize("rest", ["", "stations/{station}/", "candidates/", "plan/", "tickets/"])
def test_pages_ask_the_same_with_many(client: Client, rest: str) -> None:
    practical = make_whole_practical(entrants=1)
    station = practical.stations.get()
    client.force_login(make_secretary(practical.consortium))
    address = page(practical, rest.format(station=station.pk))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len([one for one in asked if "consents_view" not in one["sql"]])

    queries()
    one = queries()
    for _n in range(12):
        make_entrant(practical, organisation=make_organisation())
    make_rubric(make_station(practical, weight=1))
    make_panel(practical.stations.all()[1])
    for _n in range(12):
        Criterion.objects.create(
            station=station, order=10 + _n, name_zh="点", kind="checked", points=1
        )
    assert queries() == one
