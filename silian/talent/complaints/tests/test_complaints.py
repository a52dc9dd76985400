"""Neither school nor unit nor secretariat reads, finds or stops a complaint."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files.tests.factories import PNG, make_upload
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove
from silian.talent.complaints import policy, services
from silian.talent.complaints.models import Attachment, Complaint, Message

pytestmark = pytest.mark.django_db
WORDS = "每天十二小时,还扣身份证"


def make_officer(consortium: Consortium) -> User:
    authority = make_organisation(Organisation.Kind.GOVERNMENT)
    make_membership(consortium, authority)
    user = make_staff(authority)
    services.appoint(consortium, user=user, kind="authority", by=make_secretary(consortium))
    return user


def address(consortium: Consortium, name: str, *more: object) -> str:
    return reverse(f"complaints:{name}", args=[consortium, *more])


def complain(client: Client, consortium: Consortium, **facts: Any) -> tuple[Complaint, str]:
    given = {"about": "hours", "text": WORDS} | facts
    answer = client.post(address(consortium, "complaint_new"), given)
    return Complaint.objects.latest("pk"), answer.context["code"]


def test_from_the_complaint_to_the_answer_without_a_name(client: Client) -> None:
    consortium = make_consortium()
    officer = make_officer(consortium)
    complaint, code = complain(client, consortium, uploads=make_upload("证据.png", PNG))
    assert complaint.user is None and (complaint.due_on - complaint.at.date()).days >= 14
    waiting = address(consortium, "desk_detail", complaint.pk)
    assert waiting in [todo.url for todo in todos_of(officer)]
    desk = Client()
    desk.force_login(officer)
    detail = address(consortium, "desk_detail", complaint.pk)
    assert WORDS in desk.get(detail).content.decode()
    file = Attachment.objects.get()
    kept: Any = desk.get(address(consortium, "desk_file", complaint.pk, file.pk))
    assert b"".join(kept.streaming_content) == PNG
    desk.post(address(consortium, "desk_take_up", complaint.pk))
    desk.post(detail, {"text": "已核实并责令改正"})
    assert client.post(address(consortium, "follow"), {"code": "WRONG"}).status_code == 200
    client.post(address(consortium, "follow"), {"code": code.lower()})
    assert "已核实" in client.get(address(consortium, "follow")).content.decode()
    client.post(address(consortium, "word_new"), {"text": "又开始加班了"})
    complaint.refresh_from_db()
    assert complaint.state == Complaint.State.IN_HAND
    assert Client().get(address(consortium, "own_file", file.pk)).status_code == 404


def test_school_unit_and_secretariat_meet_nothing_anywhere(client: Client) -> None:
    consortium = make_consortium()
    make_officer(consortium)
    complaint, _code = complain(client, consortium)
    school = make_organisation(Organisation.Kind.COLLEGE)
    firm = make_organisation()
    for unit in (school, firm):
        make_membership(consortium, unit)
    for user in (make_staff(school), make_staff(firm), make_secretary(consortium), make_user()):
        client.force_login(user)
        for name, more in (
            ("desk_index", ()),
            ("desk_detail", (complaint.pk,)),
            ("desk_file", (complaint.pk, 1)),
        ):
            assert client.get(address(consortium, name, *more)).status_code == 404
        for name in ("desk_take_up", "desk_close"):
            assert client.post(address(consortium, name, complaint.pk)).status_code == 404
        assert not Notice.objects.filter(to=user, url__contains="complaints").exists()
        assert not [todo for todo in todos_of(user) if "complaints" in todo.url]
        assert not policy.visible_complaints(user).exists()
        assert WORDS not in client.get("/search/", {"q": "十二小时"}).content.decode()
        assert WORDS not in client.get(address(consortium, "complaint_home")).content.decode()
    assert Complaint.objects.get() == complaint


def test_nothing_is_written_in_the_clear_and_the_record_names_nobody(client: Client) -> None:
    consortium = make_consortium()
    student = make_user()
    client.force_login(student)
    complaint, code = complain(client, consortium, anonymous="")
    assert complaint.user == student
    raw = bytes(Message.objects.get().sealed)
    assert WORDS.encode() not in raw and code not in complaint.digest
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sealed, 'escape') FROM complaints_message")
        assert WORDS not in cursor.fetchone()[0]
    entries = Entry.objects.about(complaint)
    assert entries and all(entry.by is None for entry in entries)
    assert all(WORDS not in str(entry.detail) for entry in entries)


def test_whoever_takes_a_side_sees_nothing_any_more(client: Client) -> None:
    consortium = make_consortium()
    officer = make_officer(consortium)
    complain(Client(), consortium)
    client.force_login(officer)
    assert client.get(address(consortium, "desk_index")).status_code == 200
    Role.objects.create(user=officer, kind="staff", organisation=make_organisation())
    assert client.get(address(consortium, "desk_index")).status_code == 404
    with pytest.raises(IllegalMove):
        services.appoint(
            consortium, user=make_secretary(consortium), kind="ombudsperson", by=officer
        )


def test_a_dismissed_officer_and_one_of_another_consortium_see_nothing(client: Client) -> None:
    consortium = make_consortium()
    officer = make_officer(consortium)
    complaint, _code = complain(Client(), consortium)
    client.force_login(make_officer(make_consortium()))
    assert client.get(address(consortium, "desk_detail", complaint.pk)).status_code == 404
    services.dismiss(policy.running(consortium).get(), by=make_user())
    client.force_login(officer)
    assert client.get(address(consortium, "desk_index")).status_code == 404


def test_the_secretariat_appoints_only_who_is_no_side(client: Client) -> None:
    consortium = make_consortium()
    officer = make_officer(consortium)
    firm = make_staff(make_organisation())
    page = address(consortium, "officer_index")
    client.force_login(make_user())
    assert client.get(page).status_code == 403
    client.force_login(make_secretary(consortium))
    assert client.post(page, {"user": firm.pk, "kind": "authority"}).context["form"].errors
    assert client.post(page, {"user": officer.pk, "kind": "authority"}).context["form"].errors
    assert policy.running(consortium).count() == 1


def test_figures_tell_of_no_person(client: Client) -> None:
    consortium = make_consortium()
    for _number in range(4):
        services.complain(consortium, about="pay", text="x", by=None)
    assert policy.figures(consortium) == []
    services.complain(consortium, about="pay", text="x", by=None)
    services.complain(consortium, about="agency", text="x", by=None)
    assert [count for _label, count in policy.figures(consortium)] == [5, 1]


def test_a_complaint_without_words_is_asked_for_them(client: Client) -> None:
    consortium = make_consortium()
    answer = client.post(address(consortium, "complaint_new"), {"about": "pay", "text": ""})
    assert "text" in answer.context["form"].errors and not Complaint.objects.exists()
