import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.banks.models import Bank, Seat
from silian.education.exchange import cells, services
from silian.education.exchange.imports import ItemRow, ItemSheet
from silian.education.exchange.models import Arrival
from silian.education.formats.tests.test_formats import ALL
from silian.education.items.models import Version
from silian.education.items.tests.factories import make_bank, make_seat, make_version, occupation
from silian.industry.occupations.tests.factories import make_skill
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import Entry
from silian.kernel.sheets.checking import examine
from silian.kernel.sheets.reading import Grid, read
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
GIFT = """::一::数控机床的主轴是哪个? {=S ~F ~T}

::二::没有答案

::三::顺时针圆弧是 G02。 {T}
"""


def page_of(bank: Bank) -> str:
    return f"/{bank.consortium.slug}/items/files/"


def bring(client: Client, bank: Bank, text: str = GIFT, name: str = "题.txt") -> Arrival:
    about = {"bank": bank.pk, "occupation": occupation().code, "level": "4", "difficulty": "2"}
    upload = SimpleUploadedFile(name, text.encode())
    client.post(f"{page_of(bank)}new/", about | {"file": upload})
    return Arrival.objects.latest("pk")


def quietly(done: int) -> None:
    """Nobody looks at the progress."""


def test_what_can_be_taken_becomes_drafts_and_the_rest_is_told(client: Client) -> None:
    bank = make_bank()
    author = make_seat(bank)
    client.force_login(author)
    arrival = bring(client, bank)
    page = f"{page_of(bank)}{arrival.pk}/"
    text = client.get(page).text
    assert "2 questions can be taken, 1 cannot" in text and "二" in text and "{ }" in text
    assert not Version.objects.exists()
    client.post(f"{page}take/")
    assert [v.kind for v in Version.objects.order_by("pk")] == ["single", "truefalse"]
    assert {(v.by, v.state, v.item.level) for v in Version.objects.all()} == {
        (author, "draft", "4")
    }
    assert client.post(f"{page}take/").status_code == 403
    arrival.refresh_from_db()
    assert arrival.questions == [] and arrival.state == "taken"
    assert client.get(page_of(bank)).context["listing"].total == 1


def test_a_file_is_taken_once_and_by_whoever_brought_it(client: Client) -> None:
    bank = make_bank()
    client.force_login(make_seat(bank))
    arrival = bring(client, bank)
    stale = Arrival.objects.get(pk=arrival.pk)
    services.take_in(arrival, by=arrival.by)
    with pytest.raises(IllegalMove):
        services.take_in(stale, by=arrival.by)
    assert Version.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrival.objects.filter(pk=arrival.pk).update(questions=[1])
    client.force_login(make_seat(bank))
    assert client.get(f"{page_of(bank)}{arrival.pk}/").status_code == 200
    assert client.post(f"{page_of(bank)}{arrival.pk}/take/").status_code == 403
    client.force_login(make_seat(make_bank()))
    assert client.get(f"{page_of(bank)}{arrival.pk}/").status_code == 404


def test_a_bad_file_says_why_and_keeps_what_was_chosen(client: Client) -> None:
    bank = make_bank()
    client.force_login(make_seat(bank))
    upload = SimpleUploadedFile("x.xml", b"<quiz><oops")
    about = {"bank": bank.pk, "occupation": occupation().code, "level": "2", "difficulty": "5"}
    answer = client.post(f"{page_of(bank)}new/", about | {"file": upload})
    assert "no sound XML" in answer.text and answer.context["form"]["level"].value() == "2"
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("name", ["gift", "moodle", "qti", "sheet"])
def test_an_export_says_what_it_leaves_out_and_is_recorded(client: Client, name: str) -> None:
    bank = make_bank()
    for asked in ALL.values():
        make_version(bank, asked, state="approved")
    make_version(bank)  # a draft, not asked for
    client.force_login(make_seat(bank, Seat.Part.SETTER))
    address = f"{page_of(bank)}export/?bank={bank.pk}&format={name}&state=approved"
    shown = client.get(address)
    leaving = shown.context["leaving"]
    assert len(leaving.questions) + len(leaving.left_out) == len(ALL)
    assert all(reason in shown.text for _version, reason in leaving.left_out)
    answer = client.post(address)
    assert answer["Content-Disposition"].startswith("attachment")
    if name == "qti":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
            assert len(package.namelist()) == len(leaving.questions) + 1
    assert Entry.objects.filter(action="Items exported").count() == 1


def test_a_sheet_goes_out_and_comes_in_again(client: Client) -> None:
    bank, other = make_bank(), make_bank()
    skill = make_skill("编程")
    for asked in ALL.values():
        make_version(bank, asked, state="approved", skills=(skill,), difficulty=4)
    author = make_seat(bank)
    client.force_login(author)
    address = f"{page_of(bank)}export/?bank={bank.pk}&format=sheet&state="
    left_out = client.get(address).context["leaving"].left_out
    grid = read(client.post(address).content)
    found = examine(ItemSheet(), other, grid)
    assert not found.problems and len(found.rows) == len(ALL) - len(left_out)
    ItemSheet().save(found.rows, other, by=author, progress=quietly)
    fresh = Version.objects.filter(item__bank=other).order_by("item__number")
    known = Version.objects.filter(item__bank=bank).exclude(pk__in=[v.pk for v, _r in left_out])
    pairs = list(zip(known.order_by("item__number"), fresh, strict=True))
    for was, now in pairs:
        assert (was.content, was.key) == (now.content, now.key)
        assert (was.item.level, was.item.difficulty) == (now.item.level, now.item.difficulty)
        assert [t.skill for t in now.item.tested.all()] == [skill]


def sheet_of(rows: list[dict[str, object]]) -> Grid:
    return Grid(
        [list(cells.COLUMN_ORDER), *([r.get(n, "") for n in cells.COLUMN_ORDER] for r in rows)]
    )


def test_each_error_of_a_sheet_names_its_cell() -> None:
    bank = make_bank()
    good = {
        "kind": "single",
        "text_zh": "问?",
        "choice_a": "甲 || A",
        "choice_b": "乙",
        "answer": "a",
        "occupation": occupation().code,
        "level": "4",
        "difficulty": "3",
    }
    rows = [
        good,
        good | {"text_zh": "另问?", "answer": "D"},
        good | {"choice_b": "甲"},
        good | {"kind": "order", "answer": "AB"},
        good | {"kind": "match", "choice_a": "甲"},
        good | {"kind": "number", "answer": "约三"},
        good | {"kind": "truefalse", "answer": "也许"},
        good | {"occupation": "9-99"},
        good | {"skills": "没有的技能"},
        good | {"kind": "hotspot"},
    ]
    found = examine(ItemSheet(), bank, sheet_of(rows))
    assert len(found.rows) == 1
    assert {(one.row, one.field) for one in found.problems} == {
        (3, "answer"),
        (4, "choice_b"),
        (5, "choice_a"),
        (6, "choice_a"),
        (7, "answer"),
        (8, "answer"),
        (9, "occupation"),
        (10, "skills"),
        (11, "kind"),
    }
    assert list(ItemRow().fields) == cells.COLUMN_ORDER


def test_many_rows_are_written_in_few_queries_and_all_or_none() -> None:
    bank = make_bank()
    author: User = make_seat(bank)
    row = {"kind": "truefalse", "answer": "对", "occupation": occupation().code}
    row |= {"level": "3", "difficulty": "3"}
    grid = sheet_of([row | {"text_zh": f"第{n}句话。"} for n in range(2500)])
    found = examine(ItemSheet(), bank, grid)
    heard: list[int] = []
    with CaptureQueriesContext(connection) as queries:
        ItemSheet().save(found.rows, bank, by=author, progress=heard.append)
    assert len(queries) < 30 and heard == [1000, 2000, 2500]
    assert Version.objects.count() == 2500

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        ItemSheet().save(found.rows, bank, by=author, progress=stop)
    assert Version.objects.count() == 2500


def test_the_pages_of_the_sheet_take_it_from_the_upload_to_the_bank(client: Client) -> None:
    bank = make_bank()
    client.force_login(make_seat(bank))
    page = f"/sheets/exchange.items/{bank.pk}/"
    row = {
        "kind": "truefalse",
        "text_zh": "一句话。",
        "answer": "对",
        "level": "3",
        "difficulty": "3",
    }
    row |= {"occupation": occupation().code}
    lines = [cells.COLUMN_ORDER, [row.get(name, "") for name in cells.COLUMN_ORDER]]
    content = "\n".join(",".join(line) for line in lines).encode()
    checked = client.post(page, {"file": SimpleUploadedFile("items.csv", content)})
    client.post(f"{checked.url}confirm/")
    assert Version.objects.get().key is True
