"""What is made of a file: headers, cells, rows."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from silian.kernel.sheets.checking import Findings, examine
from silian.kernel.sheets.reading import Unreadable, read
from silian.kernel.sheets.tests.people import HEADERS, People, text_file, workbook


def look(content: bytes) -> Findings:
    return examine(People(), "Here", read(content))


def messages(found: Findings) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.field, problem.value) for problem in found.problems]


def test_headers_are_found_in_either_language_and_in_any_order() -> None:
    found = look(workbook(["en", "李四", 7.0], headers=["语言", "姓名（必填）", " number* "]))

    assert not found.problems
    assert found.rows[0].data["username"] == "7"
    assert found.rows[0]["language"] == "en"


def test_titles_may_stand_above_the_headers_and_unknown_columns_are_named() -> None:
    content = workbook(
        [*HEADERS, "Shoe size"], ["李四", "2", "English", 42], headers=["Members of 2026"]
    )
    found = look(content)

    assert [row.number for row in found.rows] == [3]
    assert "Shoe size" in found.warnings[0]


def test_missing_and_doubled_columns_are_said_instead_of_an_error_in_every_row() -> None:
    found = look(workbook(["a", "b", "c"], headers=["Name", "Name", "Language"]))

    assert messages(found) == [(1, "name", "Name"), (1, "username", "Number")]


@pytest.mark.parametrize("cell", ["中文", "Chinese", "chinese ", "zh-hans", "ＣＨＩＮＥＳＥ"])
def test_a_choice_is_understood_by_label_or_code(cell: str) -> None:
    assert look(workbook(["李四", "2", cell])).rows[0]["language"] == "zh-hans"


@pytest.mark.parametrize(
    "cell", [date(2026, 3, 1), "2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301"]
)
def test_a_day_is_understood_as_people_write_it(cell: object) -> None:
    found = look(workbook(["李四", "2", "en", cell], headers=[*HEADERS, "Born"]))

    assert found.rows[0]["born"] == date(2026, 3, 1)


def test_numbers_yes_and_lists_are_understood() -> None:
    row = ["李四", "2", "en", "８９．５", "是", "甲、乙"]
    found = look(workbook(row, headers=[*HEADERS, "Points", "Retired", "friends"]))

    assert found.rows[0].data["points"] == Decimal("89.5")
    assert found.rows[0]["retired"] is True
    assert found.rows[0]["friends"] == [1, 2]


def test_every_bad_cell_is_named_with_its_value_and_good_rows_stay_good() -> None:
    headers = [*HEADERS, "Born", "Points", "Retired", "friends"]
    found = look(
        workbook(
            ["李四", 9_123_456_789_012_345_678, "Klingon", "soon", 101, "perhaps", "丙"],
            ["王五", "3", "en"],
            headers=headers,
        )
    )

    assert [problem.field for problem in found.problems] == [
        *("username", "retired", "language", "born", "points", "friends")
    ]
    assert [row.number for row in found.rows] == [3]
    klingon = next(p for p in found.problems if p.field == "language")
    assert klingon.value == "Klingon" and "Klingon" in klingon.message


def test_rows_are_compared_with_each_other() -> None:
    found = look(workbook(["李四", "2", "en"], ["王五", "2", "en"], ["赵六", "4", "en"]))

    assert messages(found) == [(3, "username", "2")]
    assert [row.number for row in found.rows] == [2, 4]


def test_messages_are_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        found = look(workbook(["", "2", "en"]))

    assert found.problems[0].message == "这个字段是必填项。"


def test_blank_rows_merged_headings_and_the_example_are_left_out() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADERS)
        page.write_row(1, 0, ["张三", "0001", "中文"])
        page.merge_range(2, 0, 2, 2, "一、企业")
        page.write_row(4, 0, ["李四", "2"])
        page.write_row(5, 0, ["王五", "3"])
        page.merge_range(4, 2, 5, 2, "English")
        page.write_row(6, 0, ["  ", "\u3000"])
        page.write_row(7, 0, ["赵六"])
        page.write_formula(7, 1, '=CONCAT("4")', None, "4")
        page.write_row(7, 2, ["en"])
    found = look(content.getvalue())

    assert not found.problems
    assert [(row.number, row["language"]) for row in found.rows] == [
        (5, "en"),
        (6, "en"),
        (8, "en"),
    ]
    assert found.rows[2]["username"] == "4"
    assert "3" in found.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_excel_writes_it(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(HEADERS), delimiter.join(["李四", "007", "英文"])]
    found = look(text_file(*lines, encoding=encoding))

    assert not found.problems
    assert found.rows[0]["username"] == "007"


def test_an_old_workbook_is_read() -> None:
    found = look((Path(__file__).parent / "old.xls").read_bytes())

    assert not found.problems
    assert found.rows[0]["born"] == date(2026, 3, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 not really",
        b"\xd0\xcf\x11\xe0 neither",
        b"\x00\x01\x02\x03",
        b"Shoe,Size\r\n1,2",
        b"",
        workbook(headers=[]),
    ],
)
def test_what_is_no_table_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        look(content)


def test_headers_alone_are_an_error() -> None:
    assert look(workbook()).problems[0].row == 1


def test_a_hidden_first_worksheet_is_passed_over() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        hidden = book.add_worksheet("lists")
        page = book.add_worksheet("Rows")
        page.write_row(0, 0, HEADERS)
        page.write_row(1, 0, ["李四", "2", "en"])
        page.activate()
        page.set_first_sheet()
        hidden.hide()

    assert len(look(content.getvalue()).rows) == 1
