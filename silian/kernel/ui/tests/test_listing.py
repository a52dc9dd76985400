"""Lists: filter, sort, pages, chips, exports, at one number of queries."""

import csv
import io
from collections.abc import Callable

import django_filters
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.ui.listing import DateColumn, LinkColumn, Listing, NumberColumn, Table

pytestmark = pytest.mark.django_db


class PeopleTable(Table):
    name = LinkColumn(to=lambda user: f"/people/{user.pk}/")
    joined = DateColumn(accessor="date_joined")
    number = NumberColumn(accessor="pk")

    class Meta:
        model = User
        fields = ["name", "username", "duty", "joined", "number"]


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="contains", label="Name")

    class Meta:
        model = User
        fields = ["duty"]


@pytest.fixture
def show(rf: RequestFactory) -> Callable[[str], HttpResponse]:
    """The page of all people, asked with a query string."""

    def page(query: str = "") -> HttpResponse:
        request = rf.get(f"/people/?{query}")
        rows = User.objects.order_by("name")
        listing = Listing(request, rows, PeopleTable, PeopleFilter, name="people", per_page=10)
        return listing.page("ui/index.html")

    return page


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_list_without_rows_shows_an_empty_state(show) -> None:
    assert "There is nothing here yet." in text(show())


def test_a_filter_that_matches_nothing_says_so_and_can_be_cleared(show) -> None:
    make_user("李梅")
    page = text(show("q=王"))
    assert "Nothing matches these filters." in page and 'href="/people/"' in page
    assert "There is nothing here yet." not in page


def test_search_and_filter_narrow_and_leave_a_chip_each(show) -> None:
    make_user("李梅", duty="audit")
    make_user("李伟")
    page = text(show("q=李&duty=audit&sort=-name"))
    assert "李梅" in page and "李伟" not in page
    assert "Duty: Auditor" in page and 'href="?q=%E6%9D%8E&amp;sort=-name"' in page
    assert "1 entry" in page


def test_pages_are_counted_and_a_page_too_far_is_the_last(show) -> None:
    for number in range(25):
        make_user(f"Person {number:02}")
    assert "1–10 of 25" in text(show())
    last = text(show("page=99"))
    assert "21–25 of 25" in last and "Person 24" in last


def test_sorting_is_said_in_the_head_and_kept_by_the_pager(show) -> None:
    for number in range(15):
        make_user(f"Person {number:02}")
    page = text(show("sort=-name"))
    assert 'aria-sort="descending"' in page and page.index("Person 14") < page.index("Person 05")
    assert "?sort=-name&amp;page=2" in page
    assert text(show("sort=nonsense")).count("<tr") == 11


def test_the_number_of_queries_does_not_grow(show) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            show()
        return len(captured)

    make_user()
    one = queries()
    for _ in range(9):
        make_user()
    assert queries() == one


def test_xlsx_holds_all_filtered_rows_with_typed_cells(show) -> None:
    for number in range(12):
        make_user(f"李{number}")
    make_user("=HYPERLINK(1)")
    response = show("export=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[0][:3] == ["Full name", "Username", "Duty"] and len(rows) == 14
    assert rows[1][0] == "=HYPERLINK(1)" and isinstance(rows[1][4], int | float)
    assert rows[1][3].year >= 2025
    assert "people-" in response["Content-Disposition"]
    assert len(text(show("export=csv&q=李")).splitlines()) == 13


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_csv_is_read_as_text_by_spreadsheets(show, name: str) -> None:
    make_user(name)
    lines = text(show("export=csv"))
    assert lines.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(lines)))[1][0] == f"'{name}"


def test_an_unknown_export_is_the_page(show) -> None:
    make_user("李梅")
    assert "<table" in text(show("export=exe"))


def test_cells_are_escaped(show) -> None:
    make_user("<script>alert(1)</script>")
    assert "<script>alert" not in text(show())
