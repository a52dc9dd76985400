"""From the first facts to the frozen PDF, by whom, and what nobody may do."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from silian.governance.agreements import services as agreements
from silian.governance.agreements.models import Agreement, Comment, Party, Version
from silian.governance.agreements.rules import RulesBroken
from silian.governance.consortia.models import Consortium
from silian.governance.drafting import services
from silian.governance.drafting.models import Consent
from silian.governance.drafting.places import BLANK
from silian.governance.drafting.readiness import NotReady, obstacles
from silian.governance.drafting.tests.factories import (
    TERMS,
    make_agreed,
    make_draft,
    make_frozen,
    make_version,
)
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.documents.services import word_of
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def draft(consortium: Consortium) -> Agreement:
    return make_draft(consortium)


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def url(agreement: Agreement, name: str, *more: object) -> str:
    return reverse(f"drafting:{name}", args=[agreement.consortium, agreement.pk, *more])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def party_people(agreement: Agreement) -> list[User]:
    rows = agreement.party_set.order_by("order")
    return [make_staff(party.organisation) for party in rows]


def units(agreement: Agreement) -> list[Organisation]:
    return [party.organisation for party in agreement.party_set.order_by("order")]


def facts(agreement: Agreement, *parties: object, **fields: object) -> dict[str, object]:
    said: dict[str, object] = {"kind": agreement.kind, "title_zh": agreement.title_zh}
    keys = parties or tuple(unit.pk for unit in units(agreement))
    return said | {"parties": keys, "parties_part": [""] * len(keys)} | fields


# --- facts and parties ------------------------------------------------------------------


def test_the_secretariat_drafts_with_the_parties_in_order_and_their_parts(
    secretary: Client, consortium: Consortium
) -> None:
    first, second, third = (make_membership(consortium).organisation for _ in range(3))
    said = {"kind": "framework", "title_zh": "合作协议", "expires_on": "2090-01-01"}
    said |= {
        "parties": [third.pk, first.pk, second.pk, ""],
        "parties_part": ["学校", "企业", "", ""],
    }

    answer = secretary.post(reverse("drafting:draft_new", args=[consortium]), said)

    agreement = Agreement.objects.get()
    assert answer.url == url(agreement, "terms_edit")
    assert units(agreement) == [third, first, second]
    assert [p.part for p in agreement.party_set.all()] == ["学校", "企业", ""]


def test_a_member_drafts_what_it_is_a_party_of(consortium: Consortium) -> None:
    mine, other, third = (make_membership(consortium).organisation for _ in range(3))
    client = signed_in(make_staff(mine))
    new = reverse("drafting:draft_new", args=[consortium])
    assert mine.name_en in client.get(new).text  # is there already
    said = {"kind": "framework", "title_zh": "合作协议", "parties_part": ["", ""]}
    page = client.post(new, said | {"parties": [other.pk, third.pk]})
    assert "Only the secretariat takes a party out." in page.text
    client.post(new, said | {"parties": [mine.pk, other.pk]})
    assert units(Agreement.objects.get()) == [mine, other]
    stranger = signed_in(make_user())
    assert stranger.get(new).status_code == 403


def test_a_party_adds_and_never_removes_another(draft: Agreement) -> None:
    client = signed_in(party_people(draft)[0])
    first, second = units(draft)
    third = make_membership(draft.consortium).organisation
    page = client.post(url(draft, "draft_edit"), facts(draft, first.pk, third.pk))
    assert "Only the secretariat takes a party out." in page.text
    client.post(url(draft, "draft_edit"), facts(draft, second.pk, first.pk, third.pk))
    assert units(draft) == [second, first, third]


def test_parties_are_two_different_members(secretary: Client, draft: Agreement) -> None:
    first, second = units(draft)
    stranger = make_organisation()

    def answer(*keys: object) -> str:
        typed = facts(draft, *keys, summary_zh="写了很久")
        page = secretary.post(url(draft, "draft_edit"), typed).text
        assert "写了很久" in page
        assert first.name_en in page
        return page

    assert "An agreement has at least two parties." in answer(first.pk)
    assert "A party is named twice." in answer(first.pk, first.pk)
    page = answer(first.pk, stranger.pk)
    assert "Every party must be a member of the consortium." in page
    assert stranger.name_en in page  # what was chosen is still there
    answer(first.pk, "x")
    answer(first.pk, "9" * 30)
    assert units(draft) == [first, second]


PAGES = [("draft_edit",), ("terms_edit",), ("version_new",), ("version_compare",)]
FILES = [("version_detail", 1), ("version_file", 1, "pdf"), ("version_file", 1, "docx")]


@pytest.mark.parametrize("page", [*PAGES, *FILES], ids=lambda page: "-".join(map(str, page)))
def test_only_the_table_reads_and_writes(draft: Agreement, page: tuple[str, object]) -> None:
    make_version(draft)
    address = url(draft, *page)
    member = make_membership(draft.consortium).organisation
    for inside in (make_secretary(draft.consortium), *party_people(draft)):
        assert signed_in(inside).get(address).status_code == 200
    for outside in (make_staff(member), make_secretary(make_consortium()), make_user()):
        assert signed_in(outside).get(address).status_code == 404
    assert Client().get(address).status_code == 302  # to the sign-in page


# --- terms ------------------------------------------------------------------------------


def test_terms_are_kept_incomplete_and_each_names_its_source(
    secretary: Client, draft: Agreement
) -> None:
    page = secretary.get(url(draft, "terms_edit"), headers={"accept-language": "zh-hans"})
    assert "职业教育法" in page.text
    answer = secretary.post(
        url(draft, "terms_edit"),
        {"purpose": "共建", "starts_on": "2026-09-01", "takes_interns": "True", "content": ""},
    )
    assert answer.url == url(draft, "version_new")  # the text comes next
    draft.refresh_from_db()
    assert draft.terms == {"purpose": "共建", "starts_on": "2026-09-01", "takes_interns": True}
    page = secretary.get(draft.get_absolute_url())
    assert "These terms are still open" in page.text


def test_a_wrong_term_is_named_and_nothing_typed_is_lost(
    secretary: Client, consortium: Consortium
) -> None:
    draft = make_draft(consortium, kind="order_class")
    typed = {"head_count": "many", "class_name": "智造班"}
    page = secretary.post(url(draft, "terms_edit"), typed)
    assert 'value="智造班"' in page.text
    assert 'value="many"' in page.text
    assert "Enter a whole number" in page.text


def test_the_seller_is_one_of_the_parties(secretary: Client, consortium: Consortium) -> None:
    draft = make_draft(consortium, kind="technical_service")
    seller = units(draft)[0]
    secretary.post(url(draft, "terms_edit"), {"seller": make_organisation().pk})
    draft.refresh_from_db()
    assert "seller" not in draft.terms
    secretary.post(url(draft, "terms_edit"), {"seller": seller.pk, "price": "120000.50"})
    draft.refresh_from_db()
    assert draft.terms == {"seller": str(seller.pk), "price": "120000.50"}
    assert seller.name_en in secretary.get(draft.get_absolute_url()).text


# --- versions ---------------------------------------------------------------------------


def test_a_version_begins_with_a_template_filled_in(secretary: Client, draft: Agreement) -> None:
    page = secretary.get(url(draft, "version_new"), {"begin": "sample"})
    assert "共建" in page.text
    assert units(draft)[0].name_zh in page.text
    assert "terms.dispute" in page.text  # blank, and named

    secretary.post(url(draft, "version_new"), {"text": "第一条", "note": "初稿", "after": 0})

    version = draft.versions.get()
    assert (version.number, version.text, version.note) == (1, "第一条", "初稿")
    assert version.organisation is None


def test_whoever_was_slower_loses_nothing(draft: Agreement) -> None:
    one, other = map(signed_in, party_people(draft))
    one.post(url(draft, "version_new"), {"text": "先到的文本", "after": 0})
    page = other.post(url(draft, "version_new"), {"text": "后到的文本", "note": "我的", "after": 0})
    assert "Version 1 was added by" in page.text
    assert units(draft)[0].name_en in page.text
    assert "后到的文本" in page.text and 'value="我的"' in page.text
    assert "<ins>" in page.text
    assert draft.versions.count() == 1
    other.post(url(draft, "version_new"), {"text": "后到的文本", "after": 1})
    assert [v.text for v in draft.versions.all()] == ["后到的文本", "先到的文本"]
    assert draft.versions.first().organisation == units(draft)[1]


def test_a_word_file_is_read_into_the_editor_and_saved_only_then(
    secretary: Client, draft: Agreement
) -> None:
    word = SimpleUploadedFile("a.docx", word_of("# 第一条\n\n来自 Word", title="协议"))
    typed = {"text": "", "note": "来自乙方", "after": 0, "read": "1", "word": word}
    page = secretary.post(url(draft, "version_new"), typed)
    assert "来自 Word" in page.text
    assert 'value="来自乙方"' in page.text
    assert not draft.versions.exists()
    wrong = SimpleUploadedFile("a.docx", b"no Word file")
    page = secretary.post(url(draft, "version_new"), {"text": "还在", "read": "1", "word": wrong})
    assert "还在" in page.text
    assert "not that of a .docx" in page.text
    assert "Choose a Word file" in secretary.post(url(draft, "version_new"), {"read": "1"}).text


def test_versions_never_change(draft: Agreement) -> None:
    version = make_version(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(text="另一份")
    with pytest.raises(IntegrityError), transaction.atomic():
        version.delete()


def test_any_two_versions_are_compared(secretary: Client, draft: Agreement) -> None:
    for text in ("期限三年", "期限五年", "期限十年"):
        make_version(draft, text)
    page = secretary.get(url(draft, "version_compare"), {"old": 1, "new": 3})
    assert "<del>三</del><ins>十</ins>" in page.text
    page = secretary.get(url(draft, "version_compare"), {"old": "x", "new": 99})
    assert "<del>五</del><ins>十</ins>" in page.text  # the last two


# --- comments ---------------------------------------------------------------------------


def test_a_comment_is_settled_by_its_side_or_the_secretariat(
    secretary: Client, draft: Agreement
) -> None:
    make_version(draft)
    author, other = party_people(draft)
    said = {"quote": "双方合作", "text": "太笼统"}
    signed_in(author).post(url(draft, "comment_new", 1), said)
    comment = Comment.objects.get()
    assert comment.organisation == units(draft)[0]
    assert "1 comment is not settled" in secretary.get(draft.get_absolute_url()).text
    settle = url(draft, "comment_settle", comment.pk)
    assert signed_in(other).post(settle).status_code == 403
    assert signed_in(make_user()).post(settle).status_code == 404
    secretary.post(settle)
    comment.refresh_from_db()
    assert comment.settled_at
    assert secretary.post(settle).status_code == 403
    with pytest.raises(IllegalMove):
        services.settle_comment(comment, by=author)


def test_an_empty_comment_is_asked_again(secretary: Client, draft: Agreement) -> None:
    make_version(draft)
    page = secretary.post(url(draft, "comment_new", 1), {"quote": "双方", "text": ""})
    assert 'value="双方"' in page.text
    assert not Comment.objects.exists()


# --- consents ---------------------------------------------------------------------------


def test_each_party_agrees_for_itself_and_all_are_told(secretary: Client, draft: Agreement) -> None:
    version = make_version(draft)
    people = party_people(draft)
    first, second = draft.party_set.order_by("order")
    one, other = map(signed_in, people)
    assert [todo.label for todo in todos_of(people[1])] == [f"Read and agree: {draft.title}"]
    assert one.post(url(draft, "agree", 1, second.pk)).status_code == 404
    assert secretary.post(url(draft, "agree", 1, first.pk)).status_code == 404
    one.post(url(draft, "agree", 1, first.pk))
    assert one.post(url(draft, "agree", 1, first.pk)).status_code == 403
    other.post(url(draft, "agree", 1, second.pk))
    assert version.consents.count() == 2
    told = Notice.objects.filter(to=people[0], message__startswith="All parties agree")
    assert told.count() == 1
    assert not todos_of(people[1])
    other.post(url(draft, "consent_withdraw", second.pk))
    assert version.consents.count() == 1


def test_a_new_version_a_term_or_a_party_asks_everybody_again(consortium: Consortium) -> None:
    user = make_secretary(consortium)
    for change in (
        lambda a: services.set_terms(a, {"purpose": "别的"}, by=user),
        lambda a: services.save_draft(a, parties=[(u, "x") for u in units(a)], by=user),
        lambda a: services.add_version(a, text="新", by=user, after=1),
    ):
        agreement = make_agreed(consortium)
        assert not obstacles(agreement)
        change(agreement)
        assert any("have not agreed" in obstacle for obstacle in obstacles(agreement))


def test_terms_saved_unchanged_ask_nobody(consortium: Consortium) -> None:
    agreement = make_agreed(consortium)
    services.set_terms(agreement, dict(TERMS), by=make_secretary(consortium))
    assert not obstacles(agreement)


def test_only_the_latest_version_is_agreed_to(draft: Agreement) -> None:
    old = make_version(draft)
    make_version(draft)
    with pytest.raises(IllegalMove):
        services.agree(old, draft.party_set.first(), by=make_user())


def test_blanks_are_counted_and_hinder_nobody(secretary: Client, draft: Agreement) -> None:
    make_version(draft, f"学分：{BLANK}，证书：{BLANK}。")
    assert "2 blanks to fill in" in secretary.get(draft.get_absolute_url()).text
    assert not [said for said in obstacles(draft) if "blank" in said]


# --- freezing ---------------------------------------------------------------------------


def test_what_is_agreed_is_frozen_with_number_code_and_hash(
    secretary: Client, consortium: Consortium
) -> None:
    agreement = make_agreed(consortium)
    person = party_people(agreement)[0]
    secretary.post(url(agreement, "freeze"))
    agreement.refresh_from_db()
    assert agreement.state == "signing"
    year = clock.today().year
    assert agreement.number == f"{consortium.slug.upper()}-XY-{year}-001"
    assert make_frozen(consortium).number.endswith("-002")
    assert len(agreement.check_code) == 20
    page = signed_in(person).get(agreement.get_absolute_url())
    assert agreement.frozen.sha256 in page.text
    file = reverse("agreements:agreement_document", args=[consortium, agreement.pk])
    assert b"".join(signed_in(person).get(file)).startswith(b"%PDF-")
    assert Client().get(file).status_code == 404
    assert Notice.objects.filter(to=person, message__contains="is frozen").exists()


def test_what_stands_against_freezing_is_said_and_blocks(
    secretary: Client, draft: Agreement
) -> None:
    user = make_secretary(draft.consortium)

    def reasons() -> str:
        with pytest.raises(NotReady) as refusal:
            services.freeze(draft, by=user)
        assert secretary.post(url(draft, "freeze")).status_code == 403
        return str(refusal.value)

    Agreement.objects.update(terms={}, expires_on=clock.today())
    draft.refresh_from_db()
    assert "There is no text yet." in reasons()
    version = make_version(draft, "{{ terms.purpose }}")
    Comment.objects.create(version=version, text="?", by=user)
    gone = units(draft)[1]
    Membership.objects.filter(organisation=gone).update(state="left")
    said = reasons()
    for part in (
        "These terms are still open",
        f"No longer a member: {gone.name_en}",
        "last day has come already",
        "places that are not filled: terms.purpose",
        "1 comment is not settled",
        "have not agreed to version 1",
    ):
        assert part in said
    draft.refresh_from_db()
    assert (draft.state, draft.frozen) == ("draft", None)


def test_a_rule_of_law_blocks_freezing(consortium: Consortium) -> None:
    agreement = make_agreed(consortium)
    Party.objects.filter(agreement=agreement, order=2).delete()
    with pytest.raises((NotReady, RulesBroken), match="at least 2 parties"):
        services.freeze(agreement, by=make_secretary(consortium))


def test_only_the_secretariat_freezes(consortium: Consortium) -> None:
    agreement = make_agreed(consortium)
    answer = signed_in(party_people(agreement)[0]).post(url(agreement, "freeze"))
    assert answer.status_code == 403
    assert signed_in(make_user()).post(url(agreement, "freeze")).status_code == 404


@pytest.mark.parametrize(
    "change", [{"title_zh": "x"}, {"terms": {}}, {"number": "x"}, {"expires_on": "2099-01-01"}]
)
def test_nothing_of_what_is_signed_changes(consortium: Consortium, change: dict) -> None:
    agreement = make_frozen(consortium)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**change)


def test_parties_and_text_of_what_is_signed_stay(consortium: Consortium) -> None:
    agreement = make_frozen(consortium)
    user = make_secretary(consortium)
    for change in (
        lambda: agreement.party_set.update(part="x"),
        lambda: agreement.party_set.first().delete(),
        lambda: Party.objects.create(agreement=agreement, organisation=make_organisation()),
        lambda: make_version(agreement),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    for verb in (
        lambda: services.save_draft(agreement, parties=[], by=user),
        lambda: services.set_terms(agreement, {}, by=user),
        lambda: services.add_version(agreement, text="x", by=user, after=1),
        lambda: services.freeze(agreement, by=user),
    ):
        with pytest.raises(IllegalMove):
            verb()


def test_what_is_thawed_is_negotiated_again_and_keeps_its_number(consortium: Consortium) -> None:
    agreement = make_frozen(consortium)
    number, code = agreement.number, agreement.check_code
    user = make_secretary(consortium)
    agreements.thaw(agreement, by=user, why="乙方要求修改")
    assert (agreement.state, agreement.frozen, agreement.check_code) == ("draft", None, None)
    assert Client().get(reverse("drafting:check", args=[code])).status_code == 404
    services.add_version(agreement, text="改过", by=user, after=1)
    for party in agreement.party_set.all():
        services.agree(agreement.versions.first(), party, by=user)
    services.freeze(agreement, by=user)
    assert agreement.number == number
    assert agreement.check_code != code


def test_the_secretariat_sees_what_can_be_frozen(consortium: Consortium) -> None:
    agreement = make_agreed(consortium)
    make_draft(consortium)
    user = make_secretary(consortium)
    assert [todo.label for todo in todos_of(user)] == [f"Freeze for signing: {agreement.title}"]
    assert not todos_of(make_secretary(make_consortium()))


def test_a_failure_in_the_middle_leaves_a_draft(
    consortium: Consortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = make_agreed(consortium)

    def killed(*_args: object, **_facts: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "tell_parties", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        services.freeze(agreement, by=make_secretary(consortium))
    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.number, agreement.frozen) == ("draft", "", None)
    assert Consent.objects.count() == 2


# --- the check page ---------------------------------------------------------------------


def check(agreement: Agreement, content: bytes | None = None) -> str:
    address = reverse("drafting:check", args=[agreement.check_code])
    if content is None:
        return Client().get(address).text
    file = SimpleUploadedFile("copy.pdf", content)
    return Client().post(address, {"file": file}).text


def test_anybody_who_holds_the_document_can_check_it(consortium: Consortium) -> None:
    agreement = make_frozen(consortium, expires_on=clock.today() + timedelta(days=900))
    assert "not in force yet" in check(agreement)
    agreements.conclude(agreement, by=None, on=clock.today())
    page = check(agreement)
    for part in (
        "in force",
        agreement.number,
        agreement.frozen.sha256,
        units(agreement)[0].name_en,
    ):
        assert part in page
    content = agreement.frozen.content.read()
    assert "to the last byte" in check(agreement, content)
    assert "is not this document" in check(agreement, content + b" ")
    agreements.end_agreement(agreement, by=make_secretary(consortium), on=clock.today(), why="x")
    assert "no longer counts" in check(agreement)


def test_too_many_comparisons_are_slowed_down(consortium: Consortium, settings: object) -> None:
    agreement = make_frozen(consortium)
    settings.ACCOUNT_RATE_LIMITS = {"document_check": "1/m/ip"}
    assert "is not this document" in check(agreement, b"x")
    assert "Too many files" in check(agreement, b"x")


def test_an_unknown_code_is_no_document() -> None:
    answer = Client().get(reverse("drafting:check", args=["nothing"]))
    assert answer.status_code == 404
    assert "No agreement here has this code" in answer.text
