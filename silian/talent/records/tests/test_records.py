"""A record is its person's own; a firm reads what a running consent covers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import make_organisation, make_staff
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person
from silian.talent.consents import services as consenting
from silian.talent.consents.models import View
from silian.talent.consents.tests.factories import make_consent
from silian.talent.profiles.tests.factories import make_school
from silian.talent.records import services
from silian.talent.records.models import Entry
from silian.talent.records.tests.factories import make_entry, make_skill_entry

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def test_an_adult_without_a_school_keeps_a_record(client: Client) -> None:
    worker = make_user("钱师傅")
    client.force_login(worker)
    skill = Skill.objects.create(name_zh="焊接")
    client.post("/me/record/skill/new/", {"skill": skill.pk, "level": 3})
    paper = SimpleUploadedFile("证书.pdf", PDF, "application/pdf")
    typed = {"title": "焊工(中级)", "place": "某鉴定站", "number": "X-1", "file": paper}
    client.post("/me/record/certificate/new/", typed)
    client.post("/me/record/looking-for/", {"kinds": ["employment"], "note": "不上夜班"})
    page = client.get("/me/record/").text
    for told in ("焊接", "焊工(中级)", "证书.pdf", "不上夜班"):
        assert told in page
    entry = Entry.objects.get(kind="certificate")
    assert client.get(f"/me/record/{entry.pk}/evidence/").status_code == 200
    client.post(f"/me/record/{entry.pk}/delete/")
    assert Entry.objects.count() == 1


def test_wrong_input_stays_and_names_the_field(client: Client) -> None:
    entry = make_skill_entry()
    client.force_login(entry.person.user)
    typed = {"title": "甲厂学徒", "started": "2026-02-01", "ended": "2026-01-01"}
    page = client.post("/me/record/practice/new/", typed).text
    assert "It ends before it starts" in page and "甲厂学徒" in page
    again = client.post("/me/record/skill/new/", {"skill": entry.skill_id, "level": 1}).text
    assert "stands in your record already" in again
    assert client.get("/me/record/nonsense/new/").status_code == 404


def test_a_firm_reads_what_is_covered_while_it_is_allowed(client: Client) -> None:
    person = make_person(user=make_user("李雷", email="li@example.com"))
    firm = make_organisation()
    make_skill_entry(person, "数控编程")
    secret = make_entry(person, title="不给看的项目", kind="project")
    staff = make_staff(firm)
    page = f"/people/{person.pk}/"
    client.force_login(staff)
    assert client.get(page).status_code == 404
    consent = make_consent(person, recipient=firm, covers=["skills"])
    text = client.get(page).text
    assert "数控编程" in text and secret.title not in text and "li@example.com" not in text
    assert person.name in client.get(f"/organisations/{firm.pk}/records/?skill=数控").text
    for what in ("Record of the person", "List of records"):
        assert View.objects.filter(person=person, by=staff, organisation=firm, what=what).exists()
    consenting.withdraw(consent, by=person.user)
    assert client.get(page).status_code == 404
    assert person.name not in client.get(f"/organisations/{firm.pk}/records/").text


def test_evidence_follows_its_entry(client: Client) -> None:
    person, firm = make_person(), make_organisation()
    paper = SimpleUploadedFile("证书.pdf", PDF, "application/pdf")
    shown = services.save_entry(make_entry(person), by=person.user, evidence=paper)
    make_consent(person, recipient=firm, covers=["practice"])
    hidden = services.save_entry(
        make_entry(person, kind="certificate"),
        by=person.user,
        evidence=SimpleUploadedFile("证书.pdf", PDF, "application/pdf"),
    )
    client.force_login(make_staff(firm))
    assert client.get(f"/people/{person.pk}/evidence/{shown.pk}/").status_code == 200
    assert client.get(f"/people/{person.pk}/evidence/{hidden.pk}/").status_code == 404
    assert client.get(f"/me/record/{shown.pk}/evidence/").status_code == 404


def test_a_school_confirms_one_entry_and_sees_no_other(client: Client) -> None:
    entry, school = make_entry(title="校内实训"), make_school()
    other = make_entry(entry.person, title="另一条")
    staff = make_staff(school)
    client.force_login(entry.person.user)
    assert "exactly this name" in client.post(f"/me/record/{entry.pk}/ask/", {"of": "没有"}).text
    client.post(f"/me/record/{entry.pk}/ask/", {"of": school.name_zh})
    assert client.get(f"/me/record/{entry.pk}/edit/").status_code == 403  # while it is asked
    client.force_login(staff)
    home = f"/organisations/{school.pk}/confirmations/"
    assert any(todo.url == home for todo in todos_of(staff))
    page = client.get(home).text
    assert entry.title in page and other.title not in page
    assert client.post(f"{home}{other.pk}/confirm/").status_code == 404
    client.post(f"{home}{entry.pk}/refuse/", {"reason": ""})
    entry.refresh_from_db()
    assert entry.state == "asked"
    client.post(f"{home}{entry.pk}/confirm/")
    entry.refresh_from_db()
    assert (entry.state, entry.source) == ("confirmed", "Confirmed by the school")
    entry.text = "又改了"
    services.save_entry(entry, by=entry.person.user)
    entry.refresh_from_db()
    assert (entry.state, entry.source) == ("stated", "By the person")


def test_a_refusal_reaches_the_person_with_its_reason(client: Client) -> None:
    entry, firm = make_entry(), make_organisation()
    services.ask_to_confirm(entry, of=firm, by=entry.person.user)
    client.force_login(make_staff(firm))
    home = f"/organisations/{firm.pk}/confirmations/"
    client.post(f"{home}{entry.pk}/refuse/", {"reason": "没有在我厂工作"})
    client.force_login(entry.person.user)
    assert "没有在我厂工作" in client.get("/me/record/").text
    assert Notice.objects.filter(to=entry.person.user).exists()


def test_the_database_knows_what_an_entry_is() -> None:
    entry = make_skill_entry()
    for wrong in (
        {"kind": "skill", "title": "x"},
        {"kind": "project", "title": ""},
        {"kind": "skill", "title": "", "skill": entry.skill, "level": 1},
        {"started": "2026-02-01", "ended": "2026-01-01"},
        {"state": "confirmed"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_entry(entry.person, **wrong)


def test_lists_ask_as_often_for_30_as_for_one(client: Client) -> None:
    firm = make_organisation()
    person = make_person()
    staff = make_staff(firm)
    counts: dict[str, list[int]] = {}
    for more in (1, 29):
        for number in range(more):
            other = make_person()
            make_consent(other, recipient=firm)
            services.ask_to_confirm(make_entry(other), of=firm, by=other.user)
            make_skill_entry(person, f"技能{more}-{number}")
        for user, page in (
            (person.user, "/me/record/"),
            (staff, f"/organisations/{firm.pk}/records/"),
            (staff, f"/organisations/{firm.pk}/confirmations/"),
        ):
            client.force_login(user)
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            counts.setdefault(page, []).append(len(asked))
    assert all(one == thirty for one, thirty in counts.values()), counts
