import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from silian.engines.explain import Outcome as Fate
from silian.engines.explain import explain
from silian.engines.matching import match
from silian.kernel.states import IllegalMove
from silian.talent.offers.explaining import explain_list
from silian.talent.placement import services
from silian.talent.placement.market import load_market
from silian.talent.placement.models import Grant
from silian.talent.placement.tests.factories import claim, make_contest, run_round
from silian.talent.rounds.models import Round
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.models import Wish
from silian.talent.wishes.tests.factories import make_open_round, make_wishes

pytestmark = pytest.mark.django_db

SAME = {Fate.NOT_ELIGIBLE: "barred", Fate.NOT_RANKED: "refused"}


def test_the_ranking_decides_then_points() -> None:
    found, (anna, _ben, chen, dora, _emil) = make_contest()
    run = run_round(found)
    assert found.state == Round.State.COMPUTED
    granted = {grant.wish.list: grant.wish.order for grant in run.grants.all()}
    assert granted == {anna: 1, chen: 2}
    assert run.summary["by_choice"] == [1, 1]
    assert run.summary["unmatched"] == {"no_wish": 0, "none_counts": 0, "passed_over": 3}
    assert [it.fate for it in explain_list(run, chen)] == ["refused", "held"]
    assert [(it.fate, it.reason) for it in explain_list(run, dora)] == [
        ("passed over", "ranking"),
        ("passed over", "points"),
    ]
    assert [it.points_short for it in explain_list(run, dora)][1] == 15


def test_without_rankings_points_then_the_draw_decide() -> None:
    found = make_open_round((1,), rule=Round.Rule.POINTS)
    seat = found.seats.get()
    lists = [make_wishes(found, seat) for _ in range(4)]
    close_wishes(found, by=None)
    run = run_round(found)
    for wish_list in lists:
        wish_list.refresh_from_db()
        (explained,) = explain_list(run, wish_list)
        first = wish_list.draw == 0
        assert (explained.fate, explained.reason) == (
            ("held", None) if first else ("passed over", "lottery")
        )


@pytest.mark.parametrize("rule", Round.Rule.values)
@pytest.mark.parametrize("seed", range(4))
def test_explanations_are_those_of_the_engine(rule: str, seed: int) -> None:
    chance = np.random.default_rng(seed)
    found = make_open_round((1, 2, 1, 3), rule=rule)
    seats = list(found.seats.all())
    for _ in range(14):
        wanted = chance.permutation(4)[: chance.integers(0, 5)]
        make_wishes(found, *(seats[i] for i in wanted), points=int(chance.integers(60, 64)))
    close_wishes(found, by=None)
    for seat in seats[:2]:
        for rank, wish in enumerate(seat.wishes.order_by("pk")[:3], start=1):
            wish.rank = rank
            wish.save()
        Wish.objects.filter(pk__in=seat.wishes.filter(rank=None)[:1]).update(
            refused=True, refused_why="no"
        )
        seat.ranking_done = True
        seat.save()
    some = Wish.objects.filter(list__round=found, rank=None)[:2]
    Wish.objects.filter(pk__in=some).update(barred="left")
    seats[3].position.__class__.objects.filter(pk=seats[3].position_id).update(state="closed")

    run = run_round(found)

    loaded = load_market(found)
    matching = match(loaded.market)
    for number, key in enumerate(loaded.lists.tolist()):
        ours = explain_list(run, found.wish_lists.get(pk=key))
        theirs = explain(loaded.market, matching, number)
        assert [(it.fate, it.reason) for it in ours] == [
            (SAME.get(it.outcome, it.outcome.value), it.decided_by) for it in theirs
        ]
        short = [it.points_short * 100 for it in ours if it.reason == "points"]
        assert short == [it.points_short for it in theirs if it.decided_by == "points"]


def test_the_frozen_draw_is_the_engine_s() -> None:
    found, _lists = make_contest()
    loaded = load_market(found)
    draws = dict(found.wish_lists.values_list("pk", "draw"))
    assert [draws[key] for key in loaded.lists.tolist()] == loaded.market.lottery.tolist()


def test_two_runs_of_one_round_agree() -> None:
    found, _lists = make_contest()
    first = run_round(found)
    services.discard_run(found, reason="again", by=first.by)
    second = run_round(found)
    assert first.pk != second.pk
    assert first.inputs_digest == second.inputs_digest
    assert first.result_digest == second.result_digest
    assert bytes(first.bundle.archive) == bytes(second.bundle.archive)


def test_the_published_script_confirms_the_bundle_and_finds_a_forgery(tmp_path: Path) -> None:
    found, lists = make_contest()
    archive = bytes(run_round(found).bundle.archive)
    whole = tmp_path / "round.zip"
    whole.write_bytes(archive)
    subprocess.run(["unzip", "-q", whole, "-d", tmp_path / "b"], check=True)
    script = tmp_path / "b" / "verify_bundle.py"
    text = (tmp_path / "b" / "inputs.csv").read_text() + (tmp_path / "b" / "result.csv").read_text()
    assert not any(str(wishes.student) in text for wishes in lists)

    def check(target: Path) -> int:
        return subprocess.run([sys.executable, "-I", script, target], check=False).returncode

    assert check(whole) == 0
    result = tmp_path / "b" / "result.csv"
    winner = next(line for line in result.read_text().splitlines() if line[-1].isdigit())
    result.write_text(result.read_text().replace(winner, winner.split(",")[0] + ","))
    assert check(tmp_path / "b") == 1


def test_a_claimed_round_cannot_be_changed() -> None:
    found, lists = make_contest()
    wish = lists[3].wishes.first()
    claim(found)
    for change in (
        lambda: Wish.objects.filter(pk=wish.pk).update(rank=9),
        wish.delete,
        lambda: found.seats.update(quota=9),
        lambda: Round.objects.filter(pk=found.pk).update(seed="1"),
        lambda: Round.objects.filter(pk=found.pk).update(ranking_until=found.confirm_until),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_round_is_computed_once() -> None:
    found, _lists = make_contest()
    stale = Round.objects.get(pk=found.pk)
    run_round(found)
    with pytest.raises(IllegalMove):
        services.compute_round(stale, by=None)
    assert Grant.objects.count() == 2


def test_nobody_wishes_and_nothing_breaks() -> None:
    found = make_open_round((2,))
    close_wishes(found, by=None)
    run = run_round(found)
    assert run.summary["placed"] == 0
    assert run.outcomes.get().filled == 0


def test_publishing_makes_offers() -> None:
    found, (anna, *_rest) = make_contest()
    run_round(found)
    assert not anna.student.placements.exists()
    services.publish_round(found, by=None)
    assert anna.student.placements.get().state == "offered"
    assert found.published_at
