from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.consortia.models import Cluster
from silian.governance.members.tests.factories import make_consortium
from silian.industry.demand import services
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.search.services import reindex

pytestmark = pytest.mark.django_db
State = Position.State


def shown(client: Client, address: str) -> list[int]:
    page = client.get(address)
    assert page.status_code == 200
    return [row.record.pk for row in page.context["listing"].current]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lathe", ["a"]),
        ("q=Cutting", ["a"]),
        ("q=车床", ["a"]),
        ("q=护理", ["b"]),
        ("kind=internship", ["b"]),
        ("kind=internship&kind=employment", ["b", "a"]),
        ("pay=7000", ["a"]),
        ("education=2", ["b"]),
        ("sort=-pay", ["a", "b"]),
        ("fresh=7", ["b"]),
        ("fresh=yes", ["b"]),
        ("region={province}", ["b", "a"]),
        ("region={county}", ["a"]),
        ("skill={skill}", ["a"]),
        ("cluster={cluster}", ["a"]),
        ("since=2000-01-01", ["b", "a"]),
    ],
)
def test_the_hall_is_filtered(client: Client, query: str, found: list[str]) -> None:
    consortium = make_consortium()
    province = make_code(CodeList.Kind.REGION, "33")
    county = make_code(CodeList.Kind.REGION, "330303", parent=province)
    cluster = Cluster.objects.create(consortium=consortium, name_zh="装备")
    skill = Skill.objects.create(name_zh="切削", name_en="Cutting")
    old = clock.today() - timedelta(days=50)
    a = make_position(
        consortium,
        title_en="Lathe a",
        title_zh="数控车床工",
        pay_low=6000,
        pay_high=8000,
        education=3,
        region=county,
        cluster=cluster,
        confirmed_on=old,
        asked_on=old + timedelta(days=30),
        lowered_on=old + timedelta(days=45),
    )
    b = make_position(
        consortium,
        title_en="Nurse b",
        title_zh="护理实习生",
        kind="internship",
        pay_low=3000,
        region=make_code(CodeList.Kind.REGION, "330304", parent=province),
    )
    make_position(consortium, state=State.DRAFT, title_en="Lathe draft")
    make_position(title_en="Lathe elsewhere")
    a.skill_needs.create(skill=skill)
    reindex(Position)
    named = {"province": province, "county": county, "skill": skill, "cluster": cluster}
    query = query.format(**{name: one.pk for name, one in named.items()})
    expected = [{"a": a.pk, "b": b.pk}[name] for name in found]
    assert shown(client, f"/{consortium.slug}/demand/?{query}") == expected


def test_what_is_unconfirmed_stands_below_and_says_so(client: Client) -> None:
    consortium, old = make_consortium(), clock.today() - timedelta(days=50)
    steps = {"asked_on": old + timedelta(days=30), "lowered_on": old + timedelta(days=45)}
    lowered = make_position(consortium, confirmed_on=old, **steps)
    first = make_position(consortium, published_at=clock.now() - timedelta(days=9))
    newest = make_position(consortium)
    assert shown(client, f"/{consortium.slug}/demand/") == [newest.pk, first.pk, lowered.pk]
    assert client.get(f"/{consortium.slug}/demand/").text.count("Unconfirmed") == 1


def test_facets_count_what_the_other_filters_leave(client: Client) -> None:
    consortium = make_consortium()
    county = make_code(CodeList.Kind.REGION, name_zh="龙湾区")
    for kind in ("employment", "employment", "internship"):
        make_position(consortium, kind=kind, region=county)
    make_position(consortium, kind="employment")
    make_position(consortium, kind="employment", region=county, state=State.CLOSED)

    def counts(query: str) -> dict[str, int]:
        facets = client.get(f"/{consortium.slug}/demand/?{query}").context["facets"]
        return {str(one.label): one.count for facet in facets[:4] for one in facet.choices}

    assert counts("")["Employment"] == 3
    assert counts("")[county.name] == 3
    here = counts(f"region={county.pk}")
    assert (here["Employment"], here["Internship"]) == (2, 1)
    by_kind = counts(f"region={county.pk}&kind=internship")
    assert by_kind["Employment"] == 2  # its own filter does not hide the others
    assert by_kind[county.name] == 1


def test_a_facet_leads_to_its_rows_and_back(client: Client) -> None:
    consortium = make_consortium()
    make_position(consortium, kind="employment")
    make_position(consortium, kind="internship")
    home = f"/{consortium.slug}/demand/"
    facet = client.get(f"{home}?q=&page=1").context["facets"][0]
    chosen = next(one for one in facet.choices if str(one.label) == "Internship")
    page = client.get(home + chosen.url)
    assert len(page.context["listing"].current) == 1
    again = next(one for one in page.context["facets"][0].choices if one.chosen)
    assert len(client.get(home + again.url).context["listing"].current) == 2


def test_the_hall_of_all(client: Client) -> None:
    a, b = make_position(), make_position()
    make_position(state=State.SUBMITTED)
    assert set(shown(client, "/demand/")) == {a.pk, b.pk}
    assert shown(client, f"/demand/?consortium={a.consortium.slug}") == [a.pk]
    assert b.consortium.short_name in client.get("/demand/").text
    assert b"xlsx" in client.get("/demand/").content
    assert client.get("/demand/?export=csv").status_code == 200


def test_no_contact_in_the_hall_or_its_export(client: Client) -> None:
    make_position(contact_name="许听雨", contact_phone="19900000001")
    reindex(Position)
    for address in ("/demand/", "/demand/?export=csv", "/sitemap-positions.xml"):
        text = client.get(address).text
        assert "19900000001" not in text
        assert "许听雨" not in text
    assert not client.get("/search/?q=许听雨").context["results"].total


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_hall_asks_as_often_for_30_rows_as_for_one(client: Client, everywhere: bool) -> None:
    consortium = make_consortium()
    address = "/demand/" if everywhere else f"/{consortium.slug}/demand/"
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_position(consortium)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_sitemap_names_what_is_published(client: Client) -> None:
    position = make_position()
    closed = make_position(state=State.CLOSED)
    index = client.get("/sitemap.xml")
    assert "sitemap-positions.xml" in index.text
    text = client.get("/sitemap-positions.xml").text
    assert position.get_absolute_url() in text
    assert closed.get_absolute_url() not in text
    assert f"/{position.consortium.slug}/demand/" in client.get("/sitemap-halls.xml").text
    assert client.get("/sitemap-people.xml").status_code == 404


def test_programs_filter_too(client: Client) -> None:
    skill = Skill.objects.create(name_zh="切削", name_en="Cutting")
    province = make_code(CodeList.Kind.REGION, "33")
    county = make_code(CodeList.Kind.REGION, "330303", parent=province)
    found = make_position(region=county, pay_low=7000, title_zh="数控车床工")
    programme = make_code(CodeList.Kind.PROGRAMME)
    services.save_position(found, skills={skill: 3}, programmes=[programme], by=make_user())
    make_position()
    reindex(Position)
    for query in (
        "region=33",
        f"skill={skill.pk}",
        f"programme={programme.code}",
        "pay_at_least=6500",
        "q=车床",
    ):
        items = client.get(f"/api/v1/positions?{query}").json()["items"]
        assert [item["id"] for item in items] == [found.pk], query
    assert items[0]["skills"] == [
        {"skill_id": skill.pk, "name_zh": "切削", "name_en": "Cutting", "level": 3}
    ]
    assert items[0]["programmes"] == [programme.code]
    everything = client.get("/api/v1/positions?fresh=false").json()
    assert everything["count"] == 0
