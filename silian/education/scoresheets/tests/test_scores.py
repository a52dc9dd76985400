"""What a practical exam comes to."""

from decimal import Decimal

import pytest

from silian.education.examiners.tests.factories import make_relation
from silian.education.judging.services import excuse
from silian.education.judging.tests.tablets import make_judged_turn, run, tablets_of
from silian.education.practicals.models import Practical, Turn
from silian.education.practicals.tests.factories import make_announced_practical
from silian.education.scoresheets.scores import (
    PracticalScore,
    practical_breakdown,
    practical_scores,
)
from silian.education.scoresheets.services import correct, result_of
from silian.governance.members.tests.factories import make_secretary

pytestmark = pytest.mark.django_db


def test_nothing_is_known_until_all_sheets_are_in() -> None:
    turn = make_judged_turn("50", "51")
    practical, person = turn.station.practical, turn.entrant.person_id
    assert practical_scores(practical) == {person: PracticalScore(None)}
    result, *_others = practical_breakdown(practical, person)
    assert len(result.sheets) == 2 and len(result.missing) == 1 and result.points is None


def test_a_turn_is_the_mean_of_its_panel_and_stations_count_by_weight() -> None:
    practical = make_announced_practical(entrants=1, stations=2)
    first = make_judged_turn("50", "50", "51", practical=practical)
    second = Turn.objects.exclude(pk=first.pk).get()
    person = first.entrant.person_id
    assert practical_breakdown(practical, person)[0].points == Decimal("90.33")
    chief = tablets_of(practical)[0]
    place = second.station.panel.get(chief=True)
    chief.panellist = place
    chief.client.force_login(place.examiner.user)
    chief.open()
    chief.journal = []
    run(chief, second, "absent")
    score = practical_scores(practical)[person]
    assert score == PracticalScore(Decimal("45.17"))  # half of 90.33, half up


def test_who_came_to_no_station_has_no_points() -> None:
    practical = make_announced_practical(entrants=1)
    turn = Turn.objects.get(station__practical=practical)
    run(tablets_of(practical)[0], turn, "absent")
    score = practical_scores(practical)[turn.entrant.person_id]
    assert score == PracticalScore(Decimal(0), absent=True)


def judged_as_done(*done: bool) -> Turn:
    practical = make_announced_practical(entrants=1)
    Practical.objects.filter(pk=practical.pk).update(difference=100)
    turn = Turn.objects.get(station__practical=practical)
    tablets = tablets_of(practical)
    run(tablets[0], turn, "begin", "finish")
    for tablet, said in zip(tablets, done, strict=False):
        assert tablet.judge(turn, "50", done=said).status_code == 200
    return turn


def test_a_critical_point_fails_by_majority() -> None:
    turn = judged_as_done(True, False, False)
    assert practical_scores(turn.station.practical)[turn.entrant.person_id].failed
    turn = judged_as_done(True, True, False)
    assert not practical_scores(turn.station.practical)[turn.entrant.person_id].failed


def test_half_of_a_panel_is_no_majority_somebody_has_to_decide() -> None:
    turn = judged_as_done(True, False)
    practical, person = turn.station.practical, turn.entrant.person_id
    missing = practical_breakdown(practical, person)[0].missing[0]
    excuse(turn, missing, reason="生病", by=make_secretary(practical.consortium))
    result = practical_breakdown(practical, person)[0]
    assert result.complete and result.undecided and result.split and result.points is None


def test_an_examiner_who_is_kept_apart_is_not_waited_for() -> None:
    practical = make_announced_practical(entrants=1)
    turn = Turn.objects.get(station__practical=practical)
    last = tablets_of(practical)[-1]
    make_relation(last.panellist.examiner, turn.entrant.person)
    make_judged_turn("50", "52", practical=practical)
    result = practical_breakdown(practical, turn.entrant.person_id)[0]
    assert not result.missing and result.points == Decimal("91.00")


def test_nobody_judges_alone() -> None:
    turn = make_judged_turn("50")
    for one in turn.station.panel.exclude(sheets__turn=turn):
        make_relation(one.examiner, turn.entrant.person)
    result = result_of(turn)
    assert len(result.sheets) == 1 and not result.missing and result.points is None


def test_a_correction_takes_the_place_of_everything_before() -> None:
    turn = make_judged_turn("50", "50", "50")
    practical, person = turn.station.practical, turn.entrant.person_id
    office = make_secretary(practical.consortium)
    facts = {"failed": False, "reason": "申诉成立", "by": office}
    for points in ("61.50", "62.00"):
        correct(turn, points=Decimal(points), **facts)  # type: ignore[arg-type]
    assert practical_scores(practical)[person].points == Decimal("62.00")
    assert turn.sheets.count() == 3 and turn.corrections.count() == 2


def test_scores_ask_the_same_however_many_there_are(
    django_assert_max_num_queries: object,
) -> None:
    practical = make_announced_practical(entrants=3, stations=2)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert len(practical_scores(practical)) == 3
