"""The homes that anybody may read: of the installation, and of each body that lives here."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.bodies.models import Body
from silian.governance.bodies.tests.factories import make_body
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import (
    make_application,
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.governance.plans.tests.factories import make_target, make_task
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.portal import figures
from silian.portal.figures import Tile
from silian.portal.tests.pages import dead_links, main, menu, text
from silian.talent.rounds.tests.factories import make_round
from silian.talent.wishes.tests.factories import make_open_round

pytestmark = pytest.mark.django_db
HOME = reverse("portal:home")


@pytest.fixture
def consortium() -> Consortium:
    """A body with two of everything that is shown, and one of everything that is not."""
    found = make_consortium(
        "mingshui",
        name_zh="明水产教联合体",
        name_en="Mingshui Consortium",
        purpose_zh="打通育人和用人的最后一公里。",
        purpose_en="School and work, one road.",
    )
    firm = make_organisation(name_zh="明水阀门有限公司", name_en="Mingshui Valves")
    park = make_organisation(Organisation.Kind.PARK)
    make_membership(found, firm)
    make_membership(found, park, part=Membership.Part.LEAD_PARK)
    make_application(found)
    make_body(found, state=Body.State.RUNNING)
    make_body(found, state=Body.State.RUNNING)
    make_body(found)
    make_agreement(found, [firm, park], state=Agreement.State.SIGNED)
    make_agreement(found, [firm, park], state=Agreement.State.SIGNED)
    make_agreement(found, [firm, park])
    make_position(found, firm, places=3, title_zh="数控技术员", title_en="CNC technician")
    make_position(found, firm, places=4)
    make_position(found, firm, state=Position.State.SUBMITTED, title_en="Not yet reviewed")
    make_open_round((), consortium=found)
    make_round(found)
    make_target(found, task=make_task(found))
    return found


def home_of(consortium: Consortium) -> str:
    return reverse("portal:consortium_home", args=[consortium])


def values(tiles: list[Tile]) -> list[int]:
    return [tile.value for tile in tiles]


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.fixture
def measured(client: Client) -> Callable[[str, Callable[[], object]], None]:
    """Fails where a page asks more of the database after a row of each kind has been added."""

    def measure(address: str, grow: Callable[[], object]) -> None:
        client.get(address)
        few = queries_of(client, address)
        for _ in range(3):
            grow()
        assert queries_of(client, address) == few

    return measure


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Four chains, one place", "Mingshui Consortium", "School and work, one road."]),
        ("zh-hans", ["四链", "明水产教联合体", "打通育人和用人的最后一公里。"]),
    ],
)
def test_anybody_reads_the_public_home(
    client: Client, consortium: Consortium, language: str, words: list[str]
) -> None:
    page = client.get(HOME, headers={"accept-language": language})
    assert page.status_code == 200
    assert all(word in text(page) for word in words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Mingshui Consortium", "School and work, one road.", "CNC technician", "Task"]),
        ("zh-hans", ["明水产教联合体", "打通育人和用人的最后一公里。", "数控技术员", "任务"]),
    ],
)
def test_anybody_reads_the_home_of_a_body(
    client: Client, consortium: Consortium, language: str, words: list[str]
) -> None:
    page = client.get(home_of(consortium), headers={"accept-language": language})
    assert page.status_code == 200
    assert all(word in text(page) for word in words)
    assert "Not yet reviewed" not in text(page)


def test_an_installation_without_bodies_says_so(client: Client) -> None:
    page = client.get(HOME, headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "No consortium has been founded" in text(page)


def test_a_body_without_anything_has_a_home(client: Client) -> None:
    consortium = make_consortium()
    page = client.get(home_of(consortium), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "No position is published at the moment." in text(page)
    assert not dead_links(client, main(page))


def test_no_such_body_is_no_such_page(client: Client) -> None:
    assert client.get("/nowhere/").status_code == 404


def test_the_figures_of_a_body_count_its_rows_alone(consortium: Consortium) -> None:
    make_position(make_consortium())
    members, bodies, agreements, positions, people, rounds = figures.of_consortium(consortium)
    assert values([members, bodies, agreements]) == [2, 2, 2]
    assert values([positions, people, rounds]) == [2, 7, 1]
    with override("en"):
        counted = dict(figures.members_by_kind(consortium))
    assert counted == {"Enterprise": 1, "Industrial park": 1}


def test_the_figures_of_the_installation_count_an_organisation_once(
    consortium: Consortium,
) -> None:
    firm = Organisation.objects.get(name_en="Mingshui Valves")
    make_membership(make_consortium(), firm)
    consortia, members, positions, people, agreements, placements = figures.of_installation()
    assert values([consortia, members, positions, people]) == [2, 2, 2, 7]
    assert values([agreements, placements]) == [2, 0]


def test_the_cards_count_what_the_homes_count(consortium: Consortium) -> None:
    other = make_consortium()
    make_position(other, places=5)
    for found in figures.consortia_with_counts():
        members, _bodies, _agreements, positions, people, _rounds = figures.of_consortium(found)
        counts = [found.member_count, found.position_count, found.people_needed]
        assert counts == values([members, positions, people])


def test_every_figure_stands_on_the_page(client: Client, consortium: Consortium) -> None:
    make_position(consortium, places=1234)
    page = client.get(home_of(consortium), headers={"accept-language": "en"})
    assert "1,241" in main(page)


@pytest.mark.parametrize("address", [HOME, "/mingshui/"])
def test_every_link_leads_a_stranger_to_a_page(
    client: Client, consortium: Consortium, address: str
) -> None:
    page = client.get(address)
    assert not dead_links(client, main(page) + menu(page))


def test_the_public_home_asks_the_same_with_many_bodies(
    consortium: Consortium, measured: Callable[[str, Callable[[], object]], None]
) -> None:
    measured(HOME, lambda: make_position(make_consortium()))


def test_the_home_of_a_body_asks_the_same_with_many_rows(
    consortium: Consortium, measured: Callable[[str, Callable[[], object]], None]
) -> None:
    def grow() -> None:
        firm = make_membership(consortium, part=Membership.Part.LEAD_ENTERPRISE).organisation
        make_membership(consortium, part=Membership.Part.GUIDING)
        make_position(consortium, firm)
        make_body(consortium, state=Body.State.RUNNING, host=firm)
        make_target(consortium, task=make_task(consortium, owner=firm))
        make_open_round((), consortium=consortium)

    measured(home_of(consortium), grow)
