"""A catalogue: its index with its working, adjustments that stay, frozen once public."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.forecasts.tests.factories import make_school_programme, steady
from silian.education.shortages import policy, services
from silian.education.shortages.formula import engine_of, formula_of, shipped
from silian.education.shortages.models import Adjustment, Catalogue, Entry, Setting
from silian.education.shortages.papers import digest_of
from silian.education.shortages.receivers import catalogues_to_publish
from silian.education.shortages.tests.factories import make_catalogue
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.industry.releases import services as releases
from silian.industry.releases.tests.factories import make_release
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import Code
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
LAST = 2025
FULL = {
    "judged": 10,
    "lingering": 4,
    "reposted": 2,
    "pay_lower": 5000,
    "pay_median": 6600,
    "pay_upper": 8000,
    "education": {"2": 100},
    "mastery": 2.25,
}


@pytest.fixture
def market() -> tuple[Consortium, Code]:
    """An occupation for which 50 graduate and 125 were needed; pay rose by 10 percent."""
    consortium, code = make_consortium(), make_code(name_zh="药物制剂工")
    make_school_programme(consortium, [code], steady(LAST, 60, 50))
    before = {"pay_lower": 5000, "pay_median": 6000, "pay_upper": 7000}
    make_release(consortium, LAST - 1, {code: 90}, **before)
    return consortium, code


def make_expert(consortium: Consortium) -> User:
    user = make_user()
    Role.objects.create(user=user, kind=Role.Kind.EXPERT, consortium=consortium)
    return user


# --- the index --------------------------------------------------------------------------


def test_the_index_is_what_the_formula_says(market: tuple[Consortium, Code]) -> None:
    consortium, code = market
    entry = make_catalogue(consortium, LAST, {code: 125}, **FULL).entries.get()
    figures = {part["key"]: part["value"] for part in entry.parts}
    assert figures == pytest.approx(
        {"ratio": 2.5, "fill": 0.6, "pay": 0.1, "education": 2.0, "mastery": 2.25}
    )
    by_hand = 0.4 * 1 + 0.2 * 1 + 0.2 * (0.1 / 0.12) + 0.1 * (1 / 3) + 0.1 * (1.25 / 2.5)
    assert entry.index == pytest.approx(by_hand)
    assert (entry.stars, entry.level) == (5, Entry.Level.SEVERE)


def test_what_is_not_known_is_left_out_and_said(
    client: Client, market: tuple[Consortium, Code]
) -> None:
    consortium, code = market
    bare = FULL | {"pay_lower": None, "pay_median": None, "pay_upper": None, "pay_hidden": True}
    entry = make_catalogue(
        consortium, LAST, {code: 125}, **(bare | {"judged": 2, "lingering": 0, "reposted": 0})
    ).entries.get()
    parts = {part["key"]: part for part in entry.parts}
    assert parts["pay"]["score"] is parts["fill"]["score"] is None
    assert parts["ratio"]["weight"] == pytest.approx(0.4 / 0.6)
    page = client.get(entry.get_absolute_url()).text
    assert "Not known and left out" in page
    assert "would betray one firm" in page


def test_no_index_without_graduates_figures(client: Client) -> None:
    consortium, code = make_consortium(), make_code()
    entry = make_catalogue(consortium, LAST, {code: 125}, **FULL).entries.get()
    assert (entry.index, entry.graduates, entry.stars) == (None, None, 0)
    assert "There is no index" in client.get(entry.get_absolute_url()).text


def test_nobody_trained_is_nought_once_schools_state_figures(
    market: tuple[Consortium, Code],
) -> None:
    consortium, _code = market
    entry = make_catalogue(consortium, LAST, {make_code(): 30}, **FULL).entries.get()
    assert (entry.graduates, entry.parts[0]["value"]) == (0, 30)


@pytest.mark.parametrize("more", [0, 1, 10, 400])
def test_more_demand_never_lowers_an_entry(market: tuple[Consortium, Code], more: int) -> None:
    consortium, code = market
    entry = make_catalogue(consortium, LAST, {code: 60 + more}, **FULL).entries.get()
    least = make_catalogue(consortium, LAST + 1, {code: 60}, **FULL).entries.get()
    # the later year has no release before it but this one, whose pay was the same
    ratio = {one.pk: one.parts[0]["score"] for one in (entry, least)}
    assert ratio[entry.pk] >= ratio[least.pk]


def test_the_formula_that_comes_with_it_is_sound() -> None:
    formula = engine_of(shipped())
    assert sum(one.weight for one in formula.dimensions) == pytest.approx(1)
    assert {one.key for one in formula.dimensions} == set(Setting.KEYS)


# --- the way to publication -------------------------------------------------------------


def test_prepared_adjusted_published_and_read(
    client: Client, market: tuple[Consortium, Code]
) -> None:
    consortium, code = market
    release = make_release(consortium, LAST, {code: 125}, **FULL)
    secretary, expert = make_secretary(consortium), make_expert(consortium)
    member = make_staff(make_membership(consortium).organisation)
    home = f"/{consortium.slug}/shortages/"
    client.force_login(secretary)
    client.post(f"{home}new/", {"release": release.pk})
    catalogue = Catalogue.objects.get()
    entry = catalogue.entries.get()
    assert [todo.url for todo in catalogues_to_publish(secretary)] == [catalogue.get_absolute_url()]
    assert client.post(f"{home}{catalogue.pk}/publish/").status_code == 403  # no foreword yet

    client.force_login(expert)
    refused = client.post(f"{home}entries/{entry.pk}/adjust/", {"stars": 4, "level": 2})
    assert refused.context["form"].errors.keys() == {"reason"}
    why = {"stars": 4, "level": 2, "reason": "两家新厂推迟投产"}
    client.post(f"{home}entries/{entry.pk}/adjust/", why)
    entry.refresh_from_db()
    assert (entry.stars, entry.level, entry.computed_stars) == (4, 2, 5)
    assert client.post(f"{home}{catalogue.pk}/edit/", {"foreword_zh": "x"}).status_code == 403

    client.force_login(secretary)
    client.post(f"{home}{catalogue.pk}/edit/", {"foreword_zh": "供院校参考。"})
    client.post(f"{home}{catalogue.pk}/publish/")
    catalogue.refresh_from_db()
    assert (catalogue.state, catalogue.digest) == ("published", digest_of(catalogue))
    assert Notice.objects.filter(to=member).count() == 1  # the catalogue; the release was before

    client.logout()
    page = client.get(catalogue.get_absolute_url()).text
    assert "★★★★" in page
    assert "formula version 1" in page
    working = client.get(entry.get_absolute_url()).text
    assert "两家新厂推迟投产" in working
    assert expert.name not in working
    for needed in ("Demand for each graduate", "0.8 – 2.5", "40%", "2.5"):
        assert needed in working
    data = client.get(f"{home}{catalogue.pk}/data.json").json()
    assert data["entries"][0]["adjustments"][0]["reason"] == "两家新厂推迟投产"
    assert client.get(f"{home}{catalogue.pk}/paper.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{home}{catalogue.pk}/paper.docx").content[:2] == b"PK"
    assert client.get(f"{catalogue.get_absolute_url()}?export=csv").status_code == 200
    assert client.get(home).status_code == 200
    assert policy.shortage_of(consortium, code) == entry
    assert policy.shortage_of(consortium, make_code()) is None


def test_what_is_published_never_changes(market: tuple[Consortium, Code]) -> None:
    consortium, code = market
    catalogue = make_catalogue(consortium, LAST, {code: 125}, **FULL)
    entry, by = catalogue.entries.get(), make_secretary(consortium)
    blank = {"entry": entry, "stars_before": 5, "level_before": 3, "stars": 1, "level": 0}
    for refused in (
        lambda: Entry.objects.filter(pk=entry.pk).update(stars=1),
        entry.delete,
        lambda: Catalogue.objects.filter(pk=catalogue.pk).update(formula={}),
        lambda: Adjustment.objects.create(**blank, reason="x", by=by),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    with pytest.raises(IllegalMove):
        services.adjust_entry(entry, stars=1, level=0, reason="x", by=by)


def test_a_corrected_release_makes_a_corrected_catalogue(
    client: Client, market: tuple[Consortium, Code]
) -> None:
    consortium, code = market
    catalogue = make_catalogue(consortium, LAST, {code: 125}, **FULL)
    by = make_secretary(consortium)
    draft_release = releases.correct_release(catalogue.release, reason="去重", by=by)
    releases.change_line(draft_release.lines.get(), places=60, remark="去重", by=by)
    releases.publish_release(draft_release, by=by)
    client.force_login(by)
    client.post(f"/{consortium.slug}/shortages/{catalogue.pk}/correct/", {"reason": ""})
    assert Catalogue.objects.count() == 1
    client.post(f"/{consortium.slug}/shortages/{catalogue.pk}/correct/", {"reason": "发布已更正"})
    draft = Catalogue.objects.get(state="draft")
    assert (draft.version, draft.entries.get().demand, draft.foreword_zh) == (2, 60, "前言")
    services.publish_catalogue(draft, by=by)
    catalogue.refresh_from_db()
    assert catalogue.state == "replaced"
    assert catalogue.entries.get().demand == 125


# --- the formula of a consortium --------------------------------------------------------


def test_a_consortium_weighs_in_its_own_way_from_then_on(
    client: Client, market: tuple[Consortium, Code]
) -> None:
    consortium, code = market
    old = make_catalogue(consortium, LAST, {code: 125}, **FULL)
    client.force_login(make_secretary(consortium))
    page = f"/{consortium.slug}/shortages/formula/"
    assert 'value="40"' in client.get(page).text
    chosen = {"ratio": 60, "fill": 10, "pay": 10, "education": 10, "mastery": 10}
    levels = {"mild": 20, "moderate": 40, "severe": 80, "reason": "理事会决定"}
    wrong = client.post(page, chosen | {"fill": 20} | levels)
    assert wrong.context["form"].errors.keys() == {"ratio"}
    wrong = client.post(page, chosen | levels | {"mild": 50})
    assert wrong.context["form"].errors.keys() == {"severe"}
    client.post(page, chosen | levels)
    told = formula_of(consortium)
    assert (told["version"], told["levels"]) == ("1.1", [0.2, 0.4, 0.8])
    assert engine_of(told).dimensions[0].weight == 0.6
    old.refresh_from_db()
    assert old.formula["version"] == "1"
    new = make_catalogue(consortium, LAST + 1, {code: 125}, **FULL)
    text = client.get(new.get_absolute_url()).text
    assert "理事会决定" in text
    assert formula_of(make_consortium())["version"] == "1"
    with pytest.raises(IntegrityError), transaction.atomic():
        Setting.objects.filter(consortium=consortium).update(ratio=61)


# --- who may ----------------------------------------------------------------------------


def test_who_sees_a_draft(client: Client, market: tuple[Consortium, Code]) -> None:
    consortium, code = market
    catalogue = make_catalogue(consortium, LAST, {code: 125}, published=False)
    entry = catalogue.entries.get()
    people = {
        "secretary": make_secretary(consortium),
        "expert": make_expert(consortium),
        "member": make_staff(make_membership(consortium).organisation),
        "other expert": make_expert(make_consortium()),
        "anonymous": None,
    }
    seen = {}
    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        pages = (catalogue.get_absolute_url(), entry.get_absolute_url())
        seen[who] = {client.get(page).status_code for page in pages}
    assert seen == {
        "secretary": {200},
        "expert": {200},
        "member": {404},
        "other expert": {404},
        "anonymous": {404},
    }


def test_strangers_change_nothing(client: Client, market: tuple[Consortium, Code]) -> None:
    consortium, code = market
    catalogue = make_catalogue(consortium, LAST, {code: 125})
    client.force_login(make_staff(make_membership(consortium).organisation))
    home = f"/{consortium.slug}/shortages/"
    for verb in ("publish", "recompute", "drop", "correct"):
        answer = client.post(f"{home}{catalogue.pk}/{verb}/", {"reason": "x"})
        assert answer.status_code == 403
    entry = catalogue.entries.get()
    for page in ("new/", "formula/", f"entries/{entry.pk}/adjust/"):
        assert client.get(home + page).status_code == 403
    other = make_consortium()
    assert client.get(f"/{other.slug}/shortages/{catalogue.pk}/").status_code == 404
    assert client.get(f"/{other.slug}/shortages/entries/{entry.pk}/").status_code == 404


def test_as_many_queries_for_one_entry_as_for_thirty(client: Client) -> None:
    counts = []
    for many in (1, 30):
        catalogue = make_catalogue(lines={make_code(): n + 1 for n in range(many)})
        client.get(catalogue.get_absolute_url())
        with CaptureQueriesContext(connection) as found:
            client.get(catalogue.get_absolute_url())
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_programs_read_the_entries(client: Client, market: tuple[Consortium, Code]) -> None:
    consortium, code = market
    make_catalogue(consortium, LAST, {code: 125}, **FULL)
    (row,) = client.get(f"/api/v1/shortages?occupation={code.code}").json()["items"]
    assert (row["stars"], row["formula"], row["level"]) == (5, "1", 3)
    assert client.get("/api/v1/shortages?level=1").json()["count"] == 0
