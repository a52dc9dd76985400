"""What programs read of a round and its rules, and from when."""

from typing import Any

import pytest
from django.test import Client

from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.talent.criteria.tests.factories import make_criterion, make_requirement, make_reserve
from silian.talent.placement.tests.factories import make_contest
from silian.talent.profiles.tests.factories import make_school
from silian.talent.rounds import services
from silian.talent.rounds.models import Round
from silian.talent.rounds.tests.factories import make_round, make_seat

pytestmark = pytest.mark.django_db
PARTS = ("seats", "criteria", "requirements", "reserves")


def read(client: Client, address: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/rounds{address}")
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def ruled() -> Round:
    found = make_round(rule=Round.Rule.WEIGHTED, employer_weight=60, answer_days=5)
    seat = make_seat(found, 3)
    seat.minimum = 2
    seat.save()
    contest = make_criterion(found)
    make_requirement(found, kind="criterion", criterion=contest, number=60)
    make_reserve(seat, kind="school", school=make_school(), hard=True)
    return found


def test_a_round_is_read_with_its_rules_once_it_is_open(client: Client) -> None:
    found = ruled()
    services.open_wishes(found, by=make_secretary(found.consortium))
    (row,) = read(client)
    assert (row["seed"], row["employer_weight"], row["answer_days"]) == (found.seed, 60, 5)
    assert (row["seats"], row["places"], row["replace_until"], row["follows"]) == (1, 3, None, None)
    seat, criterion, requirement, reserve = (read(client, f"/{found.pk}/{it}")[0] for it in PARTS)
    assert (seat["quota"], seat["minimum"], seat["closed_why"]) == (3, 2, "")
    assert (criterion["source"], criterion["weight"]) == ("sheet", 40)
    assert (requirement["criterion"], requirement["seat"]) == (criterion["id"], None)
    assert requirement["number"] == "60.00"
    assert (reserve["places"], reserve["hard"], reserve["seat"]) == (1, True, seat["id"])


def test_before_that_only_its_secretariat_reads_it_and_nobody_the_seed(client: Client) -> None:
    found = ruled()
    for user in (None, make_secretary(make_consortium())):
        client.logout()
        if user:
            client.force_login(user)
        assert read(client) == []
        assert all(read(client, f"/{found.pk}/{it}") == [] for it in PARTS)
    client.force_login(make_secretary(found.consortium))
    (row,) = read(client)
    assert (row["state"], row["seed"]) == ("prepared", None)
    assert all(len(read(client, f"/{found.pk}/{it}")) == 1 for it in PARTS)


def test_cancelled_rounds_and_rehearsals_are_no_strangers_business(client: Client) -> None:
    cancelled, (rehearsed, _lists) = ruled(), make_contest()
    services.cancel_round(cancelled, reason="Flood", by=make_secretary(cancelled.consortium))
    copy = services.start_copy(rehearsed, rehearses=rehearsed, state=Round.State.REHEARSAL)
    assert [row["id"] for row in read(client)] == [rehearsed.pk]
    assert read(client, f"/{copy.pk}/seats") == read(client, f"/{cancelled.pk}/seats") == []
