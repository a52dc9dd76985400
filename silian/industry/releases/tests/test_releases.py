"""From positions to a release that nobody changes any more."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.releases import policy, services
from silian.industry.releases.counting import counted
from silian.industry.releases.imports import ReleaseLines
from silian.industry.releases.models import Line, Release
from silian.industry.releases.papers import digest_of
from silian.industry.releases.receivers import releases_to_publish
from silian.industry.releases.tests.factories import make_old_position, make_release
from silian.kernel import clock
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.sheets.registry import Row
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
YEAR = date(2000, 1, 1), date(2099, 1, 1)


def line_of(consortium, **period) -> Line:  # type: ignore[no-untyped-def]
    (line,) = counted(consortium, *YEAR).lines
    return line


# --- counting ---------------------------------------------------------------------------


def test_what_was_public_and_confirmed_in_the_period_is_counted() -> None:
    consortium, code = make_consortium(), make_code()
    make_old_position(consortium, 30, occupation=code, places=3)
    make_old_position(consortium, 500, occupation=code, places=7)  # never confirmed since
    make_old_position(consortium, 500, occupation=code, places=2, confirmed_on=clock.today())
    make_position(consortium, state=Position.State.SUBMITTED, occupation=code, places=50)
    make_position(occupation=code, places=60)  # of another consortium
    make_old_position(consortium, 20, occupation=code, places=1, state=Position.State.CLOSED)
    start = clock.today() - timedelta(days=365)

    found = counted(consortium, start, clock.today())

    assert [(line.places, line.positions) for line in found.lines] == [(6, 3)]
    assert (found.positions, found.firms) == (3, 3)
    earlier = counted(consortium, start - timedelta(days=365), start)
    assert [line.places for line in earlier.lines] == [9]


@pytest.mark.parametrize(
    ("firms", "places", "hidden"),
    [(2, [5, 5], True), (3, [1, 1, 1], False), (3, [8, 1, 1], True), (4, [7, 1, 1, 1], False)],
)
def test_pay_that_would_betray_one_firm_is_not_kept(
    firms: int, places: list[int], hidden: bool
) -> None:
    consortium, code = make_consortium(), make_code()
    for number, count in enumerate(places[:firms]):
        pay = 5000 + 1000 * number
        make_position(consortium, occupation=code, places=count, pay_low=pay, pay_high=pay + 200)
    line = line_of(consortium)
    assert line.pay_hidden is hidden
    assert (line.pay_median is None) is hidden
    if not hidden:
        assert line.pay_lower <= line.pay_median <= line.pay_upper


def test_what_interns_are_given_is_no_wage() -> None:
    consortium, code = make_consortium(), make_code()
    for _number in range(3):
        make_position(consortium, occupation=code, kind="internship", pay_low=1500)
    line = line_of(consortium)
    assert (line.pay_median, line.pay_hidden) == (None, False)


def test_places_are_split_by_education_kind_and_region() -> None:
    consortium, code = make_consortium(), make_code()
    make_position(consortium, occupation=code, places=2, education=2, kind="internship")
    make_position(consortium, occupation=code, places=5, education=3)
    line = line_of(consortium)
    assert line.education == {"2": 2, "3": 5}
    assert line.kinds == {"internship": 2, "employment": 5}
    assert sum(line.regions.values()) == 7
    assert line.mean_education == pytest.approx(19 / 7)


def test_positions_that_stay_open_or_come_again_are_hard_to_fill() -> None:
    consortium, code = make_consortium(), make_code()
    make_old_position(consortium, 90, occupation=code)  # still open
    closed = {"state": Position.State.CLOSED}
    make_old_position(consortium, 90, occupation=code, **closed)  # filled, as far as is known
    later = clock.today() - timedelta(days=5)
    make_old_position(consortium, 90, occupation=code, confirmed_on=later, **closed)
    again = make_old_position(consortium, 20, occupation=code, **closed)
    make_old_position(
        consortium, 10, occupation=code, organisation=again.organisation, title_zh=again.title_zh
    )
    line = line_of(consortium)
    assert (line.judged, line.lingering, line.reposted) == (4, 2, 1)
    assert line.hard_to_fill == 0.75
    assert Line(judged=0).hard_to_fill is None


# --- the way to publication -------------------------------------------------------------


def test_the_secretariat_prepares_writes_and_publishes(client: Client) -> None:
    consortium = make_consortium()
    position = make_position(consortium, places=12)
    member, secretary = make_staff(position.organisation), make_secretary(consortium)
    home = f"/{consortium.slug}/releases/"
    client.force_login(secretary)
    page = client.get(f"{home}new/")
    dates = {"starts_on": clock.today() - timedelta(days=300), "ends_on": clock.today()}
    client.post(f"{home}new/", {"year": clock.today().year, **dates})
    release = Release.objects.get()
    assert page.status_code == 200
    assert (release.state, release.firms, release.lines.get().places) == ("draft", 1, 12)
    assert [todo.url for todo in releases_to_publish(secretary)] == [release.get_absolute_url()]

    assert client.post(f"{home}{release.pk}/publish/").status_code == 403  # no foreword yet
    client.post(f"{home}{release.pk}/edit/", {"foreword_zh": "今年**需求**上升。"})
    line = release.lines.get()
    refused = client.post(f"{home}{release.pk}/lines/{line.pk}/", {"places": 15, "remark": ""})
    assert refused.context["form"].errors.keys() == {"remark"}
    changed = {"places": 15, "remark": "企业来函更正"}
    client.post(f"{home}{release.pk}/lines/{line.pk}/", changed)
    client.post(f"{home}{release.pk}/publish/")
    release.refresh_from_db()
    assert release.state == "published"
    assert release.digest == digest_of(release)
    assert Notice.objects.filter(to=member).count() == 1

    client.logout()
    page = client.get(release.get_absolute_url()).text
    assert "企业来函更正" in page
    assert "<strong>需求</strong>" in page
    assert release.digest in page
    data = client.get(f"{home}{release.pk}/data.json").json()
    assert data["lines"][0]["places"] == 15
    assert client.get(f"{home}{release.pk}/paper.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{home}{release.pk}/paper.docx").content[:2] == b"PK"
    assert client.get(f"{home}{release.pk}/paper.exe").status_code == 404
    assert client.get(f"{release.get_absolute_url()}?export=csv").status_code == 200
    assert client.get(home).status_code == 200


def test_what_is_published_never_changes() -> None:
    release = make_release()
    by = make_secretary(release.consortium)
    line = release.lines.get()
    for refused in (
        lambda: Line.objects.filter(pk=line.pk).update(places=1),
        line.delete,
        lambda: Release.objects.filter(pk=release.pk).update(foreword_zh="x"),
        release.delete,
        lambda: Line.objects.create(release=release, occupation=make_code(), places=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    for verb in (
        lambda: services.change_line(line, places=1, remark="x", by=by),
        lambda: services.recount_release(release, by=by),
        lambda: services.publish_release(release, by=by),
    ):
        with pytest.raises(IllegalMove):
            verb()
    release.refresh_from_db()
    assert release.digest == digest_of(release)


def test_a_correction_is_a_new_version_with_its_reason(client: Client) -> None:
    release = make_release()
    secretary = make_secretary(release.consortium)
    client.force_login(secretary)
    home = f"/{release.consortium.slug}/releases/"
    client.post(f"{home}{release.pk}/correct/", {"reason": ""})
    assert Release.objects.count() == 1
    client.post(f"{home}{release.pk}/correct/", {"reason": "一家企业重复计算"})
    draft = Release.objects.get(state="draft")
    assert (draft.version, draft.reason, draft.digest) == (2, "一家企业重复计算", "")
    assert not policy.may_correct(secretary, release)  # one draft at a time
    services.change_line(draft.lines.get(), places=30, remark="去重", by=secretary)
    client.post(f"{home}{draft.pk}/publish/")
    release.refresh_from_db()
    draft.refresh_from_db()
    assert (release.state, draft.state) == ("replaced", "published")
    assert release.lines.get().places == 40  # the old version stays readable as it was
    client.logout()
    assert "一家企业重复计算" in client.get(draft.get_absolute_url()).text
    assert client.get(release.get_absolute_url()).status_code == 200


def test_a_publication_that_fails_leaves_both_versions_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = make_release()
    by = make_secretary(release.consortium)
    draft = services.correct_release(release, reason="更正", by=by)

    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "notify", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.publish_release(draft, by=by)
    states = dict(Release.objects.values_list("version", "state"))
    assert states == {1: "published", 2: "draft"}


def test_one_release_a_year_and_a_dropped_draft_leaves_its_number() -> None:
    release = make_release(published=False)
    by = make_secretary(release.consortium)
    dates = {"year": release.year, "starts_on": release.starts_on, "ends_on": release.ends_on}
    with pytest.raises(IntegrityError), transaction.atomic():
        services.prepare_release(release.consortium, by=by, **dates)
    services.drop_release(release, by=by)
    assert services.prepare_release(release.consortium, by=by, **dates).version == 1


def test_last_year_stands_beside_this_one(client: Client) -> None:
    consortium, code = make_consortium(), make_code(name_zh="数控机床操作工")
    year = clock.today().year
    make_release(consortium, year - 1, {code: 30})
    release = make_release(consortium, year, {code: 42})
    row = policy.visible_lines(make_secretary(consortium), release).get()
    assert (row.before, row.change) == (30, 12)
    assert "+12" in client.get(release.get_absolute_url()).text


# --- who may ----------------------------------------------------------------------------


def test_who_sees_a_draft(client: Client) -> None:
    release = make_release(published=False)
    people = {
        "secretary": make_secretary(release.consortium),
        "member": make_staff(make_membership(release.consortium).organisation),
        "other secretary": make_secretary(make_consortium()),
        "anonymous": None,
    }
    seen = {}
    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        seen[who] = client.get(release.get_absolute_url()).status_code
    assert seen == {"secretary": 200, "member": 404, "other secretary": 404, "anonymous": 404}


def test_strangers_change_nothing(client: Client) -> None:
    release = make_release()
    client.force_login(make_staff(make_membership(release.consortium).organisation))
    home = f"/{release.consortium.slug}/releases/"
    for verb in ("recount", "publish", "correct", "drop"):
        answer = client.post(f"{home}{release.pk}/{verb}/", {"reason": "x"})
        assert answer.status_code == 403
    assert client.get(f"{home}new/").status_code == 403
    other = make_consortium()
    assert client.get(f"/{other.slug}/releases/{release.pk}/").status_code == 404


def test_a_wrong_form_keeps_what_was_typed(client: Client) -> None:
    release = make_release()
    client.force_login(make_secretary(release.consortium))
    wrong = {"year": release.year, "starts_on": "2026-05-01", "ends_on": "2026-04-01"}
    page = client.post(f"/{release.consortium.slug}/releases/new/", wrong | {"source": "旧报告"})
    assert page.context["form"].errors.keys() == {"year", "ends_on"}
    assert "旧报告" in page.text


# --- figures from elsewhere -------------------------------------------------------------


def test_earlier_years_come_from_a_sheet() -> None:
    release = make_release(published=False, lines={})
    by, sheet, code = make_secretary(release.consortium), ReleaseLines(), make_code()
    form = sheet.row_form({"occupation": code.code, "places": 80, "firms": 9})
    assert form.is_valid(), form.errors
    rows = [Row(2, form.cleaned_data)]
    assert not list(sheet.check(rows, release))
    assert [found[1] for found in sheet.check([*rows, *rows], release)] == ["occupation"]
    sheet.save(rows, release, by=by, progress=lambda done: None)
    assert release.lines.get().places == 80
    assert not policy.may_recount(by, release)
    assert not sheet.permitted(make_secretary(make_consortium()), release)
    wrong = sheet.row_form({"occupation": code.code, "places": 1, "pay_median": 5})
    assert wrong.errors.keys() == {"pay_median"}


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_queries_for_one_line_as_for_thirty(client: Client, count: int) -> None:
    release = make_release(lines={make_code(): number + 1 for number in range(count)})
    client.get(release.get_absolute_url())
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(release.get_absolute_url())
    assert len(found) <= 16, "\n".join(q["sql"][:150] for q in found)


def test_programs_read_what_is_public(client: Client) -> None:
    release = make_release()
    make_release(release.consortium, release.year - 1, published=False)
    found = client.get("/api/v1/releases").json()["items"]
    assert [(row["year"], row["places"]) for row in found] == [(release.year, 40)]
    (line,) = client.get("/api/v1/releases/lines").json()["items"]
    assert line["places"] == 40
    assert json.dumps(line)


def test_years_stand_in_order(client: Client) -> None:
    consortium, code = make_consortium(), make_code()
    for year in (2024, 2022, 2023):
        make_release(consortium, year, {code: year})
    rows = policy.visible_releases(make_secretary(consortium))
    assert [row.year for row in rows] == [2024, 2023, 2022]
    page = client.get(rows[0].get_absolute_url())
    (over_years,) = [c for c in page.context["charts"] if c.labels == ["2022", "2023", "2024"]]
    assert next(iter(over_years.series.values())) == [2022, 2023, 2024]
