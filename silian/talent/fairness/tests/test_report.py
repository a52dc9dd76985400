"""The report tells who got what, and lets nobody work out a few people."""

from itertools import combinations

import pytest
from django.test import Client
from django.utils.translation import override

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation, make_secretary
from silian.kernel.codes.tests.factories import make_code
from silian.talent.fairness.report import COUNTS, FEW, named
from silian.talent.placement import services as running
from silian.talent.placement.tests.factories import run_round
from silian.talent.rounds import services as rounds
from silian.talent.rounds.models import Round
from silian.talent.rounds.tests.factories import make_round, make_seat
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.tests.factories import make_wishes

pytestmark = pytest.mark.django_db


def settled(sizes: dict[str, tuple[int, int]]) -> Round:
    """A school for each name with so many students placed and so many not, each in a region."""
    found = make_round(rule=Round.Rule.POINTS)
    seat = make_seat(found, sum(placed for placed, _without in sizes.values()))
    rounds.open_wishes(found, by=make_secretary(found.consortium))
    regions = {name[0]: make_code("region", name_zh=f"区{name[0]}") for name in sizes}
    for name, (placed, without) in sizes.items():
        facts = {"name_zh": f"学校{name}", "region": regions[name[0]]}
        school = make_organisation(Organisation.Kind.COLLEGE, **facts)
        for points, count in ((90, placed), (10, without)):
            for _ in range(count):
                make_wishes(found, seat, school=school, points=points)
    close_wishes(found, by=None)
    run_round(found)
    return found


def test_counts_add_up_where_nothing_is_small() -> None:
    report = settled({"1a": (9, 6), "2a": (12, 7)}).runs.get().summary["fairness"]
    (whole,) = report["all"]
    assert [whole[name] for name in COUNTS] == [34, 21, 0, 0, 13]
    for by in ("school", "level", "gender", "region"):
        assert [sum(row[name] for row in report[by]) for name in COUNTS] == [34, 21, 0, 0, 13]


def test_few_without_a_place_are_not_worked_out_by_subtraction() -> None:
    """Two students of one school have no place. Every way of taking rows from sums is tried."""
    sizes = {"1a": (9, 2), "1b": (10, 6), "2a": (12, 7), "2b": (15, 8)}
    report = settled(sizes).runs.get().summary["fairness"]
    mine = next(row for row in report["school"] if row["without"] is None)
    assert mine["first"] is None or mine["students"] is None  # students less placed would tell
    sums = [(whole, report["school"]) for whole in report["all"]]
    sums += [(whole, report["region"]) for whole in report["all"]]
    sums += [(it, _schools_in(report, n)) for n, it in enumerate(report["region"])]
    for whole, rows in sums:
        for name in COUNTS:
            kept = [row for row in rows if row[name] is None]
            if whole[name] is None or not kept:
                continue
            rest = whole[name] - sum(row[name] for row in rows if row[name] is not None)
            assert len(kept) > 1 and rest >= FEW, (name, rest)


def _schools_in(report: dict[str, list[dict[str, object]]], region: int) -> list[dict[str, object]]:
    return report["school"][2 * region : 2 * region + 2]


def test_a_region_of_one_school_keeps_what_the_school_keeps() -> None:
    report = settled({"1a": (9, 2), "2a": (20, 9), "3a": (30, 9)}).runs.get().summary["fairness"]
    for school, region in zip(report["school"], report["region"], strict=True):
        assert [school[name] for name in COUNTS] == [region[name] for name in COUNTS]
    shown = [row["without"] for row in report["school"]]
    assert shown.count(None) == 2 and None in shown[:1]


def test_nothing_kept_is_stored_or_on_any_page(client: Client) -> None:
    found = settled({"1a": (9, 2), "2a": (20, 9), "3a": (30, 12)})
    running.publish_round(found, by=make_secretary(found.consortium))
    text = client.get(f"/{found.consortium.slug}/placement/{found.pk}/result/").text
    assert "✻" in text and "never fewer than five" in text
    (row,) = [it for it in found.runs.get().summary["fairness"]["school"] if it["without"] == 12]
    with override("en"):
        tables = dict(named(found.runs.get().summary["fairness"]))
    assert row["students"] == 42 and tables["By school"][-1]["shares"] == {
        "first": 72,
        "next": 0,
        "later": 0,
        "without": 28,
    }
    assert all(a["name"] != b["name"] for a, b in combinations(tables["By school"], 2))
