"""A spreadsheet's way in, as the people who bring it walk it."""

import contextlib
import io
import threading
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.jobs.models import Job
from silian.kernel.sheets import services, tasks
from silian.kernel.sheets.models import Import
from silian.kernel.sheets.registry import register
from silian.kernel.sheets.tests.people import People, workbook

pytestmark = pytest.mark.django_db
PLACE = "/sheets/tests.people/1/"


@pytest.fixture(autouse=True)
def sheet(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[People]]:
    monkeypatch.setattr("silian.kernel.sheets.registry._sheets", {})
    register(People)
    return People


@pytest.fixture
def secretary() -> User:
    return make_user("Secretary")


@pytest.fixture
def office(secretary: User) -> Client:
    client = Client()
    client.force_login(secretary)
    return client


def bring(client: Client, content: bytes, name: str = "people.xlsx") -> Import:
    page = client.post(PLACE, {"file": SimpleUploadedFile(name, content)})
    assert page.status_code == 302, page.text
    return Import.objects.get(pk=page["Location"].rstrip("/").split("/")[-1])


def address(found: Import, action: str = "") -> str:
    return f"{PLACE}{found.pk}/{action}"


GOOD = workbook(["李四", "2", "en"], ["王五", "3", "中文"])
BAD = workbook(["李四", "2", "en"], ["", "3", "Klingon"])


def test_from_file_to_rows(office: Client, secretary: User) -> None:
    found = bring(office, GOOD)
    assert not User.objects.filter(name="李四"), "a dry run writes nothing"
    page = office.get(address(found))
    assert "Import 2 rows" in page.text and "王五" in page.text
    assert "<td>Chinese</td>" in page.text, "the preview shows labels, not codes"

    page = office.post(address(found, "confirm/"), follow=True)

    found.refresh_from_db()
    assert (found.state, found.saved) == ("done", 2)
    assert "2 rows were imported" in page.text and "/people/" in page.text
    assert User.objects.filter(username__in=["2", "3"]).count() == 2
    moves = Entry.objects.filter(subject=f"sheets.Import:{found.pk}")
    assert [entry.detail.get("to") for entry in moves] == [None, "checked", "importing", "done"]
    assert {entry.by for entry in moves} == {secretary}


def test_errors_are_shown_per_cell_and_block_the_import(office: Client) -> None:
    found = bring(office, BAD)
    page = office.get(address(found))

    assert "Klingon" in page.text and "because the file has errors" in page.text
    assert office.post(address(found, "confirm/")).status_code == 403
    assert not User.objects.filter(username="2")


def test_the_file_with_errors_names_them_beside_their_rows_and_can_be_brought_again(
    office: Client,
) -> None:
    found = bring(office, BAD)
    content = office.get(address(found, "errors/")).content

    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "" and "Klingon" in rows[2][0]
    again = bring(office, content)
    assert (again.total, again.good) == (2, 1)


def test_errors_are_in_the_language_of_who_brought_the_file(office: Client) -> None:
    office.cookies["django_language"] = "zh-hans"
    page = office.get(address(bring(office, BAD)))

    assert "这个字段是必填项" in page.text and "所填内容" in page.text and "姓名" in page.text


def test_the_same_file_is_not_imported_twice(office: Client) -> None:
    first, second = bring(office, GOOD), bring(office, GOOD)
    office.post(address(first, "confirm/"))

    assert office.post(address(first, "confirm/")).status_code == 403
    assert office.post(address(second, "confirm/")).status_code == 403
    page = office.post(PLACE, {"file": SimpleUploadedFile("people.xlsx", GOOD)})
    assert page.status_code == 422 and "Secretary has imported this very file" in page.text
    assert User.objects.filter(username="2").count() == 1


def test_all_or_nothing(
    office: Client, sheet: type[People], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(office, GOOD)
    monkeypatch.setattr(sheet, "fail_at", 3)
    page = office.post(address(found, "confirm/"), follow=True)

    found.refresh_from_db()
    assert found.state == "failed" and "The roof fell in." in page.text
    assert not User.objects.filter(username="2")

    monkeypatch.setattr(sheet, "fail_at", 0)
    office.post(address(found, "recheck/"))
    office.post(address(found, "confirm/"))
    found.refresh_from_db()
    assert found.state == "done"


def test_what_changed_since_the_check_is_found_at_the_confirmation(office: Client) -> None:
    found = bring(office, GOOD)
    User.objects.create(username="2", name="Rival")
    page = office.post(address(found, "confirm/"), follow=True)

    found.refresh_from_db()
    assert found.state == "failed" and "has changed since" in page.text
    assert not User.objects.filter(username="3")


def test_an_interrupted_import_left_nothing_and_can_be_repeated(
    office: Client, secretary: User
) -> None:
    found = bring(office, GOOD)
    services.confirm(found, by=secretary)  # and the process dies here

    office.post(address(found, "recheck/"))
    office.post(address(found, "confirm/"))

    found.refresh_from_db()
    assert found.state == "done" and found.saved == 2


def test_many_rows_go_to_the_background(office: Client, sheet: type[People]) -> None:
    rows = [[f"人{number}", f"n{number}", "en"] for number in range(tasks.ROWS_AT_ONCE + 1)]
    found = bring(office, workbook(*rows))
    assert found.state == "uploaded"
    job = Job.objects.get()
    tasks.check_import(job_id=job.pk, import_id=found.pk, user_id=found.by_id)
    office.post(address(found, "confirm/"))
    found.refresh_from_db()
    assert (
        found.state == "importing"
        and "Importing a spreadsheet" in office.get(PLACE + f"{found.pk}/").text
    )
    tasks.save_import(job_id=Job.objects.latest("pk").pk, import_id=found.pk, user_id=found.by_id)

    found.refresh_from_db()
    assert found.saved == len(rows)
    assert {job.state for job in Job.objects.all()} == {"done"}


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_in_the_middle_leaves_nothing_and_the_import_can_be_repeated(
    office: Client, secretary: User, sheet: type[People], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(office, GOOD)
    services.confirm(found, by=secretary)

    def save_half(self: People, rows: object, scope: str, **options: object) -> int:
        User.objects.create(username="2", name="李四")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 1

    def work() -> None:
        with contextlib.suppress(Exception):
            services.carry_out(Import.objects.get(pk=found.pk), by=secretary)
        connection.close()

    with monkeypatch.context() as broken:
        broken.setattr(sheet, "save", save_half)
        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
    assert not User.objects.filter(username="2")

    office.post(address(found, "recheck/"))
    office.post(address(found, "confirm/"))
    found.refresh_from_db()
    assert (found.state, found.saved) == ("done", 2)


@pytest.mark.django_db(transaction=True)
def test_nobody_repeats_what_is_running(office: Client, secretary: User) -> None:
    found = bring(office, GOOD)
    services.confirm(found, by=secretary)
    working, may_end = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic(), services.held(Import.objects.get(pk=found.pk)):
            working.set()
            may_end.wait(10)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    working.wait(10)
    page = office.post(address(found, "recheck/"), follow=True)
    may_end.set()
    worker.join()

    found.refresh_from_db()
    assert found.state == "importing" and "at this moment" in page.text


def test_strangers_learn_nothing(office: Client) -> None:
    found = bring(office, GOOD)
    stranger = Client()
    stranger.force_login(make_user("Stranger"))
    for path in ["", "template.xlsx", *(f"{found.pk}/{x}" for x in ("", "errors/", "file/"))]:
        assert office.get(PLACE + path).status_code == 200
        assert stranger.get(PLACE + path).status_code == 404
        assert Client().get(PLACE + path).status_code == 302
    for action in ("confirm/", "recheck/"):
        assert stranger.post(address(found, action)).status_code == 404


@pytest.mark.parametrize("path", ["tests.people/2/", "tests.people/x/", "tests.cats/1/"])
def test_other_scopes_and_sheets_are_not_there(office: Client, path: str) -> None:
    assert office.get(f"/sheets/{path}").status_code == 404


def test_an_import_is_not_seen_through_another_scope(
    office: Client, sheet: type[People], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(office, GOOD)
    monkeypatch.setattr(sheet, "scope_from", lambda self, text: text)

    assert office.get(f"/sheets/tests.people/2/{found.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("people.xlsx", b"PK no", "not that of a .xlsx"),
        ("people.csv", b"Shoe,Size\r\n1,2", "No headers were found"),
        ("people.pdf", b"%PDF", "Only these types"),
        ("people.csv", b"", "empty"),
    ],
)
def test_a_wrong_file_is_refused_beside_the_field(
    office: Client, name: str, content: bytes, said: str
) -> None:
    page = office.post(PLACE, {"file": SimpleUploadedFile(name, content)})

    assert page.status_code == 422 and said in page.text
    assert not Import.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_read_back_has_every_column_and_no_row(office: Client, language: str) -> None:
    office.cookies["django_language"] = language
    for ending in ("xlsx", "csv"):
        content = office.get(f"{PLACE}template.{ending}").content
        found = bring(office, content, f"t.{ending}")
        assert [problem[3] for problem in found.problems] == [
            "There are no rows below the headers." if language == "en" else "表头下面没有数据。"
        ]
        assert not found.warnings


def test_the_page_says_what_columns_mean_and_what_was_imported_before(office: Client) -> None:
    bring(office, GOOD)
    page = office.get(PLACE).text

    assert "As on the card" in page and "people.xlsx" in page and "张三" in page


def test_the_list_of_imports_costs_the_same_for_one_and_for_thirty(office: Client) -> None:
    bring(office, GOOD)
    with CaptureQueriesContext(connection) as one:
        office.get(PLACE)
    for number in range(29):
        bring(office, workbook([f"人{number}", "2", "en"]))
    with CaptureQueriesContext(connection) as thirty:
        office.get(PLACE)

    assert len(one) == len(thirty)
