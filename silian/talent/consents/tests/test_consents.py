"""Consent is given separately, withdrawn as easily, and counts only while the law lets it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import make_organisation, make_staff
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.identity import brought_together
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.states import IllegalMove
from silian.talent.consents import policy, services, tasks, wordings
from silian.talent.consents.models import Consent, Question, View
from silian.talent.consents.tests.factories import make_child, make_consent
from silian.talent.profiles.tests.factories import make_school, make_student

pytestmark = pytest.mark.django_db
Purpose = Consent.Purpose
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def test_nothing_is_allowed_until_it_is_asked_and_given() -> None:
    person, firm = make_person(), make_organisation()
    assert not policy.consents(person, Purpose.RECOMMENDATION)
    make_consent(person, Purpose.RECOMMENDATION)
    assert policy.consents(person, Purpose.RECOMMENDATION)
    assert not policy.consents(person, Purpose.RECORD, firm)


def test_each_recipient_and_purpose_is_asked_for_itself() -> None:
    consent = make_consent()
    assert policy.consents(consent.person, Purpose.RECORD, consent.recipient)
    assert not policy.consents(consent.person, Purpose.RECORD, make_organisation())
    assert not policy.consents(consent.person, Purpose.INTERNSHIP, consent.recipient)


def test_giving_and_withdrawing_are_one_press_each_on_the_same_page(client: Client) -> None:
    person, firm = make_person(), make_organisation()
    staff = make_staff(firm)
    client.force_login(person.user)
    client.post("/me/consents/record/give/", {"recipient": firm.pk, "covers": ["skills"]})
    consent = Consent.objects.get()
    assert consent.covers == ["skills"]
    assert consent.text in wordings.wording_of("record").whole
    page = client.get("/me/consents/").text
    assert f"/me/consents/{consent.pk}/withdraw/" in page
    client.post(f"/me/consents/{consent.pk}/withdraw/")
    assert not policy.consents(person, Purpose.RECORD, firm)
    page = client.get("/me/consents/").text
    assert 'action="/me/consents/record/give/"' in page and 'value="skills"' in page
    told = [notice.text for notice in Notice.objects.filter(to=staff).order_by("pk")]
    assert len(told) == 2 and "no longer" in told[1]


def test_the_platform_switches_are_one_press_too(client: Client) -> None:
    person = make_person()
    client.force_login(person.user)
    client.post("/me/consents/recommendation/give/", {"again": "1"})
    assert policy.consents(person, Purpose.RECOMMENDATION)
    assert client.post(f"/me/consents/{Consent.objects.get().pk}/withdraw/").status_code == 302
    assert not policy.consents(person, Purpose.RECOMMENDATION)


def test_nothing_ticked_gives_nothing_and_says_so(client: Client) -> None:
    firm = make_organisation()
    client.force_login(make_user())
    answer = client.post("/me/consents/record/give/", {"recipient": firm.pk})
    assert "required" in answer.text and not Consent.objects.exists()


def test_who_asks_for_what_is_not_there_gets_404(client: Client) -> None:
    client.force_login(make_user())
    for address in ("nonsense/give/", "record/give/", "record/give/?recipient=x"):
        assert client.get(f"/me/consents/{address}").status_code == 404
    assert client.get("/me/consents/record/give/?recipient=99999999").status_code == 404


def test_others_can_neither_see_nor_withdraw_it(client: Client) -> None:
    consent = make_consent()
    for user in (make_user(), make_staff(consent.recipient)):
        client.force_login(user)
        assert client.post(f"/me/consents/{consent.pk}/withdraw/").status_code == 404
        assert "Allowed</span>" not in client.get("/me/consents/").text
    assert policy.consents(consent.person, Purpose.RECORD, consent.recipient)


def test_a_new_wording_asks_again(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    consent = make_consent()
    newest = wordings._newest()
    changed = {**newest, "record": replace(newest["record"], version=2)}
    monkeypatch.setattr(wordings, "_newest", lambda: changed)
    assert not policy.consents(consent.person, Purpose.RECORD, consent.recipient)
    assert any("new wording" in todo.label for todo in todos_of(consent.person.user))
    make_consent(consent.person, recipient=consent.recipient)
    assert policy.consents(consent.person, Purpose.RECORD, consent.recipient)
    assert Consent.objects.running().count() == 1  # the old one is withdrawn


def test_a_wording_says_all_that_the_law_asks() -> None:
    for wording in wordings.wordings():
        assert wording.kinds and set(wording.kinds) <= set(Consent.Data.values)
        assert wording.text_zh and wording.text_en
        assert wording.retention_zh and wording.retention_en
        assert bool(wording.sensitive) == bool(wording.necessity_zh and wording.necessity_en)
        assert "identity" not in set(wording.kinds) - set(wording.sensitive)
    assert {wording.purpose for wording in wordings.wordings()} == set(Purpose.values)


def test_the_database_lets_a_consent_be_withdrawn_and_nothing_else() -> None:
    consent = make_consent()
    rows = Consent.objects.filter(pk=consent.pk)
    for change in ({"text": "x"}, {"covers": []}, {"person": make_person()}, {"version": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    services.withdraw(consent, by=consent.person.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(withdrawn_at=None)
    with pytest.raises(IllegalMove):
        services.withdraw(consent, by=consent.person.user)


def test_the_database_keeps_every_view() -> None:
    person, viewer = make_person(), make_user()
    services.note_view(person, "Record", by=viewer, organisation=None)
    for harm in (lambda: View.objects.update(what="x"), View.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            harm()
    services.note_view(person, "Record", by=person.user, organisation=None)
    assert View.objects.count() == 1  # one's own look is no view


def test_bringing_two_rows_together_moves_consents_and_views() -> None:
    stays, goes = make_person(), make_person(user=None)
    consent = make_consent(goes)
    services.note_view(goes, "Record", by=make_user(), organisation=None)
    brought_together(stays, goes)
    consent.refresh_from_db()
    assert consent.person == stays and stays.views.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        View.objects.update(person=make_person())


# --- children -----------------------------------------------------------------------------


def test_under_14_nothing_counts_without_a_guardian() -> None:
    child, firm = make_child(), make_organisation()
    with pytest.raises(services.GuardianNeeded):
        make_consent(child, recipient=firm)
    assert not policy.may_give(child.user, child)
    raw = {"purpose": Purpose.RECORD, "version": 1, "text": "…", "recipient": firm}
    Consent.objects.create(person=child, **raw)  # by whatever other way
    assert not policy.consents(child, Purpose.RECORD, firm)


@pytest.mark.parametrize(("days", "alone"), [(14 * 365, False), (14 * 366, True), (30 * 366, True)])
def test_the_fourteenth_birthday_decides(days: int, alone: bool) -> None:
    person = make_person(born_on=clock.today() - timedelta(days=days))
    assert bool(policy.may_give(person.user, person)) == alone
    Consent.objects.create(person=person, purpose=Purpose.RECOMMENDATION, version=1, text="…")
    assert policy.consents(person, Purpose.RECOMMENDATION) == alone


def test_a_guardian_consents_and_withdraws_by_one_link(client: Client) -> None:
    child, firm = make_child(guardian_email="mother@example.com"), make_organisation()
    client.force_login(child.user)
    client.post("/me/consents/record/give/", {"recipient": firm.pk, "covers": ["skills"]})
    assert not Consent.objects.exists()
    question = Question.objects.get()
    tasks.mail_question(question_id=question.pk)
    assert question.link in mail.outbox[0].body and mail.outbox[0].to == ["mother@example.com"]
    client.logout()
    page = f"/guardian/{question.token}/"
    assert client.post(page, {"answer": "yes", "name": ""}).status_code == 200  # says what lacks
    client.post(page, {"answer": "yes", "name": "王母", "sure": "on"})
    consent = Consent.objects.get()
    assert (consent.by_guardian, consent.covers) == ("王母", ["skills"])
    assert policy.consents(child, Purpose.RECORD, firm)
    assert policy.counting(Purpose.RECORD).count() == 1
    client.post(page, {"answer": "withdraw"})
    assert not policy.consents(child, Purpose.RECORD, firm)


def test_a_guardian_may_refuse_and_a_wrong_link_tells_nothing(client: Client) -> None:
    child = make_child()
    question = services.ask_guardian(child, Purpose.RECOMMENDATION, by=child.user)
    assert client.get("/guardian/" + "0" * 64 + "/").status_code == 404
    client.post(f"/guardian/{question.token}/", {"answer": "no"})
    question.refresh_from_db()
    assert question.state == "refused"
    assert not policy.consents(child, Purpose.RECOMMENDATION)


def test_a_question_lapses(client: Client) -> None:
    child = make_child()
    question = services.ask_guardian(child, Purpose.RECOMMENDATION, by=child.user)
    assert services.ask_guardian(child, Purpose.RECOMMENDATION, by=child.user) == question
    Question.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    tasks.lapse(timestamp=0)
    assert client.get(f"/guardian/{question.token}/").status_code == 404


def test_the_school_enters_what_a_guardian_signed_on_paper(client: Client) -> None:
    child = make_child()
    pupil = make_student(person=child)
    services.ask_guardian(child, Purpose.RECOMMENDATION, by=child.user)
    home = f"/organisations/{pupil.school_id}/guardians/"
    scan = f"{home}{Question.objects.get().pk}/scan/"
    for stranger in (child.user, make_staff(make_school())):
        client.force_login(stranger)
        assert client.get(home).status_code == client.get(scan).status_code == 404
    client.force_login(make_staff(pupil.school))
    assert child.name in client.get(home).text
    paper = SimpleUploadedFile("同意书.pdf", PDF, "application/pdf")
    client.post(scan, {"guardian": "王母", "file": paper})
    consent = Consent.objects.get()
    assert consent.by_guardian == "王母" and consent.question.scan is not None
    assert client.get(scan).status_code == 403  # answered
    assert client.get(scan.replace("scan", "file")).status_code == 200


def test_from_14_to_17_a_guardian_is_told_where_wanted(settings: Any) -> None:
    born = clock.today() - timedelta(days=16 * 366)
    person = make_person(born_on=born, guardian_email="father@example.com")
    consent = make_consent(person)
    tasks.mail_guardian_of_minor(consent_id=consent.pk)
    assert consent.recipient.name_en in mail.outbox[0].body


# --- who looked ---------------------------------------------------------------------------


def test_people_read_who_saw_them_and_nobody_else_does(client: Client) -> None:
    pupil = make_student()
    staff = make_staff(pupil.school)
    client.force_login(staff)
    home = f"/organisations/{pupil.school_id}/students/"
    client.get(home)
    client.get(home)  # the same list on the same day counts once
    client.get(f"{home}{pupil.pk}/")
    client.get(f"{home}?export=csv")
    assert View.objects.filter(person=pupil.person).count() == 3  # list, page, export
    client.force_login(pupil.user)
    page = client.get("/me/views/").text
    assert staff.name in page and "Page of the student" in page
    assert staff.name not in client.get("/me/views/?q=nobody").text
    client.force_login(make_user())
    assert staff.name not in client.get("/me/views/").text


def test_the_list_of_views_asks_as_often_for_30_as_for_one(client: Client) -> None:
    person = make_person()
    client.force_login(person.user)
    counts = []
    for more in (1, 29):
        for _number in range(more):
            viewer = make_user()
            services.note_view(person, "Record", by=viewer, organisation=make_organisation())
        client.get("/me/views/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/me/views/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
