"""A sheet to test with: people, one a row, into the one scope there is."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy

from silian.kernel.accounts.models import User
from silian.kernel.bilingual import in_reading_language
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet
from silian.kernel.verdicts import YES, Verdict

both = lazy(in_reading_language, str)


class PersonRow(forms.Form):
    name = forms.CharField(label=both("姓名", "name"), max_length=20, help_text="As on the card")
    username = forms.CharField(label="Number")
    language = forms.ChoiceField(
        label=both("语言", "language"),
        choices=[("zh-hans", both("中文", "Chinese")), ("en", both("英文", "English"))],
    )
    born = forms.DateField(label="Born", required=False)
    points = forms.DecimalField(label="Points", required=False, max_value=100)
    retired = forms.BooleanField(label="Retired", required=False)
    friends = LookupField(lambda: [("甲", 1), ("乙", 2)], many=True, required=False)


class People(Sheet[str]):
    name = "tests.people"
    title = "People"
    row_form = PersonRow
    examples = {"name": "张三", "username": "0001", "language": "zh-hans", "retired": False}
    fail_at = 0

    def scope_from(self, text: str) -> str | None:
        return "Here" if int(text) == 1 else None

    def permitted(self, user: User, scope: str) -> Verdict:
        return YES if user.name == "Secretary" else Verdict("No.")

    def check(self, rows: Sequence[Row], scope: str) -> Iterable[Finding]:
        seen: dict[str, int] = {}
        for row in rows:
            first = seen.setdefault(row["username"], row.number)
            if first != row.number:
                yield row.number, "username", f"Row {first} has it too."

    def save(self, rows: Sequence[Row], scope: str, *, by: User, progress: Progress) -> int:
        for done, row in enumerate(rows, start=1):
            if row.number == self.fail_at:
                raise ValidationError("The roof fell in.")
            User.objects.create(username=row["username"], name=row["name"])
            progress(done)
        return len(rows)

    def done_url(self, scope: str) -> str:
        return "/people/"


HEADERS = ["Name", "Number", "Language"]


def workbook(*rows: Sequence[Any], headers: Sequence[Any] = HEADERS) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet("Rows")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for index, row in enumerate([headers, *rows]):
            for column, cell in enumerate(row):
                page.write(index, column, cell, day if hasattr(cell, "isoformat") else None)
    return content.getvalue()


def text_file(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)
