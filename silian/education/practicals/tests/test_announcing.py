"""What is missing is named, and the database takes only what is whole."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from silian.education.examiners.models import Examiner
from silian.education.examiners.tests.factories import make_card, make_examiner, make_relation
from silian.education.practicals import policy, readiness, services, teams
from silian.education.practicals.models import Criterion, Panellist, Practical, Station, Turn
from silian.education.practicals.tests.factories import (
    announced,
    make_announced_practical,
    make_entrant,
    make_panel,
    make_practical,
    make_rubric,
    make_station,
    make_turn,
    make_whole_practical,
)
from silian.governance.members.tests.factories import make_secretary
from silian.kernel.notices.models import Notice
from silian.kernel.persons.tests.factories import make_person

pytestmark = pytest.mark.django_db


def panel_of(practical: Practical) -> list[Examiner]:
    return [one.examiner for one in Panellist.objects.filter(station__practical=practical)]


def panel_of_new(practical: Practical) -> list[Examiner]:
    return [make_examiner(practical.consortium) for _n in range(3)]


def make_range(practical: Practical, start: int, end: int) -> DateTimeTZRange:
    begin = practical.begins_at
    return DateTimeTZRange(begin + timedelta(minutes=start), begin + timedelta(minutes=end))


def test_a_whole_exam_lacks_nothing_and_each_lack_is_named() -> None:
    practical = make_practical()
    assert readiness.missing(practical) == [
        "There is no station yet.",
        "No candidate is entered yet.",
    ]
    station = make_station(practical, weight=60, name_zh="车削")
    entrant = make_entrant(practical, draw=None)
    assert readiness.missing(practical) == [
        "The weights of the stations add up to 60, not to 100.",
        "车削 has no criteria yet.",
        "车削 has 0 of 3 examiners.",
        "The plan of turns is not drawn up yet.",
    ]
    Station.objects.update(weight=100)
    make_rubric(station)
    make_panel(station)
    Criterion.objects.filter(kind="judged").update(points="59.5")
    Panellist.objects.update(chief=False)
    make_turn(entrant, station)
    entrant.draw = 1
    entrant.save()
    assert readiness.missing(practical) == [
        "车削: the points add up to 99.5, not to 100.",
        "车削 has no chief examiner.",
    ]
    whole = make_whole_practical(stations=3)
    assert readiness.missing(whole) == []
    assert policy.may_announce(make_secretary(whole.consortium), whole)


def test_an_examiner_judges_within_card_day_and_avoidance() -> None:
    practical = make_practical()
    consortium = practical.consortium
    entrant = make_entrant(practical)
    fit = make_examiner(consortium)
    assert teams.may_judge(fit, practical, entrant)
    bare, old, low = (make_examiner(consortium, card=False) for _n in range(3))
    make_card(old, days=-1)
    make_card(low, highest="4")
    for one in (bare, low):
        assert teams.may_judge(one, practical).reason == "No card for this occupation and level."
    assert "valid until" in teams.may_judge(old, practical).reason
    entrant.organisation = fit.organisation
    assert "same organisation" in teams.may_judge(fit, practical, entrant).reason
    entrant.organisation = None
    make_relation(fit, entrant.person)
    reason = teams.may_judge(Examiner.objects.get(pk=fit.pk), practical, entrant).reason
    assert "stated a reason" in reason and "amily" not in reason
    entrant.person = make_person(user=old.user)
    assert teams.may_judge(old, practical, entrant).reason.startswith("The card is valid until")
    make_card(old, highest="3", valid_from="2030-01-01", valid_until="2031-01-01")
    assert "themselves" in str(teams.may_face(old, entrant.person, None).reason)


def test_a_team_has_to_be_large_enough_for_everybody() -> None:
    practical = make_whole_practical(entrants=2)
    station, (chief, second, _third) = practical.stations.get(), panel_of(practical)
    first = practical.entrants.all()[0]
    make_relation(second, first.person)
    [lack] = readiness.missing(practical)
    assert str(second) in lack and first.number in lack and "too few are left" in lack
    Panellist.objects.create(station=station, examiner=make_examiner(practical.consortium))
    assert readiness.missing(practical) == []
    make_relation(chief, first.person)
    Panellist.objects.create(station=station, examiner=make_examiner(practical.consortium))
    [lack] = readiness.missing(practical)
    assert "the chief examiner must not judge" in lack


def test_an_examiner_is_not_planned_at_two_stations_at_once() -> None:
    practical = make_practical()
    first, second = (make_station(practical, weight=50) for _n in range(2))
    for station in (first, second):
        make_rubric(station)
    chief, *others = panel_of_new(practical)
    make_panel(first, chief, *others)
    make_panel(second, chief, *panel_of_new(practical))
    one, two = (make_entrant(practical) for _n in range(2))
    make_turn(one, first, start=0)
    make_turn(two, second, start=20)
    make_turn(two, first, start=60)
    make_turn(one, second, start=100)
    [lack] = readiness.missing(practical)
    assert str(chief) in lack and "at the same time" in lack
    assert first.name in lack and second.name in lack
    assert not policy.may_announce(make_secretary(practical.consortium), practical)
    two.turns.filter(station=second).update(during=make_range(practical, 30, 60))
    assert readiness.missing(practical) == [], "one turn after another"


def test_who_does_not_judge_a_candidate_is_free_while_the_others_do() -> None:
    practical = make_whole_practical(stations=2, entrants=2)
    first, second = practical.stations.all()
    examiner = make_examiner(practical.consortium)
    for station in (first, second):
        Panellist.objects.create(station=station, examiner=examiner)
    assert [str(examiner) in lack for lack in readiness.missing(practical)] == [True]
    make_relation(examiner, practical.entrants.all()[0].person)
    assert readiness.missing(practical) == []


@pytest.mark.parametrize("lack", ["weight", "points", "chief", "team", "turn"])
def test_the_database_announces_only_what_is_whole(lack: str) -> None:
    practical = make_whole_practical(stations=2)
    if lack == "weight":
        Station.objects.filter(order=1).update(weight=49)
    elif lack == "points":
        Criterion.objects.filter(kind="judged").update(points=61)
    elif lack == "chief":
        Panellist.objects.filter(station__order=1).update(chief=False)
    elif lack == "team":
        Panellist.objects.filter(chief=False)[0].delete()
    else:
        Turn.objects.all()[0].delete()
    with pytest.raises(IntegrityError, match="not whole"), transaction.atomic():
        announced(practical)


def test_what_was_announced_stays_and_a_team_stays_whole() -> None:
    practical = make_announced_practical(stations=2)
    station = practical.stations.all()[0]
    for change in (
        lambda: Station.objects.filter(pk=station.pk).update(weight=1),
        lambda: make_station(practical, order=9),
        Criterion.objects.all()[0].delete,
        lambda: Criterion.objects.update(points=1),
        lambda: make_rubric(station),
    ):
        with pytest.raises(IntegrityError, match="stay"), transaction.atomic():
            change()
    out = station.panel.filter(chief=False)[0]
    with pytest.raises(IntegrityError, match="not whole"), transaction.atomic():
        out.delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    substitute = make_examiner(practical.consortium)
    stay = [one.examiner for one in station.panel.exclude(pk=out.pk)]
    services.set_panel(
        station, [*stay, substitute], chief=substitute, by=make_secretary(practical.consortium)
    )
    assert station.panel.get(chief=True).examiner == substitute
    assert list(Notice.objects.values_list("to", flat=True)) == [substitute.user_id]
    services.close_practical(practical, by=None)
    with pytest.raises(IntegrityError, match="stay"), transaction.atomic():
        station.panel.all()[0].delete()


def test_a_turn_is_of_one_exam_and_at_a_desk_that_there_is() -> None:
    practical, other = make_whole_practical(), make_practical()
    station, entrant = practical.stations.get(), practical.entrants.all()[0]
    for wrong in (
        lambda: make_turn(make_entrant(other), station, start=500),
        lambda: make_turn(make_entrant(practical), station, start=500, desk=2),
        lambda: make_turn(make_entrant(practical), station, start=0),
        lambda: make_turn(entrant, station, start=900),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
