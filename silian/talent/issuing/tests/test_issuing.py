import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.events import AchievementEarned, achievement_earned
from silian.kernel.jobs.models import Job
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.talent.credentials.models import Certificate
from silian.talent.credentials.tests.factories import make_kind, make_officer
from silian.talent.issuing import services, tasks
from silian.talent.issuing.models import Achievement, Batch, Candidate
from silian.talent.issuing.tests.factories import make_batch, make_candidate

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "11010519491231002X", "440524188001010014"


def home(batch: Batch) -> str:
    return f"/{batch.consortium.slug}/certificates/"


def page_of(batch: Batch) -> str:
    return f"{home(batch)}batches/{batch.pk}/"


def ended(batch: Batch) -> None:
    """Its days of publicity are over."""
    today = clock.today()
    days = {"public_from": today - timedelta(days=9), "public_until": today - timedelta(days=1)}
    Batch.objects.filter(pk=batch.pk).update(**days)
    batch.refresh_from_db()


def run(batch: Batch, officer: User) -> None:
    job = Job.objects.filter(title="Issuing certificates").latest("pk")
    tasks.issue(job_id=job.pk, batch=batch.pk, officer=officer.pk)


def test_working_days_skip_the_weekend() -> None:
    assert services.working_day(date(2026, 6, 18), 5) == date(2026, 6, 25)
    assert services.working_day(date(2026, 6, 20), 1) == date(2026, 6, 22)
    assert services.working_day(date(2026, 6, 20), 0) == date(2026, 6, 20)


def test_a_batch_from_draft_through_publicity_to_issue(client: Client) -> None:
    kind = make_kind()
    drafter, officer = make_staff(kind.issuer), make_officer(kind)
    client.force_login(drafter)
    root = f"/{kind.consortium.slug}/certificates/"
    client.post(f"{root}batches/new/", {"kind": kind.pk, "title_zh": "第一批"})
    batch = Batch.objects.get()
    page = page_of(batch)
    typed = {"name": "林白露", "id_number": "123", "on": "2026-06-18", "level": "l4"}
    text = client.post(f"{page}candidates/new/", typed).text
    assert "林白露" in text and "id_id_number" in text
    client.post(f"{page}candidates/new/", typed | {"id_number": NUMBER})
    assert "already" in client.post(f"{page}candidates/new/", typed | {"id_number": NUMBER}).text
    tomorrow = clock.today() + timedelta(days=1)
    text = client.post(f"{page}hand-over/", {"until": tomorrow}).text
    assert "until" in text and f"{tomorrow}" in text
    last = services.working_day(clock.today(), 5)
    client.post(f"{page}hand-over/", {"until": last})
    batch.refresh_from_db()
    assert (batch.state, batch.public_until) == ("publicity", last)
    client.logout()
    text = client.get(f"{root}publicity/{batch.pk}/").text
    assert "林*露" in text and "林白露" not in text
    client.force_login(officer)
    assert "days of publicity are not over" in client.get(page).text
    assert client.post(f"{page}do/issue/").status_code == 403
    ended(batch)
    assert "Issue “第一批”" in [todo.label for todo in todos_of(officer)]
    client.post(f"{page}do/issue/")
    assert client.post(f"{page}do/issue/").status_code == 403  # it is being issued
    run(batch, officer)
    run(batch, officer)  # a job that is repeated issues nothing twice
    certificate = Certificate.objects.get()
    assert (certificate.name, certificate.level) == ("林白露", "l4")
    assert batch.candidates.get().certificate == certificate
    client.logout()
    assert client.get(f"{root}publicity/{batch.pk}/").status_code == 404


def test_who_drafts_does_not_issue(client: Client) -> None:
    kind = make_kind()
    both = make_officer(kind)
    batch = make_batch(kind, by=both)
    make_candidate(batch)
    services.hand_over(batch, by=both)
    ended(batch)
    client.force_login(both)
    assert "Who drafted it does not issue it" in client.get(page_of(batch)).text
    assert client.post(f"{page_of(batch)}do/issue/").status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        services.issue_batch(batch, by=both)


def test_an_issuing_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make_batch(make_kind(family="training", pattern="{prefix}{year}{serial:1}"))
    for _ in range(10):
        make_candidate(batch)
    services.hand_over(batch, by=batch.by)
    ended(batch)
    officer = make_officer(batch.kind)
    services.start_issuing(batch, by=officer)
    with pytest.raises(Exception, match="用完"):
        run(batch, officer)
    batch.refresh_from_db()
    assert batch.state == "publicity" and batch.job and batch.job.state == "failed"
    assert not Certificate.objects.exists()


def test_objections_are_answered_before_anything_is_issued(client: Client) -> None:
    batch = make_batch()
    first, second = make_candidate(batch), make_candidate(batch)
    services.hand_over(batch, by=batch.by)
    officer = make_officer(batch.kind)
    address = f"{home(batch)}publicity/{batch.pk}/object/"
    assert "contact@x" in client.post(address, {"text": "", "contact": "contact@x"}).text
    client.post(address, {"text": "此人未参加考试", "place": 1})
    ended(batch)
    client.force_login(officer)
    page = client.get(page_of(batch)).text
    assert "此人未参加考试" in page and "An objection waits for its answer." in page
    labels = [todo.label for todo in todos_of(officer)]
    assert "Answer objections to a list of certificates" in labels
    objection = batch.objections.get()
    answer = f"{page_of(batch)}objections/{objection.pk}/"
    assert "属实" not in client.post(answer, {"upheld": "yes", "answer": ""}).text
    client.post(answer, {"upheld": "yes", "answer": "经核查属实"})
    client.post(f"{page_of(batch)}candidates/{first.pk}/do/strike/", {"reason": "未参加考试"})
    client.post(f"{page_of(batch)}do/issue/")
    run(batch, officer)
    assert Certificate.objects.get().person == second.person
    assert client.get(answer).status_code == 403


def test_a_returned_batch_is_public_no_more_and_its_drafter_knows(client: Client) -> None:
    batch = make_batch()
    candidate = make_candidate(batch)
    services.hand_over(batch, by=batch.by)
    client.force_login(make_officer(batch.kind))
    client.post(f"{page_of(batch)}do/return/", {"reason": "等级有误"})
    assert "A batch of certificates was returned" in [t.label for t in todos_of(batch.by)]
    client.logout()
    assert client.get(f"{home(batch)}publicity/{batch.pk}/").status_code == 404
    client.force_login(batch.by)
    assert "等级有误" in client.get(page_of(batch)).text
    client.post(f"{page_of(batch)}candidates/{candidate.pk}/do/remove/")
    assert client.post(f"{page_of(batch)}hand-over/").status_code == 403  # nobody is left
    client.post(f"{page_of(batch)}do/drop/", {"reason": "取消"})
    batch.refresh_from_db()
    assert batch.state == "dropped"


def test_kinds_without_publicity_go_to_the_officer_at_once(client: Client) -> None:
    batch = make_batch(make_kind(family="training", publicity_days=0))
    make_candidate(batch)
    client.force_login(batch.by)
    client.post(f"{page_of(batch)}hand-over/")
    officer = make_officer(batch.kind)
    client.force_login(officer)
    client.post(f"{page_of(batch)}do/issue/")
    run(batch, officer)
    assert Certificate.objects.get().hours == 40


def fact(batch: Batch, person: Person, **changes: object) -> AchievementEarned:
    facts: dict[str, object] = {
        "source": f"completions.Completion:{person.pk}",
        "family": "training",
        "consortium_id": batch.consortium_id,
        "issuer_id": batch.kind.issuer_id,
        "person_id": person.pk,
        "title_zh": "数控车工培训",
        "title_en": "Training",
        "on": clock.today(),
        "hours": Decimal(40),
    }
    return AchievementEarned(**(facts | changes))  # type: ignore[arg-type]


def test_what_was_earned_waits_until_a_batch_takes_it(client: Client) -> None:
    batch = make_batch(make_kind(family="training"))
    first, second = make_person(), make_person()
    for person in (first, second, first):  # told twice, it is one
        achievement_earned.send(None, fact=fact(batch, person))
    assert Achievement.objects.count() == 2
    client.force_login(batch.by)
    assert "Take over 2 who earned it" in client.get(page_of(batch)).text
    client.post(f"{page_of(batch)}do/take/")
    assert batch.candidates.count() == 2
    achievement_earned.send(None, fact=fact(batch, first, holds=False))
    assert batch.candidates.get().person == second
    services.hand_over(batch, by=batch.by)
    ended(batch)
    officer = make_officer(batch.kind)
    services.issue_batch(batch, by=officer)
    achievement_earned.send(None, fact=fact(batch, second, holds=False))
    assert "was taken back" in Notice.objects.filter(to=officer).latest("pk").text


def sheet(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    """As the template has it: names of the columns in English."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        for number, row in enumerate(
            [("full name", "ID card number", "earned on", "level reached"), *rows]
        ):
            page.write_row(number, 0, row)
    return SimpleUploadedFile("candidates.xlsx", content.getvalue())


def upload(client: Client, batch: Batch, *rows: tuple[object, ...]) -> str:
    address = reverse("sheets:import", args=["issuing.candidates", batch.pk])
    page = client.post(address, {"file": sheet(*rows)}, follow=True)
    confirm = client.post(page.request["PATH_INFO"] + "confirm/", follow=True)
    return page.text + confirm.text


LEVEL = "Level 4, intermediate worker"


def test_candidates_come_from_a_sheet(client: Client) -> None:
    batch = make_batch()
    client.force_login(batch.by)
    known = make_person(name="林白露")
    identity.set_number(known, NUMBER)
    known.save()
    text = upload(client, batch, ("林白露", NUMBER, "2026-06-18", LEVEL), ("周", "1", "x", "y"))
    assert not batch.candidates.exists() and NUMBER not in text
    rows = ("林白露", NUMBER, "2026-06-18", LEVEL), ("周谷雨", OTHER, "2026-06-18", LEVEL)
    upload(client, batch, *rows)
    assert batch.candidates.filter(level="l4").count() == 2
    assert batch.candidates.filter(person=known).count() == 1
    assert "周谷雨" in client.get(page_of(batch)).text
    assert "already" in upload(client, batch, rows[0])
    assert "already" in upload(client, batch, rows[1], rows[1])


def test_a_sheet_does_not_tell_whether_somebody_is_known(client: Client) -> None:
    """Whoever enters another name for a known number sees what everybody sees."""
    pages = []
    for known in (False, True):
        batch = make_batch()
        client.force_login(batch.by)
        number = OTHER if known else NUMBER
        if known:
            person = make_person(name="原名")
            identity.set_number(person, number)
            person.save()
        name = f"周谷{'雨' if known else '风'}"
        upload(client, batch, (name, number, "2026-06-18", LEVEL))
        entered = batch.candidates.get().person
        assert entered.name == name and (entered.id_digest is None) is known
        pages.append(len(client.get(page_of(batch)).context["listing"].current.object_list))
        assert "原名" not in client.get(page_of(batch)).text
    assert pages == [1, 1]


def test_a_stranger_learns_of_nobody(client: Client) -> None:
    batch = make_batch()
    candidate = make_candidate(batch)
    paths = ["", "edit/", "hand-over/", f"candidates/{candidate.pk}/", "candidates/new/"]
    outsiders = [
        make_staff(make_membership(batch.consortium).organisation),
        make_secretary(make_consortium()),
    ]
    for outsider in outsiders:
        client.force_login(outsider)
        for path in paths:
            assert client.get(f"{page_of(batch)}{path}").status_code == 404
        assert client.post(f"{page_of(batch)}do/issue/").status_code == 404
        listed = client.get(f"{home(batch)}batches/?export=csv")
        assert batch.title_zh.encode() not in listed.content
        sheet_page = reverse("sheets:import", args=["issuing.candidates", batch.pk])
        assert client.get(sheet_page).status_code == 404
    client.force_login(make_secretary(batch.consortium))
    assert client.get(page_of(batch)).status_code == 200
    assert client.post(f"{page_of(batch)}do/issue/").status_code == 403
    client.logout()
    assert client.get(f"{home(batch)}publicity/{batch.pk}/").status_code == 404
    assert candidate.person.name not in client.get(f"{home(batch)}publicity/").text


@pytest.mark.parametrize("page", ["batches", "batch", "publicity"])
def test_lists_ask_as_often_for_thirty_as_for_one(client: Client, page: str) -> None:
    batch = make_batch()
    make_candidate(batch)
    if page == "publicity":
        services.hand_over(batch, by=batch.by)
    client.force_login(batch.by)
    address = {
        "batches": f"{home(batch)}batches/?q=批&state=draft",
        "batch": page_of(batch),
        "publicity": f"{home(batch)}publicity/{batch.pk}/",
    }[page]
    counts = []
    for more in (0, 29):
        for _ in range(more):
            if page == "batches":
                make_batch(batch.kind, by=batch.by)
            else:
                make_candidate(batch)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len([q for q in queries if "consents_view" not in q["sql"]]))
    assert counts[0] == counts[1]


def test_a_candidate_is_of_the_family_of_the_batch() -> None:
    batch = make_batch(make_kind(family="training"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_candidate(batch, level="l5")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_candidate(batch, hours=None)
    assert not Candidate.objects.exists()


def test_an_issued_batch_is_printed_in_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("silian.talent.issuing.views.PRINTED", 2)
    kind = make_kind()
    officer = make_officer(kind)
    batch = make_batch(kind, state=Batch.State.READY)
    for _n in range(3):
        make_candidate(batch)
    services.issue_batch(batch, by=officer)
    client.force_login(officer)
    page = client.get(page_of(batch)).text
    assert "papers/2.pdf" in page and "papers/3.pdf" not in page
    part = client.get(f"{page_of(batch)}papers/1.pdf")
    assert len(re.findall(rb"/Type ?/Page\b", part.content)) == 2
    assert Entry.objects.filter(action="Certificate taken as a PDF").count() == 2
    assert client.get(f"{page_of(batch)}papers/3.pdf").status_code == 404
    client.force_login(make_user())
    assert client.get(f"{page_of(batch)}papers/1.pdf").status_code == 404
