"""Reserves in a run, places that are given back, decisions by hand, rehearsals, further rounds."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from silian.engines.explain import explain
from silian.engines.matching import match
from silian.engines.replacing import fill
from silian.governance.members.tests.factories import make_secretary
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.talent.criteria.tests.factories import make_criterion, make_reserve
from silian.talent.offers import deciding, services
from silian.talent.offers.explaining import explain_list, explain_seat
from silian.talent.offers.second import prepare_second_round
from silian.talent.placement import services as running
from silian.talent.placement.market import load_market
from silian.talent.placement.models import Decision, Placement
from silian.talent.placement.rehearsing import delete_rehearsal, rehearse
from silian.talent.placement.tests.factories import run_round
from silian.talent.profiles.tests.factories import make_school
from silian.talent.rounds import services as rounds
from silian.talent.rounds.models import Round, Seat
from silian.talent.rounds.policy import visible_rounds
from silian.talent.rounds.tests.factories import make_round, make_seat
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.models import WishList
from silian.talent.wishes.policy import may_join
from silian.talent.wishes.tests.factories import make_wishes

pytestmark = pytest.mark.django_db
SAME = {"not eligible": ("barred", "kept"), "not ranked": ("refused",)}


def prepared(quotas: tuple[int, ...], **fields: object) -> tuple[Round, list[Seat]]:
    later = clock.now() + timedelta(days=60)
    found = make_round(rule=Round.Rule.POINTS, **({"replace_until": later} | fields))
    return found, [make_seat(found, quota) for quota in quotas]


def opened(found: Round) -> User:
    by = make_user()
    rounds.open_wishes(found, by=by)
    return by


def published(found: Round) -> None:
    close_wishes(found, by=None)
    run_round(found)
    running.publish_round(found, by=None)
    found.refresh_from_db()


def random_round(seed: int, *, hard: bool = False) -> tuple[Round, list[Seat], list[WishList]]:
    """Four seats with reserves for one of two schools, and fourteen students."""
    chance = np.random.default_rng(seed)
    found, seats = prepared((1, 2, 2, 3))
    ours, theirs = make_school(), make_school()
    for seat in seats[1:]:
        make_reserve(seat, kind="school", school=ours, hard=hard)
    opened(found)
    lists = []
    for number in range(14):
        wanted = chance.permutation(4)[: chance.integers(1, 5)]
        lists.append(
            make_wishes(
                found,
                *(seats[i] for i in wanted),
                school=(ours, theirs)[number % 2],
                points=int(chance.integers(60, 64)),
            )
        )
    return found, seats, lists


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_explanations_with_reserves_are_those_of_the_engine(seed: int, hard: bool) -> None:
    found, seats, _lists = random_round(seed, hard=hard)
    close_wishes(found, by=None)
    run = run_round(found)
    loaded = load_market(found)
    matching = match(loaded.market)
    for number, key in enumerate(loaded.lists.tolist()):
        ours = [part for it in explain_list(run, found.wish_lists.get(pk=key)) for part in it.parts]
        theirs = explain(loaded.market, matching, number)
        for mine, engine in zip(ours, theirs, strict=True):
            assert mine.fate in SAME.get(engine.outcome, (engine.outcome.value,))
            assert mine.reason == engine.decided_by
    told = [explain_seat(run, seat) for seat in seats]
    assert sum(it.filled for it in told) == run.summary["placed"]


@pytest.mark.parametrize("hard", [False, True])
def test_the_bundle_of_a_round_with_reserves_verifies(hard: bool, tmp_path: Path) -> None:
    found, _seats, _lists = random_round(3, hard=hard)
    close_wishes(found, by=None)
    archive = tmp_path / "round.zip"
    archive.write_bytes(bytes(run_round(found).bundle.archive))
    subprocess.run(["unzip", "-q", archive, "-d", tmp_path / "b"], check=True)
    script = tmp_path / "b" / "verify_bundle.py"
    assert len(script.read_text().splitlines()) < 100
    assert subprocess.run([sys.executable, "-I", script, archive], check=False).returncode == 0
    assert "/1," in (tmp_path / "b" / "positions.csv").read_text()


@pytest.mark.parametrize("seed", range(3))
def test_a_chain_by_offers_ends_where_the_engine_s_chain_ends(seed: int) -> None:
    found, _seats, _lists = random_round(seed)
    published(found)
    loaded = load_market(found)
    matching = match(loaded.market)
    leaver = found.placements.order_by("pk")[seed]
    number = loaded.lists.tolist().index(leaver.wish.list_id)
    gone = np.arange(len(loaded.lists)) == number
    moves = fill(
        loaded.market,
        np.where(gone, -1, matching.wishes),
        [int(matching.assignment[number])],
        gone,
    )
    services.decline_offer(leaver, reason="x", by=leaver.student.user)
    expected = {key: matching.wishes[n] for n, key in enumerate(loaded.lists.tolist())}
    expected[leaver.wish.list_id] = -1
    for step in moves:
        expected[int(loaded.lists[step.student])] = step.wish
    held = {it.wish.list_id: it for it in found.placements.filter(state="offered")}
    for key, wish in expected.items():
        if wish < 0:
            assert key not in held
            continue
        edge = loaded.market.offsets[loaded.lists.tolist().index(key)] + wish
        part = loaded.parts.reserves[loaded.market.positions[edge]]
        assert held[key].wish_id == loaded.wishes[edge]
        assert (held[key].reserve_id or 0) == loaded.reserves[part]


def test_who_accepted_moves_up_only_by_accepting_and_the_chain_goes_on() -> None:
    found, (first, second) = prepared((1, 1))
    opened(found)
    best, middle, last = (
        make_wishes(found, first, second, points=points) for points in (90, 80, 70)
    )
    published(found)
    one, two = best.student.placements.get(), middle.student.placements.get()
    services.accept_offer(two, by=middle.student.user)
    services.decline_offer(one, reason="x", by=best.student.user)
    better = middle.student.placements.get(state="offered")
    assert better.seat == first and better.origin == Placement.Origin.REPLACEMENT
    assert not last.student.placements.exists()
    services.accept_offer(better, by=middle.student.user)
    two.refresh_from_db()
    assert two.state == Placement.State.MOVED
    assert last.student.placements.get().seat == second
    assert Notice.objects.filter(to=last.student.user).exists()


def test_an_unanswered_offer_lapses_to_the_next() -> None:
    found, (seat,) = prepared((1,))
    opened(found)
    one, two = (make_wishes(found, seat, points=points) for points in (90, 80))
    published(found)
    offer = one.student.placements.get()
    Placement.objects.filter(pk=offer.pk).update(answer_until=clock.now())
    assert services.lapse_overdue() == 1
    given = two.student.placements.get()
    assert given.answer_until <= clock.now() + timedelta(days=found.answer_days)


def test_without_replacement_a_place_stays_free_and_a_confirmed_one_stands() -> None:
    found, (seat,) = prepared((1,), replace_until=None)
    opened(found)
    one, two = (make_wishes(found, seat, points=points) for points in (90, 80))
    published(found)
    services.decline_offer(one.student.placements.get(), reason="x", by=one.student.user)
    assert not two.student.placements.exists()


def test_a_decision_by_hand_stays_visible_with_its_reason(client: Client) -> None:
    found, (first, second) = prepared((1, 1))
    opened(found)
    winner, loser = (make_wishes(found, first, points=points) for points in (90, 80))
    published(found)
    secretary = make_secretary(found.consortium)
    client.force_login(secretary)
    home = f"/{found.consortium.slug}/placement/{found.pk}/"
    answer = client.post(
        f"{home}placements/by-hand/",
        {"student": loser.student_id, "seat": first.pk, "reason": "Needs it"},
    )
    assert "no place left" in answer.text and "Needs it" in answer.text
    facts = {"student": loser.student_id, "seat": second.pk, "reason": "Close to home"}
    client.post(f"{home}placements/by-hand/", facts)
    given = loser.student.placements.get()
    assert (given.seat, given.origin, given.wish) == (second, "by_hand", None)
    client.logout()
    text = client.get(f"{home}result/").text
    assert "Close to home" in text and loser.code in text
    assert str(loser.student) not in text
    assert b"decisions.csv" in client.get(f"{home}result/bundle.zip").content
    deciding.end_place(winner.student.placements.get(), reason="Left the region", by=secretary)
    assert [it.kind for it in Decision.objects.all()] == ["give", "end"]


def test_strangers_decide_nothing(client: Client) -> None:
    found, (seat,) = prepared((1,))
    opened(found)
    wishes = make_wishes(found, seat)
    published(found)
    offer = wishes.student.placements.get()
    home = f"/{found.consortium.slug}/placement/"
    client.force_login(make_secretary(make_round().consortium))
    assert client.get(f"{home}{found.pk}/placements/by-hand/").status_code == 403
    assert client.post(f"{home}{found.pk}/second/").status_code == 403
    assert client.post(f"{home}offers/{offer.pk}/end/", {"reason": "x"}).status_code == 404


def test_the_next_round_takes_what_is_left_and_whom_nobody_took() -> None:
    found, (first, second) = prepared((1, 3))
    make_criterion(found, title_zh="面试", weight=0)
    opened(found)
    placed, left = (make_wishes(found, first, points=points) for points in (90, 80))
    published(found)
    offer = placed.student.placements.get()
    services.accept_offer(offer, by=placed.student.user)
    services.confirm_placement(offer, by=make_user())
    nxt = prepare_second_round(found, by=make_user())
    assert [(it.position, it.quota) for it in nxt.seats.all()] == [(second.position, 3)]
    assert nxt.criteria.get().title_zh == "面试"
    assert "第二轮" in nxt.title_zh
    assert not may_join(placed.student, nxt)
    assert may_join(left.student, nxt)


def test_a_rehearsal_is_computed_seen_by_its_secretariat_alone_and_deleted(
    client: Client,
) -> None:
    found, _seats, lists = random_round(1)
    secretary = make_secretary(found.consortium)
    notices = Notice.objects.count()
    copy = rehearse(found, by=secretary)
    run = running.compute_round(copy, by=secretary)
    copy.refresh_from_db()
    assert copy.state == Round.State.REHEARSAL
    assert run.summary["students"] == len(lists)
    assert Notice.objects.count() == notices
    assert copy not in visible_rounds(lists[0].student.user)
    home = f"/{found.consortium.slug}/placement/"
    client.force_login(secretary)
    assert client.get(f"{home}{copy.pk}/rehearsal/").status_code == 200
    assert client.get(f"{home}{copy.pk}/result/").status_code == 404
    assert client.get(f"{home}{found.pk}/rehearsal/").status_code == 404  # it rehearses nothing
    client.force_login(make_secretary(make_round().consortium))
    assert client.get(f"{home}{copy.pk}/rehearsal/").status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=copy.pk).update(**{"state": "published"})
    delete_rehearsal(copy, by=secretary)
    assert not Round.objects.filter(rehearses=found).exists()
    assert found.wish_lists.count() == len(lists)


def test_a_seat_below_its_minimum_is_reported_and_can_be_taken_out(client: Client) -> None:
    found, (small, other) = prepared((5, 1))
    Seat.objects.filter(pk=small.pk).update(minimum=3)
    opened(found)
    wishes = make_wishes(found, small, other)
    close_wishes(found, by=None)
    run = run_round(found)
    assert run.summary["short"] == 1
    secretary = make_secretary(found.consortium)
    client.force_login(secretary)
    home = f"/{found.consortium.slug}/placement/{found.pk}/"
    assert "runs only with 3" in client.get(f"{home}conduct/").text
    running.discard_run(found, reason="Too few", by=secretary)
    client.post(f"{home}seats/{small.pk}/close/", {"reason": "Fewer than three"})
    again = run_round(found)
    assert again.grants.get().wish.seat == other
    running.publish_round(found, by=secretary)
    client.force_login(wishes.student.user)
    assert "Fewer than three" in client.get(f"{home}result/mine/").text


def test_points_and_the_employer_s_score_are_weighed() -> None:
    found = make_round(rule=Round.Rule.WEIGHTED, employer_weight=60)
    seat = make_seat(found)
    opened(found)
    strong, liked = (make_wishes(found, seat, points=points) for points in (90, 70))
    close_wishes(found, by=None)
    seat.wishes.filter(list=liked).update(score=90)
    seat.wishes.filter(list=strong).update(score=50)
    Seat.objects.filter(pk=seat.pk).update(ranking_done=True)
    run = run_round(found)
    assert run.grants.get().wish.list == liked
    strong.refresh_from_db()
    (told,) = explain_list(run, strong)
    assert (told.reason, told.mine, told.points_short) == ("points", 66, 16)
