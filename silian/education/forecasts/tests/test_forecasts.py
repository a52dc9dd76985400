"""Supply and demand side by side: the right figures, a forecast only where there is data."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.forecasts import services, words
from silian.education.forecasts.figures import (
    demand_ahead,
    demand_by_occupation,
    supply_by_occupation,
    track_of,
    tracks_of,
)
from silian.education.forecasts.sides import WAYS, Side, book_of, by_occupation
from silian.education.forecasts.tests.factories import make_school_programme, steady
from silian.education.programmes.models import Programme
from silian.education.standards.models import Edition, Standard, Taught, Unit
from silian.engines.forecasting import Forecast, Graduates, TooFew
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.industry.demand.models import SkillNeed
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.models import Skill
from silian.industry.releases.tests.factories import make_release
from silian.kernel import clock
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.codes.tests.factories import make_code

pytestmark = pytest.mark.django_db
LAST = 2025


def released(consortium: Consortium, code: Code, *needed: int, last: int = LAST) -> None:
    for back, places in enumerate(reversed(needed)):
        make_release(consortium, last - back, {code: places})


# --- figures ----------------------------------------------------------------------------


def test_graduates_are_spread_evenly_until_the_school_states_shares() -> None:
    consortium, welder, turner = make_consortium(), make_code(), make_code()
    programme = make_school_programme(consortium, [welder, turner], steady(LAST))
    track = track_of(programme)
    assert (track.stated, track.into(welder.code, LAST)) == (False, 22.5)

    by = make_staff(programme.school)
    services.state_shares(programme, {welder: 60, turner: 20}, by=by)
    track = tracks_of(consortium)[0]
    assert (track.stated, track.into(welder.code, LAST)) == (True, 27)
    assert track.into(welder.code, 1999) is None
    with pytest.raises(ValidationError):
        services.state_shares(programme, {welder: 60, turner: 50}, by=by)
    assert programme.shares.count() == 2


def test_supply_sums_the_programmes_and_foretells_only_whole_sums() -> None:
    consortium, code = make_consortium(), make_code()
    make_school_programme(consortium, [code], steady(LAST))
    make_school_programme(consortium, [code], steady(LAST, 100, 80))
    make_school_programme(make_consortium(), [code], steady(LAST))  # no member here
    supply = supply_by_occupation(tracks_of(consortium))[code.code]
    assert supply.years[LAST] == 125
    ahead = supply.ahead(LAST + 1)
    assert ahead is not None
    assert ahead.value == pytest.approx(125)
    assert ahead.low <= ahead.value <= ahead.high
    assert supply.ahead(LAST + 4) is None  # nobody has entered yet who would graduate then

    make_school_programme(consortium, [code], {LAST: (30, 20)})
    supply = supply_by_occupation(tracks_of(consortium))[code.code]
    assert (supply.stated(LAST), supply.stated(LAST - 1)) == (3, 2)
    assert supply.ahead(LAST + 1) is None
    assert "1" in words.of_supply(supply)


def test_an_occupation_that_a_release_does_not_list_was_not_needed() -> None:
    consortium, welder, turner = make_consortium(), make_code(), make_code()
    released(consortium, welder, 10, 20)
    make_release(consortium, LAST - 2, {turner: 5})
    found = demand_by_occupation(consortium)
    assert found[turner.code] == {LAST - 2: 5, LAST - 1: 0, LAST: 0}
    assert found[welder.code] == {LAST - 2: 0, LAST - 1: 10, LAST: 20}


def test_drafts_and_replaced_versions_do_not_count() -> None:
    consortium, code = make_consortium(), make_code()
    make_release(consortium, LAST, {code: 5}, published=False)
    assert demand_by_occupation(consortium) == {}


def test_no_number_where_there_is_no_data() -> None:
    consortium, code = make_consortium(), make_code()
    released(consortium, code, 10, 20, 30)
    found = demand_ahead(demand_by_occupation(consortium)[code.code])
    assert found == TooFew(3, 5)
    assert "3" in words.of_demand(found) and "5" in words.of_demand(found)
    programme = make_school_programme(consortium, [code], {LAST: (30, None)})
    track = track_of(programme)
    assert isinstance(track.coming, TooFew)
    assert words.of_track(track).startswith("No forecast")


def test_five_years_give_a_forecast_with_its_error() -> None:
    consortium, code = make_consortium(), make_code()
    released(consortium, code, 10, 20, 30, 40, 50, 60)
    found = demand_ahead(demand_by_occupation(consortium)[code.code])
    assert isinstance(found, Forecast)
    assert found.ahead[0].value == pytest.approx(70)
    assert found.naive_error == pytest.approx(10)
    assert "10" in words.of_demand(found)
    track = track_of(make_school_programme(consortium, [code], steady(LAST)))
    assert isinstance(track.coming, Graduates)
    assert "90" in words.of_track(track)


# --- sides ------------------------------------------------------------------------------


def test_both_sides_of_an_occupation() -> None:
    consortium, code, alone = make_consortium(), make_code(), make_code()
    make_school_programme(consortium, [code], steady(LAST))
    make_release(consortium, LAST, {code: 100, alone: 8})
    sides = {side.name: side for side in by_occupation(book_of(consortium), LAST)}
    side = sides[code.name]
    assert (side.demand, side.supply, side.gap, side.balance) == (100, 45, 55, "Short")
    assert (side.demand_next, side.supply_next) == (None, 45)  # one release is no series
    assert (sides[alone.name].supply, sides[alone.name].gap) == (0, 8)
    years = by_occupation(book_of(consortium), LAST - 1)
    assert {side.demand for side in years} == {None}  # no release, so not known


def test_balance_in_words() -> None:
    assert Side("", demand=100, supply=90).balance == "Balanced"
    assert Side("", demand=10, supply=90).balance == "Surplus"
    assert Side("", demand=10).balance == ""


def test_skills_count_open_positions_and_standards_in_force() -> None:
    consortium, skill = make_consortium(), Skill.objects.create(name_zh="焊接")
    position = make_position(consortium, places=7)
    SkillNeed.objects.create(position=position, skill=skill)
    programme = make_school_programme(consortium, [make_code()], steady(LAST))
    standard = Standard.objects.create(
        consortium=consortium, programme=programme, kind="course", title_zh="焊接实训"
    )
    edition = Edition.objects.create(standard=standard, number=1, state="draft")
    unit = Unit.objects.create(edition=edition, order=1, title_zh="一")
    Taught.objects.create(unit=unit, skill=skill)
    (side,) = WAYS["skill"][1](book_of(consortium), LAST)
    assert (side.demand, side.supply, side.programmes) == (7, 0, 0)
    Edition.objects.filter(pk=edition.pk).update(state="published", published_on=clock.today())
    (side,) = WAYS["skill"][1](book_of(consortium), LAST)
    assert (side.demand, side.supply, side.programmes) == (7, 45, 1)


def test_regions_years_and_programmes() -> None:
    consortium, code = make_consortium(), make_code()
    region = make_code(CodeList.Kind.REGION)
    school = make_organisation(Organisation.Kind.COLLEGE, region=region)
    make_membership(consortium, school)
    make_school_programme(consortium, [code], steady(LAST), school=school)
    make_release(consortium, LAST, {code: 60}, regions={region.code: 60})
    book = book_of(consortium)
    (side,) = WAYS["region"][1](book, LAST)
    assert (side.demand, side.supply) == (60, 45)
    (side,) = WAYS["programme"][1](book, LAST)
    assert (side.demand, side.supply) == (60, 45)
    years = {side.name: (side.demand, side.supply) for side in WAYS["year"][1](book, LAST)}
    assert years[str(LAST)] == (60, 45)
    assert years[str(LAST - 1)] == (None, 45)


# --- pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_anybody_reads_each_arrangement(client: Client, way: str) -> None:
    consortium, code = make_consortium(), make_code(name_zh="电焊工")
    make_school_programme(consortium, [code], steady(LAST), name_zh="焊接技术")
    released(consortium, code, 10, 20, 30, 40, 50)
    page = client.get(
        f"/{consortium.slug}/supply/?by={way}", headers={"accept-language": "zh-hans"}
    )
    assert page.status_code == 200
    assert client.get(f"/{consortium.slug}/supply/?by={way}&export=xlsx").status_code == 200
    empty = client.get(f"/{make_consortium().slug}/supply/?by={way}&year=x")
    assert empty.status_code == 200


def test_an_occupation_tells_method_error_and_range(client: Client) -> None:
    consortium, code = make_consortium(), make_code(name_zh="电焊工")
    make_school_programme(consortium, [code], steady(LAST), name_zh="焊接技术")
    released(consortium, code, 10, 20, 30, 40, 50)
    page = client.get(f"/{consortium.slug}/supply/occupations/{code.code}/").text
    assert "mean yearly change" in page
    assert "Held-back years" in page
    assert "焊接技术" in page or "Programme" in page
    bare = client.get(f"/{make_consortium().slug}/supply/occupations/{code.code}/").text
    assert "No forecast" in bare
    assert client.get(f"/{consortium.slug}/supply/occupations/none/").status_code == 404


def test_a_school_states_where_its_graduates_go(client: Client) -> None:
    consortium, welder, turner = make_consortium(), make_code(), make_code()
    programme = make_school_programme(consortium, [welder, turner], steady(LAST))
    page = f"/{consortium.slug}/supply/programmes/{programme.pk}/"
    client.force_login(make_staff(programme.school))
    assert "State the shares" in client.get(page).text
    too_much = {f"o{welder.pk}": 70, f"o{turner.pk}": 40}
    answer = client.post(f"{page}shares/", too_much)
    assert "more than 100 percent" in answer.text
    assert 'value="70"' in answer.text
    client.post(f"{page}shares/", {f"o{welder.pk}": 70, f"o{turner.pk}": ""})
    assert [(s.occupation, s.percent) for s in programme.shares.all()] == [(welder, 70)]

    for stranger in (
        make_secretary(consortium),
        make_staff(make_membership(consortium).organisation),
    ):
        client.force_login(stranger)
        assert "State the shares" not in client.get(page).text
        assert client.post(f"{page}shares/", too_much).status_code == 403
    other = f"/{make_consortium().slug}/supply/programmes/{programme.pk}/"
    assert client.get(other).status_code == 404


def test_queries_do_not_grow_with_programmes(client: Client) -> None:
    counts = []
    for many in (1, 30):
        consortium, code = make_consortium(), make_code()
        for _number in range(many):
            make_school_programme(consortium, [code, make_code()], steady(LAST))
        make_release(consortium, LAST, {make_code(): n + 1 for n in range(many)})
        url = f"/{consortium.slug}/supply/"
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert Programme.objects.count() == 31
