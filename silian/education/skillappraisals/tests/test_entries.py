"""Who enters, who is checked, and that nobody else learns of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.education.practicals.models import Practical
from silian.education.schemes.models import Scheme
from silian.education.sittings.tests.factories import make_exam
from silian.education.skillappraisals import policy, services
from silian.education.skillappraisals.imports import Group, People
from silian.education.skillappraisals.models import Appraisal, Entry, Exemption
from silian.education.skillappraisals.tests.factories import make_appraisal, make_entry, moved
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars.events import events_of
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices import todos
from silian.kernel.notices.models import Notice
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
NUMBERS = "11010519491231002X", "440308199901010012"
PDF = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n%%EOF\n")


def page(appraisal: Appraisal, rest: str = "") -> str:
    return f"/{appraisal.consortium.slug}/appraisals/{appraisal.pk}/{rest}"


def rows_of(*names: str) -> list[Row]:
    pairs = zip(names, NUMBERS, strict=False)
    return [Row(n, {"name": name, "number": number}) for n, (name, number) in enumerate(pairs, 2)]


def test_a_body_sets_an_appraisal_up_and_opens_it_with_the_rule_of_that_day(
    client: Client,
) -> None:
    consortium, body = make_consortium(), make_organisation()
    make_membership(consortium, body)
    client.force_login(make_staff(body))
    today, occupation = clock.today(), make_code(name_zh="电工")
    typed = {
        "organiser": body.pk,
        "number": "2026-07",
        "title_zh": "电工四级认定",
        "occupation": occupation.code,
        "level": "l4",
        "site": "实训楼",
        "entries_from": today,
        "entries_until": today + timedelta(days=5),
        "exam_on": today + timedelta(days=2),
    }
    address = reverse("skillappraisals:appraisal_new", args=[consortium])
    refused = client.post(address, typed)
    assert "before entries end" in refused.text and "电工四级认定" in refused.text
    client.post(address, typed | {"exam_on": today + timedelta(days=20)})
    appraisal = Appraisal.objects.get()
    scheme = Scheme.objects.create(consortium=consortium, level="l4", publicity_days=9)
    scheme.parts.create(kind="practical", method="on_site", pass_mark=75)
    client.post(page(appraisal, "do/open/"))
    appraisal.refresh_from_db()
    assert appraisal.state == "open" and appraisal.terms["publicity_days"] == 9
    scheme.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.update(terms={"parts": []})
    client.logout()
    assert "75" in client.get(page(appraisal)).text, "what is announced is public"
    assert (
        "电工四级认定"
        in client.get(reverse("skillappraisals:appraisal_index", args=[consortium])).text
    )


def test_drafts_are_the_bodys_own(client: Client) -> None:
    appraisal = make_appraisal(state="draft")
    for user in (make_user(), make_secretary(make_consortium()), None):
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(page(appraisal)).status_code == 404
        index = reverse("skillappraisals:appraisal_index", args=[appraisal.consortium])
        assert appraisal.title_zh not in client.get(index).text
    client.force_login(make_secretary(appraisal.consortium))
    assert client.get(page(appraisal)).status_code == 200


def test_one_enters_with_papers_is_returned_mends_it_and_is_accepted(client: Client) -> None:
    appraisal, user = make_appraisal(), make_user()
    client.force_login(user)
    typed = {"number": NUMBERS[0], "grounds": "从业四年", "true": "on"}
    assert "从业四年" in client.post(page(appraisal, "entries/new/"), typed | {"true": ""}).text
    PDF.seek(0)
    client.post(page(appraisal, "entries/new/"), typed | {"papers": PDF})
    entry = Entry.objects.get()
    assert entry.state == "submitted" and entry.person.user == user and entry.papers.count() == 1
    office = make_staff(appraisal.organiser)
    client.force_login(office)
    assert [todo.count for todo in todos.todos_of(office) if "Check entries" in todo.label] == [1]
    paper = page(appraisal, f"entries/{entry.pk}/papers/{entry.papers.get().pk}/")
    assert client.get(paper).status_code == 200
    client.post(page(appraisal, f"entries/{entry.pk}/do/return/"), {"reason": "证明看不清"})
    client.force_login(user)
    assert "证明看不清" in client.get(page(appraisal, f"entries/{entry.pk}/")).text
    assert any("returned" in todo.label for todo in todos.todos_of(user))
    client.post(page(appraisal, f"entries/{entry.pk}/mend/"), {"grounds": "从业五年", "true": "on"})
    entry.refresh_from_db()
    assert (entry.state, entry.grounds, entry.reason) == ("submitted", "从业五年", "")
    client.force_login(office)
    client.post(page(appraisal, f"entries/{entry.pk}/do/accept/"))
    entry.refresh_from_db()
    assert entry.state == "accepted" and Notice.objects.filter(to=user).count() == 2
    assert appraisal.title_zh in [event.title for event in events_of(user)]


def test_nobody_accepts_their_own_entry(client: Client) -> None:
    appraisal = make_appraisal()
    office = make_staff(appraisal.organiser)
    entry = make_entry(appraisal, person=make_person(user=office), state="submitted")
    client.force_login(office)
    assert client.post(page(appraisal, f"entries/{entry.pk}/do/accept/")).status_code == 403
    services.accept_all(appraisal, by=office)
    entry.refresh_from_db()
    assert entry.state == "submitted"


def test_a_stranger_learns_of_nobody_who_takes_part(client: Client) -> None:
    appraisal, firm = make_appraisal(), make_organisation()
    entry = make_entry(appraisal, organisation=firm)
    others = [make_user(), make_staff(make_organisation()), make_secretary(make_consortium())]
    for user in others:
        client.force_login(user)
        assert client.get(page(appraisal, f"entries/{entry.pk}/")).status_code == 404
        for rest in ("", "entries/"):
            text = client.get(page(appraisal, rest)).text
            assert entry.number not in text and entry.person.name not in text
        found = client.get("/search/", {"q": entry.person.name}).text
        assert entry.number not in found
    for user in (make_staff(firm), entry.person.user, make_staff(appraisal.organiser)):
        client.force_login(user)
        assert client.get(page(appraisal, f"entries/{entry.pk}/")).status_code == 200


def test_a_firm_enters_people_and_cannot_try_out_who_takes_part() -> None:
    appraisal, firm = make_appraisal(), make_organisation()
    known = Person(name="张三")
    identity.set_number(known, NUMBERS[0])
    known.save()
    make_entry(appraisal, person=known, by=make_user())
    sheet, group, user = People(), Group(appraisal, firm), make_staff(firm)
    assert sheet.permitted(user, group) and not sheet.permitted(make_user(), group)
    assert sheet.scope_from(group.text) == group and sheet.scope_from("x-1") is None
    rows = rows_of("张三", "李四")
    assert not list(sheet.check(rows, group)), "nothing tells that one is there already"
    sheet.save(rows, group, by=user, progress=lambda done: None)
    assert Entry.objects.filter(organisation=firm).count() == 2
    assert Person.objects.filter(name="张三").count() == 2, "a row of its own, found by nobody"
    assert {field for _n, field, _text in sheet.check(rows, group)} == {"number"}
    seen = policy.visible_entries(user).filter(appraisal=appraisal)
    assert {entry.organisation for entry in seen} == {firm}, "the other 张三 is not theirs to see"


def test_places_are_counted_and_numbers_cannot_be_guessed() -> None:
    appraisal = make_appraisal(places=2)
    people = [row.data for row in rows_of("张三", "李四")]
    office = make_staff(appraisal.organiser)
    services.enter_many(appraisal, None, people, by=office)
    with pytest.raises(ValidationError, match="not that many places"):
        services.enter_self(appraisal, services.Said(), by=make_user())
    first, second = (int(n) for n in Entry.objects.values_list("number", flat=True))
    assert abs(first - second) != 1 and len(str(first)) == 15
    entry = Entry.objects.first()
    assert entry and entry.masked == f"{entry.number[:4]}****{entry.number[-4:]}"


def test_entries_keep_to_their_days_and_are_withdrawn_and_entered_again(client: Client) -> None:
    appraisal = make_appraisal()
    entry = make_entry(appraisal, state="submitted")
    client.force_login(entry.person.user)
    client.post(page(appraisal, f"entries/{entry.pk}/do/withdraw/"))
    services.enter_self(appraisal, services.Said("再报"), by=entry.person.user)
    assert sorted(Entry.objects.values_list("state", flat=True)) == ["submitted", "withdrawn"]
    yesterday = clock.today() - timedelta(days=1)
    Appraisal.objects.update(entries_until=yesterday)
    client.force_login(make_user())
    assert client.get(page(appraisal, "entries/new/")).status_code == 403
    moved(appraisal, "under_way")
    client.force_login(make_staff(appraisal.organiser))
    assert client.post(page(appraisal, "do/open/")).status_code == 403


def test_entries_close_when_all_are_checked_and_candidates_go_into_the_exam(
    client: Client,
) -> None:
    appraisal = make_appraisal()
    waiting = make_entry(appraisal, state="submitted")
    accepted, exempt = make_entry(appraisal), make_entry(appraisal)
    office = make_staff(appraisal.organiser)
    client.force_login(office)
    assert client.post(page(appraisal, "do/begin/")).status_code == 403
    services.return_entry(waiting, reason="材料不全", by=office)
    future = clock.today() + timedelta(days=1)
    typed = {"part": "theory", "passed_on": future, "grounds": "2025年第三批", "points": 71}
    address = page(appraisal, f"entries/{exempt.pk}/exemptions/new/")
    assert "in the future" in client.post(address, typed).text
    client.post(address, typed | {"passed_on": clock.today()})
    assert Exemption.objects.get().by == office
    facts = {"organiser": appraisal.organiser, "occupation": appraisal.occupation}
    exam = make_exam(appraisal.consortium, **facts)
    elsewhere = make_exam(appraisal.consortium, occupation=appraisal.occupation)
    refused = client.post(page(appraisal, "exams/"), {"exam": elsewhere.pk})
    assert "Select a valid choice" in refused.text
    client.post(page(appraisal, "exams/"), {"exam": exam.pk})
    for _twice in range(2):
        client.post(page(appraisal, "do/enter-exams/"))
    assert [one.person for one in exam.candidates.all()] == [accepted.person]
    client.post(page(appraisal, "do/begin/"))
    appraisal.refresh_from_db()
    assert appraisal.state == "under_way"
    assert Notice.objects.filter(to=accepted.person.user).exists()


def test_only_exams_of_the_same_occupation_and_level_are_offered() -> None:
    appraisal = make_appraisal()
    facts = {"organiser": appraisal.organiser, "occupation": appraisal.occupation}
    fitting = [make_exam(appraisal.consortium, level=level, **facts) for level in ("4", "四级", "")]
    for wrong in ({"level": "3"}, {"occupation": make_code()}, {"state": "cancelled"}):
        make_exam(appraisal.consortium, **(facts | {"level": "4"} | wrong))
    assert set(policy.exams_for(appraisal)) == set(fitting)
    rows = [
        Practical.objects.create(
            consortium=appraisal.consortium,
            title_zh="实操",
            begins_at=clock.now(),
            **(facts | {"level": "4"} | wrong),
        )
        for wrong in ({}, {"level": "3"}, {"occupation": make_code()}, {"state": "cancelled"})
    ]
    assert list(policy.practicals_for(appraisal)) == rows[:1]
    appraisal.level = "special"
    assert set(policy.practicals_for(appraisal)) == set(rows[:2]), "no digit is its own"


def test_entries_open_again_while_nothing_is_announced_or_given(client: Client) -> None:
    appraisal = make_appraisal(state="under_way")
    entry, terms = make_entry(appraisal), appraisal.terms
    exam = make_exam(appraisal.consortium, organiser=appraisal.organiser, state="announced")
    Appraisal.objects.filter(pk=appraisal.pk).update(exam=exam)
    office = make_staff(appraisal.organiser)
    client.force_login(office)
    assert "Open the entries again" not in client.get(page(appraisal)).text
    assert client.post(page(appraisal, "do/reopen/")).status_code == 403
    type(exam).objects.filter(pk=exam.pk).update(state="draft")
    given = entry.given.create(part="ethics", absent=True, by=office)
    appraisal.refresh_from_db()
    assert "given already" in policy.may_reopen(office, appraisal).reason
    assert client.post(page(appraisal, "do/reopen/")).status_code == 403
    given.delete()
    client.force_login(entry.person.user)
    assert client.post(page(appraisal, "do/reopen/")).status_code == 403
    client.force_login(office)
    assert "Open the entries again" in client.get(page(appraisal)).text
    Scheme.objects.create(consortium=appraisal.consortium, level="l4", publicity_days=9)
    client.post(page(appraisal, "do/reopen/"))
    appraisal.refresh_from_db()
    assert (appraisal.state, appraisal.terms) == ("open", terms)
    client.force_login(make_user())
    assert client.get(page(appraisal, "entries/new/")).status_code == 200
    client.force_login(office)
    client.post(page(appraisal, "do/begin/"))
    appraisal.refresh_from_db()
    assert appraisal.state == "under_way"


def test_cancelling_asks_why_and_who_entered_can_still_read_it(client: Client) -> None:
    appraisal = make_appraisal()
    entry = make_entry(appraisal)
    client.force_login(make_staff(appraisal.organiser))
    client.post(page(appraisal, "do/cancel/"), {"reason": " "})
    appraisal.refresh_from_db()
    assert appraisal.state == "open"
    client.post(page(appraisal, "do/cancel/"), {"reason": "场地维修"})
    client.force_login(entry.person.user)
    assert client.get(page(appraisal)).status_code == 200
    client.force_login(make_user())
    assert client.get(page(appraisal)).status_code == 404


@pytest.mark.parametrize("rest", ["", "entries/"])
def test_pages_ask_the_same_with_many_entries(client: Client, rest: str) -> None:
    appraisal = make_appraisal()
    client.force_login(make_staff(appraisal.organiser))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page(appraisal, rest)).status_code == 200
        return len([one for one in asked if "consents_view" not in one["sql"]])

    make_entry(appraisal, organisation=make_organisation())
    queries()
    one = queries()
    for _number in range(20):
        make_entry(appraisal, organisation=make_organisation())
    assert queries() == one
