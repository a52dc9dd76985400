import json
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.education.programmes import policy, services
from silian.education.programmes.models import Programme, YearFigure
from silian.education.programmes.tests.factories import make_figure, make_programme, make_school
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.todos import todos_of
from silian.kernel.search.services import find
from silian.kernel.sheets.registry import Row, sheet_named

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def register(programme: Programme) -> str:
    return reverse("programmes:school_programmes", args=[programme.school_id])


def page(name: str, programme: Programme) -> str:
    return reverse(f"programmes:{name}", args=[programme.school_id, programme.pk])


def figures(*rows: tuple[object, object, object]) -> dict[str, object]:
    sent: dict[str, object] = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        for name, value in zip(("year", "enrolled", "graduated"), row, strict=True):
            sent[f"form-{number}-{name}"] = value
    return sent


def test_everybody_reads_a_programme_with_its_figures(client: Client) -> None:
    programme = make_programme(name_en="Mechatronics")
    make_figure(programme, 2024, enrolled=131, graduated=None)

    text = client.get(programme.get_absolute_url()).text

    assert "Mechatronics" in text and "131" in text
    assert "Enter figures" not in text
    told = json.loads(re.search(r"ld\+json\">(.*?)</script>", text)[1])  # type: ignore[index]
    assert told["@type"] == "EducationalOccupationalProgram"
    assert told["provider"]["name"] == programme.school.name_zh


def test_no_figures_means_no_chart_and_no_zero(client: Client) -> None:
    text = client.get(make_programme().get_absolute_url()).text

    assert "has not stated any figures" in text
    assert "data-chart" not in text


def test_only_the_schools_own_staff_keep_its_programmes() -> None:
    programme = make_programme()
    owner = signed_in(make_staff(programme.school))
    strangers = [make_staff(make_school()), make_staff(programme.school, Role.Kind.STUDENT)]

    for name in ("programme_edit", "figures_edit", "programme_close"):
        assert owner.get(page(name, programme)).status_code == 200
        for stranger in strangers:
            assert signed_in(stranger).get(page(name, programme)).status_code == 403
    assert signed_in(strangers[0]).post(page("programme_reopen", programme)).status_code == 403


def test_the_code_brings_the_name_and_must_be_of_the_level() -> None:
    school = make_school()
    client = signed_in(make_staff(school))
    address = reverse("programmes:programme_new", args=[school.pk])
    top = make_code(CodeList.Kind.PROGRAMME, "46")
    group = make_code(CodeList.Kind.PROGRAMME, "4601", top)
    make_code(CodeList.Kind.PROGRAMME, "460104", group, name_zh="机械制造及自动化")
    sent = {"level": "secondary", "code": "460104", "name_zh": "", "years": 3}

    refused = client.post(address, sent)
    client.post(address, sent | {"level": "college"})

    assert "This code belongs to another level." in refused.text
    assert "460104" in refused.text
    programme = Programme.objects.get()
    assert (programme.name_zh, programme.code.code) == ("机械制造及自动化", "460104")
    assert Entry.objects.about(programme).get().action == "Programme added"


def test_a_university_programme_needs_no_code_of_the_catalogue() -> None:
    school = make_organisation("university")
    client = signed_in(make_staff(school))
    sent = {"level": "bachelor", "code": "", "name_zh": "生物工程", "years": 4}

    client.post(reverse("programmes:programme_new", args=[school.pk]), sent)

    assert Programme.objects.get().code is None


def test_a_school_names_a_programme_of_a_level_once() -> None:
    programme = make_programme()
    client = signed_in(make_staff(programme.school))
    sent = {"level": "college", "name_zh": programme.name_zh, "years": 3}

    answer = client.post(reverse("programmes:programme_new", args=[programme.school_id]), sent)

    assert "has a programme of this name already" in answer.text
    with pytest.raises(IntegrityError), transaction.atomic():
        make_programme(programme.school, name_zh=programme.name_zh)


def test_figures_of_years_are_entered_changed_and_taken_back() -> None:
    programme = make_programme()
    make_figure(programme, 2023)
    client = signed_in(make_staff(programme.school))

    client.post(
        page("figures_edit", programme), figures((2023, "", ""), (2024, 90, ""), ("", "", ""))
    )

    assert list(programme.figures.values_list("year", "enrolled", "graduated")) == [
        (2024, 90, None)
    ]


def test_a_wrong_figure_keeps_what_was_typed() -> None:
    programme = make_programme()
    client = signed_in(make_staff(programme.school))
    ahead = clock.today().year + 1

    answer = client.post(page("figures_edit", programme), figures((ahead, 77, 1), (ahead, 2, "")))

    assert "has not come yet" in answer.text and 'value="77"' in answer.text
    assert not YearFigure.objects.exists()


def test_a_programme_is_closed_with_a_reason_and_reopened() -> None:
    programme = make_programme(opened=2015)
    client = signed_in(make_staff(programme.school))

    early = client.post(page("programme_close", programme), {"year": 2010, "reason": "x"})
    client.post(page("programme_close", programme), {"year": 2024, "reason": "没有需求"})

    assert "before it was opened" in early.text
    programme.refresh_from_db()
    assert programme.closed == 2024 and not programme.is_open
    client.post(page("programme_reopen", programme))
    programme.refresh_from_db()
    assert programme.closed is None


def test_the_consortium_shows_the_programmes_of_its_current_members(client: Client) -> None:
    consortium = make_consortium()
    inside = make_programme(
        make_membership(consortium, make_school()).organisation, name_en="Inside"
    )
    make_programme(name_en="Outside")
    address = reverse("programmes:programme_index", args=[consortium])

    assert "Inside" in client.get(address).text
    assert "Outside" not in client.get(address).text
    assert "Inside" not in client.get(address, {"level": "secondary"}).text
    assert "Inside" in client.get(address, {"intake": "open", "school": inside.school_id}).text
    services.close_programme(inside, year=2020, reason="x", by=make_staff(inside.school))
    assert "Inside" not in client.get(address, {"intake": "open"}).text
    assert "Inside" in client.get(address, {"sort": "-enrolled", "export": "csv"}).content.decode()


@pytest.mark.parametrize("of_school", [True, False])
def test_a_long_list_asks_no_more_than_a_short_one(client: Client, of_school: bool) -> None:
    consortium = make_consortium()
    school = make_membership(consortium, make_school()).organisation
    first = make_programme(school)
    make_figure(first, 2024)
    index = reverse("programmes:programme_index", args=[consortium])
    address = register(first) if of_school else index

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    few = queries()
    for _n in range(29):
        make_figure(make_programme(school), 2024)
    assert queries() == few


def rows_of(name: str, scope: object, *rows: dict[str, str]) -> tuple[list[Row], list[str]]:
    """What a sheet makes of these cells: good rows, and what is wrong."""
    sheet = sheet_named(name)
    assert sheet is not None
    good, wrong = [], []
    form = sheet.form(scope)
    for number, cells in enumerate(rows, start=2):
        data, errors = {}, {}
        form.cleaned_data, form._errors = data, form.error_class()
        form.data, form.is_bound = cells, True
        form.full_clean()
        errors = {field: str(said[0]) for field, said in form.errors.items()}
        wrong += [f"{number} {field}: {message}" for field, message in errors.items()]
        if not errors:
            good.append(Row(number, dict(form.cleaned_data)))
    wrong += [f"{n} {field}: {message}" for n, field, message in sheet.check(good, scope)]
    return good, wrong


def test_figures_of_a_whole_school_come_by_sheet() -> None:
    school = make_school()
    first, second = (
        make_programme(school, name_zh="甲专业"),
        make_programme(school, name_zh="乙专业"),
    )
    make_figure(first, 2023, enrolled=1)
    sheet = sheet_named("programmes.figures")
    by = make_staff(school)

    good, wrong = rows_of(
        sheet.name,  # type: ignore[union-attr]
        school,
        {"programme": "甲专业", "year": "2023", "enrolled": "140", "graduated": ""},
        {"programme": "乙专业", "year": "2023", "enrolled": "", "graduated": "55"},
    )

    assert not wrong
    assert sheet.save(good, school, by=by, progress=lambda done: None) == 2  # type: ignore[union-attr]
    assert first.figures.get().enrolled == 140
    assert second.figures.get().graduated == 55


def test_a_wrong_row_says_what_is_wrong_with_it() -> None:
    school = make_school()
    make_programme(school, name_zh="甲专业")

    _good, wrong = rows_of(
        "programmes.figures",
        school,
        {"programme": "甲专业", "year": "2023", "enrolled": "1"},
        {"programme": "甲专业", "year": "2023", "enrolled": "2"},
        {"programme": "丙专业", "year": "2023", "enrolled": "2"},
        {"programme": "甲专业", "year": "2023"},
    )

    assert [line.split(":")[0] for line in wrong] == ["4 programme", "5 enrolled", "3 year"]


def test_programmes_come_by_sheet_and_are_brought_up_to_date() -> None:
    school = make_school()
    known = make_programme(school, name_zh="甲专业", years=2)
    sheet = sheet_named("programmes.programmes")
    row = {"level": "college", "name_zh": "甲专业", "years": "3"}

    good, wrong = rows_of("programmes.programmes", school, row, row | {"name_zh": "乙专业"})

    assert not wrong
    sheet.save(good, school, by=make_staff(school), progress=lambda done: None)  # type: ignore[union-attr]
    known.refresh_from_db()
    assert known.years == 3
    assert school.programmes.count() == 2


def test_strangers_cannot_import_and_learn_nothing() -> None:
    school = make_school()
    address = reverse("sheets:import", args=["programmes.figures", school.pk])

    assert signed_in(make_staff(school)).get(address).status_code == 200
    assert signed_in(make_staff(make_school())).get(address).status_code == 404


def test_a_school_is_told_which_figures_are_missing() -> None:
    programme = make_programme()
    user = make_staff(programme.school)
    label = f"Programmes without the figures of {clock.today().year - 1}"

    assert label in {todo.label for todo in todos_of(user)}
    make_figure(programme, clock.today().year - 1)
    assert label not in {todo.label for todo in todos_of(user)}
    assert label not in {todo.label for todo in todos_of(make_user())}


@pytest.mark.django_db(transaction=True)
def test_a_programme_is_found_by_name_and_school() -> None:
    programme = make_programme(name_zh="药品生产技术")

    assert [hit.url for hit in find(AnonymousUser(), "药品生产")] == [programme.get_absolute_url()]


def test_programs_read_programmes_with_their_figures(client: Client) -> None:
    programme = make_programme(name_zh="药品生产技术")
    make_figure(programme, 2024)
    make_programme()

    answer = client.get("/api/v1/programmes", {"q": "药品", "school": programme.school_id}).json()

    assert answer["count"] == 1
    assert answer["items"][0]["figures"] == [{"year": 2024, "enrolled": 120, "graduated": 98}]


def test_a_figure_says_something_and_a_year_is_stated_once() -> None:
    programme = make_programme()
    make_figure(programme, 2024)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(programme, 2024)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(programme, 2023, enrolled=None, graduated=None)
    assert policy.visible_figures(make_user(), programme).count() == 1
