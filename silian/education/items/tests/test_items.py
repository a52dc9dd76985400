from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.banks.models import Bank, Seat
from silian.education.banks.policy import people_for
from silian.education.items import services
from silian.education.items.history import record_statistics, record_use, seen_by
from silian.education.items.models import Item, Use, Version
from silian.education.items.tests.factories import (
    a_choice,
    make_bank,
    make_seat,
    make_version,
    occupation,
)
from silian.education.questions.building import case, writing
from silian.education.questions.schema import Kind
from silian.engines.itemstats import Statistics
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.industry.occupations.links import links_of
from silian.industry.occupations.tests.factories import make_skill
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of
from silian.kernel.search.models import Document
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
Part, State = Seat.Part, Version.State
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "6360000002000001e221bc330000000049454e44ae426082"
)


def page_of(bank: Bank) -> str:
    return f"/{bank.consortium.slug}/items/"


def tags(bank: Bank, **more: Any) -> dict[str, Any]:
    return {
        "bank": bank.pk,
        "occupation": occupation().code,
        "level": "4",
        "difficulty": "2",
        "text_zh": "问题?",
        **more,
    }


def rows(*lines: dict[str, str]) -> dict[str, str]:
    found = {"rows-TOTAL_FORMS": f"{len(lines)}", "rows-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        found |= {f"rows-{number}-{name}": value for name, value in line.items()}
    return found


TYPED: dict[str, dict[str, str]] = {
    "single": rows({"zh": "G41", "right": "on"}, {"zh": "G42", "en": "right"}, {"zh": ""}),
    "multiple": rows({"zh": "甲", "right": "on"}, {"zh": "乙", "right": "on"}, {"zh": "丙"}),
    "truefalse": {"right": "0"},
    "blank": {"text_zh": "左补偿用____,取消用____。", "accepted": "G41|g41\nG40"},
    "order": rows({"zh": "断电"}, {"zh": "验电"}, {"zh": "挂牌"}),
    "match": rows(
        {"zh": "M03", "partner_zh": "正转"},
        {"zh": "M04", "partner_zh": "反转"},
        {"partner_zh": "停"},
    ),
    "number": {"value": "3.14", "tolerance": "0.01", "unit": "mm"},
    "short": {"accepted": "对刀\n试切对刀"},
    "essay": {"explanation_zh": "评分要点"},
    "case": {},
}
KEYS: dict[str, Any] = {
    "single": "a",
    "multiple": ["a", "b"],
    "truefalse": False,
    "blank": [["G41", "g41"], ["G40"]],
    "number": {"value": "3.14", "tolerance": "0.01"},
    "short": ["对刀", "试切对刀"],
    "essay": None,
    "case": [],
}


@pytest.mark.parametrize("kind", Kind.values)
def test_an_author_writes_an_item_of_each_kind_and_changes_it(client: Client, kind: str) -> None:
    bank = make_bank()
    client.force_login(make_seat(bank))
    skill = make_skill("刀具补偿")
    assert client.get(f"{page_of(bank)}new/{kind}/").status_code == 200
    typed = tags(bank, skills=[skill.pk]) | TYPED[kind]
    answer = client.post(f"{page_of(bank)}new/{kind}/", typed)
    version = Version.objects.get()
    assert answer.url == version.get_absolute_url()
    assert (version.kind, version.state, version.item.number) == (kind, "draft", 1)
    assert [tested.skill for tested in version.item.tested.all()] == [skill]
    if kind in KEYS:
        assert version.key == KEYS[kind]
    assert client.get(version.get_absolute_url()).status_code == 200
    edit = f"{version.get_absolute_url()}edit/"
    before = version.content, version.key
    form = client.get(edit).context
    again = {n: v for n, v in form["form"].initial.items() if v is not None}
    again |= {"occupation": occupation().code, "text_zh": version.content["text"]["zh"]}
    if form["rows"]:
        again |= rows(
            *(
                {k: ("on" if v is True else v) for k, v in r.items() if v}
                for r in form["rows"].initial
            )
        )
    client.post(edit, again)
    version.refresh_from_db()
    assert (version.content, version.key) == before  # the form holds all of it


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client: Client) -> None:
    bank = make_bank()
    client.force_login(make_seat(bank))
    new = f"{page_of(bank)}new/"
    typed = tags(bank) | rows({"zh": "同样"}, {"zh": "同 样"})
    text = client.post(f"{new}single/", typed).text
    assert (
        "Mark the one choice that is right." in text and "The same text stands here twice." in text
    )
    assert "同 样" in text and "问题?" in text
    text = client.post(f"{new}blank/", tags(bank, accepted="G41")).text
    assert "Mark each place to fill in" in text
    text = client.post(f"{new}number/", tags(bank, value="三点一四")).text
    assert "Give the right number." in text and "三点一四" in text
    assert client.get(f"{new}hotspot/").status_code == 404
    assert not Item.objects.exists()


def test_a_case_gets_its_questions_one_by_one(client: Client) -> None:
    bank = make_bank()
    author = make_seat(bank)
    client.force_login(author)
    client.post(f"{page_of(bank)}new/case/", tags(bank))
    version = Version.objects.get()
    page = version.get_absolute_url()
    assert "questions" in client.post(f"{page}act/hand-in/", follow=True).text
    client.post(f"{page}parts/single/", {"text_zh": "选哪个?"} | TYPED["single"])
    client.post(f"{page}parts/essay/", {"text_zh": "为什么?"})
    client.post(f"{page}parts/truefalse/", {"text_zh": "是否?", "right": "1"})
    version.refresh_from_db()
    assert version.key == ["a", None, True] and "为什么" in version.text
    client.post(f"{page}parts/2/edit/", {"text_zh": "是不是?", "right": "0"})
    client.post(f"{page}parts/1/remove/")
    version.refresh_from_db()
    assert version.key == ["a", False]
    assert client.get(f"{page}parts/9/edit/").status_code == 404
    assert client.get(f"{page}parts/case/").status_code == 404
    assert client.get(page).text.count("是不是?") >= 1


def test_a_second_person_reviews_and_what_is_in_use_stays(client: Client) -> None:
    bank = make_bank()
    author, reviewer = make_seat(bank), make_seat(bank, Part.REVIEWER)
    make_seat(bank, Part.REVIEWER, author)
    version = make_version(bank, by=author)
    page = version.get_absolute_url()
    client.force_login(author)
    client.post(f"{page}act/hand-in/")
    assert client.post(f"{page}act/approve/").status_code == 403  # not one's own
    assert client.get(f"{page}edit/").status_code == 403
    assert any("Items to review" in todo.label for todo in todos_of(reviewer))
    client.force_login(reviewer)
    client.post(f"{page}act/return/", {"reason": ""})
    version.refresh_from_db()
    assert version.state == State.REVIEW
    client.post(f"{page}act/return/", {"reason": "选项不完整"})
    assert any("to change" in todo.label for todo in todos_of(author))
    client.force_login(author)
    assert "选项不完整" in client.get(page).text
    client.post(f"{page}act/comment/", {"text": "已改"})
    client.post(f"{page}act/hand-in/")
    client.force_login(reviewer)
    client.post(f"{page}act/approve/")
    version.refresh_from_db()
    assert (version.state, version.reviewed_by) == (State.APPROVED, reviewer)
    client.force_login(author)
    client.post(f"{page}act/rewrite/")
    second = Version.objects.get(number=2)
    client.post(f"{page}act/hand-in/")
    client.force_login(reviewer)
    client.post(f"{page}act/approve/")
    states = list(Version.objects.order_by("number").values_list("state", "newest"))
    assert states == [(State.RETIRED, False), (State.APPROVED, True)]
    assert "newer version" in client.get(f"{page}versions/1/").text
    client.post(f"{page}act/retire/", {"reason": "标准更新"})
    second.refresh_from_db()
    assert second.state == State.RETIRED


def test_the_database_keeps_what_was_handed_in_and_who_reviewed() -> None:
    bank = make_bank()
    version = make_version(bank, state=State.APPROVED)
    for change in ({"key": "b"}, {"content": {"kind": "single"}}, {"by": make_seat(bank)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        version.delete()
    draft = make_version(bank)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(reviewed_by=draft.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(kind="essay")
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(state="approved")
    with pytest.raises(IllegalMove):
        services.approve([draft], by=make_seat(bank, Part.REVIEWER))
    draft.delete()


def test_nobody_without_a_seat_learns_that_there_are_items(client: Client) -> None:
    bank = make_bank()
    version = make_version(
        bank, case(("机密案例", ""), [writing(("机密小题", ""))]), state="approved"
    )
    skill = make_skill("机密技能")
    version.item.tested.create(skill=skill)
    page = version.get_absolute_url()
    pages = [
        page_of(bank),
        page,
        f"{page}versions/1/",
        f"{page}edit/",
        f"{page}pictures/1/",
        f"{page_of(bank)}?export=csv",
        f"{page_of(bank)}new/",
        f"{page_of(bank)}new/single/",
        bank.get_absolute_url(),
        f"{page_of(bank)}files/",
        f"{page_of(bank)}files/export/?bank={bank.pk}&format=gift",
        f"/sheets/exchange.items/{bank.pk}/",
    ]
    member = make_membership(bank.consortium).organisation
    strangers = [
        make_staff(member, Role.Kind.STUDENT),
        make_staff(member, Role.Kind.TEACHER),
        make_staff(member),
        make_secretary(make_consortium()),
        make_seat(make_bank()),
    ]
    for stranger in strangers:
        client.force_login(stranger)
        assert {client.get(address).status_code for address in pages} == {404}, stranger
        assert client.post(f"{page}act/approve/").status_code == 404
        found = client.get("/search/?q=机密案例")
        assert page not in found.text
        assert not links_of(skill, stranger)
    assert not Document.objects.filter(kind__startswith="items.").exists()
    client.logout()
    assert {client.get(address).status_code for address in pages} == {302}
    client.force_login(version.by)
    assert links_of(skill, version.by) and client.get(page).status_code == 200


def test_seats_are_given_by_whoever_looks_after_the_bank(client: Client) -> None:
    consortium = make_consortium()
    secretary = make_secretary(consortium)
    client.force_login(secretary)
    index = f"/{consortium.slug}/items/banks/"
    assert client.get(index).status_code == 200
    client.post(f"{index}new/", {"name_zh": "数控题库"})
    bank = Bank.objects.get()
    teacher = make_staff(make_membership(consortium).organisation, Role.Kind.TEACHER)
    outsider = make_user()
    page = bank.get_absolute_url()
    assert client.get(page).status_code == 200
    refused = client.post(page, {"user": outsider.pk, "part": "author"})
    assert refused.status_code == 200 and not Seat.objects.exists()
    for _twice in range(2):
        client.post(page, {"user": teacher.pk, "part": "author"})
    seat = Seat.objects.get()
    assert (
        client.get(f"/{consortium.slug}/items/new/single/").status_code == 404
    )  # looks after only
    client.force_login(teacher)
    assert client.get(f"/{consortium.slug}/items/new/single/").status_code == 200
    assert client.post(page, {"user": teacher.pk, "part": "reviewer"}).status_code == 403
    client.force_login(secretary)
    client.post(f"{page}seats/{seat.pk}/end/")
    client.force_login(teacher)
    assert client.get(f"/{consortium.slug}/items/").status_code == 404


def test_a_firm_keeps_a_bank_of_its_own(client: Client) -> None:
    consortium = make_consortium()
    firm = make_membership(consortium).organisation
    manager = make_staff(firm, Role.Kind.MANAGER)
    client.force_login(manager)
    typed = {"name_zh": "企业题库", "organisation": firm.pk}
    client.post(f"/{consortium.slug}/items/banks/new/", typed)
    bank = Bank.objects.get()
    assert bank.organisation == firm
    assert set(people_for(bank)) == {manager}
    client.force_login(make_secretary(consortium))
    assert client.get(bank.get_absolute_url()).status_code == 404


def test_a_picture_is_seen_by_those_with_a_seat(client: Client) -> None:
    bank = make_bank()
    client.force_login(make_seat(bank))
    upload = SimpleUploadedFile("part.png", PNG)
    typed = tags(bank, picture=upload) | {"right": "1"}
    assert "in words" in client.post(f"{page_of(bank)}new/truefalse/", typed).text
    upload.seek(0)
    client.post(f"{page_of(bank)}new/truefalse/", typed | {"alt_zh": "轴承"})
    version = Version.objects.get()
    [media] = version.content["media"]
    page = version.get_absolute_url()
    assert 'alt="轴承"' in client.get(page).text
    shown = client.get(f"{page}pictures/{media['file']}/")
    assert shown.status_code == 200 and shown["Content-Type"] == "image/png"
    client.force_login(make_secretary(make_consortium()))
    assert client.get(f"{page}pictures/{media['file']}/").status_code == 404


def test_the_list_filters_decides_exports_and_asks_the_same_number_of_queries(
    client: Client,
) -> None:
    bank = make_bank()
    author, reviewer = make_seat(bank), make_seat(bank, Part.REVIEWER)
    skill = make_skill("编程")
    make_version(bank, by=author, skills=(skill,), difficulty=5)
    client.force_login(author)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(page_of(bank)).status_code == 200
        return len(found)

    queries()
    one = queries()
    for _n in range(29):
        make_version(bank, by=author, skills=(skill,))
    assert queries() == one
    found = client.get(f"{page_of(bank)}?difficulty=5&skill={skill.pk}&q=第1题")
    assert found.context["listing"].total == 1
    keys = list(Version.objects.values_list("pk", flat=True))
    client.post(f"{page_of(bank)}decide/", {"version": keys, "do": "hand_in"})
    assert Version.objects.filter(state=State.REVIEW).count() == 30
    assert (
        client.post(f"{page_of(bank)}decide/", {"version": keys, "do": "approve"}).status_code
        == 403
    )
    assert client.post(f"{page_of(bank)}decide/", {"do": "burn"}).status_code == 404
    client.force_login(reviewer)
    client.post(f"{page_of(bank)}decide/", {"version": keys, "do": "approve"})
    assert Version.objects.filter(state=State.APPROVED).count() == 30
    lines = client.get(f"{page_of(bank)}?export=csv&state=approved").content.decode().splitlines()
    assert len(lines) == 31


def test_two_versions_are_not_begun_at_once() -> None:
    bank = make_bank()
    version = make_version(bank, state=State.APPROVED)
    services.next_version(version, by=version.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(
            item=version.item, number=3, kind="single", content=version.content, by=version.by
        )


def test_use_and_statistics_are_kept_once_and_measure_the_item(client: Client) -> None:
    bank = make_bank()
    version = make_version(bank, a_choice(), state=State.APPROVED)
    label = {"zh": "三级理论考试", "en": "Theory exam, level 3"}
    for _twice in range(2):
        record_use([version], source="sittings:1", label=label, on=clock.today(), group="c:1")
    assert (
        seen_by("c:1", clock.today()) == {version.item_id} and seen_by("", clock.today()) == set()
    )
    figures = Statistics(40, 0.75, 0.12, {"a": (30, 11, 5), "b": (10, 0, 6)})
    record_statistics("sittings:1", {version.pk: figures})
    use = Use.objects.get()
    assert (use.taken, use.facility, use.choices["a"]) == (40, 0.75, [30, 11, 5])
    version.item.refresh_from_db()
    assert version.item.hardness == pytest.approx(0.25)
    client.force_login(version.by)
    text = client.get(version.get_absolute_url()).text
    assert "Theory exam" in text and "0.75" in text
    assert client.get(f"{page_of(bank)}?weak=true&used=true").context["listing"].total == 1
    few = Statistics(3, 0.1, None, {})
    other = make_version(bank, state=State.APPROVED)
    record_use([other], source="sittings:2", label=label, on=clock.today())
    record_statistics("sittings:2", {other.pk: few})
    other.item.refresh_from_db()
    assert other.item.measured is None  # too few people to believe it
