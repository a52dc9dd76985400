"""The register of examiners: who keeps it, who reads what, cards that run out, relations."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.examiners import services
from silian.education.examiners.imports import Examiners
from silian.education.examiners.models import Card, Examiner, Relation
from silian.education.examiners.tests.factories import make_card, make_examiner, make_relation
from silian.education.items.tests.factories import occupation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files.models import StoredFile
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"


def page(examiner: Examiner, rest: str = "") -> str:
    return f"/{examiner.consortium.slug}/examiners/{examiner.pk}/{rest}"


def test_the_secretariat_registers_an_examiner_and_a_card_with_its_scan(client: Client) -> None:
    consortium = make_consortium()
    school = make_membership(consortium).organisation
    teacher, secretary = make_staff(school), make_secretary(consortium)
    client.force_login(secretary)
    address = f"/{consortium.slug}/examiners/"
    assert "No examiner is registered yet" in client.get(address).text
    client.post(f"{address}new/", {"user": teacher.pk, "organisation": school.pk})
    examiner = Examiner.objects.get()
    assert Notice.objects.get().to == teacher
    today = clock.today()
    typed = {
        "number": "K-77",
        "occupation": occupation().code,
        "highest": "2",
        "valid_from": today,
        "valid_until": today - timedelta(days=1),
    }
    refused = client.post(page(examiner, "cards/new/"), typed)
    assert "before the first day" in refused.text and "K-77" in refused.text
    scan = SimpleUploadedFile("card.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    typed["valid_until"] = today + timedelta(days=90)
    client.post(page(examiner, "cards/new/"), typed | {"scan": scan})
    card = Card.objects.get()
    assert card.document is not None and StoredFile.objects.get().sealed
    assert client.get(page(examiner, f"cards/{card.pk}/scan/")).content.startswith(b"%PDF")
    refused = client.post(page(examiner, "cards/new/"), typed)
    assert "Another card for this occupation" in refused.text
    with pytest.raises(IntegrityError), transaction.atomic():
        make_card(examiner)
    client.post(page(examiner, f"cards/{card.pk}/edit/"), typed | {"number": "K-78"})
    card.refresh_from_db()
    assert card.number == "K-78" and card.document is not None
    client.post(page(examiner, f"cards/{card.pk}/remove/"))
    assert not Card.objects.exists()


def test_strangers_find_no_examiner_and_colleagues_read_no_relation(client: Client) -> None:
    examiner = make_examiner()
    relation = make_relation(examiner, make_person(user=None))
    card = examiner.cards.get()
    outside = (make_user(), make_secretary(make_consortium()))
    elsewhere = make_staff(make_membership(examiner.consortium).organisation)
    for user in (*outside, elsewhere):
        client.force_login(user)
        assert client.get(f"/{examiner.consortium.slug}/examiners/").status_code == 403
        for rest in ("", "edit/", f"cards/{card.pk}/scan/", "relations/new/"):
            assert client.get(page(examiner, rest)).status_code == 404
    colleague = make_staff(examiner.organisation)
    client.force_login(colleague)
    said = client.get(page(examiner)).text
    assert card.number in said and "does not judge" not in said
    for rest in ("edit/", "cards/new/", f"cards/{card.pk}/scan/", "relations/new/"):
        assert client.get(page(examiner, rest)).status_code == 403
    address = page(examiner, f"relations/{relation.pk}/withdraw/")
    assert client.post(address).status_code == 403 and Relation.objects.exists()
    client.force_login(examiner.user)
    assert "does not judge" in client.get(page(examiner)).text
    Relation.objects.update(by=make_secretary(examiner.consortium))
    assert client.post(address).status_code == 403, "what the secretariat stated stays"
    assert Relation.objects.exists()
    assert client.get(page(examiner, "edit/")).status_code == 403


def test_who_is_named_as_a_relation_is_found_by_number_and_the_examiner_learns_no_name(
    client: Client,
) -> None:
    known = make_person(user=None, name="真名某")
    identity.set_number(known, NUMBER)
    known.save()
    examiner = make_examiner()
    client.force_login(examiner.user)
    typed = {"name": "张某", "id_number": NUMBER[:-1], "kind": "teacher"}
    refused = client.post(page(examiner, "relations/new/"), typed)
    assert refused.status_code == 200 and "张某" in refused.text
    client.post(page(examiner, "relations/new/"), typed | {"id_number": NUMBER})
    relation = Relation.objects.get()
    assert relation.person == known and relation.by == examiner.user
    said = client.get(page(examiner)).text
    assert known.id_masked in said and known.name not in said and NUMBER not in said
    assert not Entry.objects.filter(detail__icontains="teacher").exists()
    fresh = typed | {"id_number": "440308199901010012", "name": "李某"}
    client.post(page(examiner, "relations/new/"), fresh)
    assert Person.objects.filter(name="李某").exists()
    client.force_login(make_secretary(examiner.consortium))
    assert known.name in client.get(page(examiner)).text
    client.post(page(examiner, f"relations/{relation.pk}/withdraw/"))
    assert not Relation.objects.filter(pk=relation.pk).exists()


def test_holders_are_told_once_two_months_ahead_and_it_waits_for_both_sides() -> None:
    consortium = make_consortium()
    soon, later, renewed, gone = (make_examiner(consortium, card=False) for _n in range(4))
    ending = make_card(soon, days=60)
    make_card(later, days=61)
    make_card(gone, days=-1)
    today = clock.today()
    make_card(renewed, days=10)
    make_card(
        renewed,
        valid_from=today + timedelta(days=11),
        valid_until=today + timedelta(days=400),
    )
    assert services.warn_of_ends() == 1 and services.warn_of_ends() == 0
    notice = Notice.objects.get()
    assert notice.to == soon.user and ending.occupation.name in notice.text
    assert any("Renew" in todo.label for todo in todos_of(soon.user))
    assert not any("Renew" in todo.label for todo in todos_of(renewed.user))
    [waits] = [t for t in todos_of(make_secretary(consortium)) if "run out" in t.label]
    assert waits.count == 1
    ending.valid_until = today + timedelta(days=30)
    services.save_card(ending, by=make_secretary(consortium))
    assert services.warn_of_ends() == 1


def test_the_register_is_searched_and_filtered_by_one_card(client: Client) -> None:
    consortium = make_consortium()
    valid, ending, ended, bare = (make_examiner(consortium, card=False) for _n in range(4))
    make_card(valid, highest="3", number="AA1")
    make_card(ending, days=30, highest="5")
    make_card(ended, days=-3)
    client.force_login(make_secretary(consortium))

    def found(query: str) -> set[Examiner]:
        said = client.get(f"/{consortium.slug}/examiners/?{query}").text
        every = (valid, ending, ended, bare)
        return {one for one in every if page(one) in said}

    assert found("validity=valid") == {valid} and found("validity=ending") == {ending}
    assert found("validity=ended") == {ended} and found("validity=none") == {bare}
    assert found("level=4") == {valid, ended}
    assert found(f"occupation={occupation().code}&validity=valid&level=3") == {valid}
    assert found("level=2&validity=valid") == set()
    assert found("q=AA") == {valid} and found(f"q={bare.user.name}") == {bare}


def test_the_register_comes_by_sheet_one_row_for_each_card() -> None:
    consortium = make_consortium()
    school = make_membership(consortium).organisation
    teacher, stranger = make_staff(school), make_user()
    secretary = make_secretary(consortium)
    sheet = Examiners()
    assert sheet.permitted(secretary, consortium) and not sheet.permitted(teacher, consortium)
    form = sheet.form(consortium)
    assert teacher.username in dict(form.people()) and stranger.username not in dict(form.people())
    today = clock.today()
    row = {
        "user": teacher,
        "organisation": school,
        "number": "K1",
        "occupation": occupation(),
        "highest": "3",
        "valid_from": today,
        "valid_until": today + timedelta(days=300),
    }
    rows = [Row(2, row), Row(3, row | {"number": "K2"})]
    assert [(n, field) for n, field, _text in sheet.check(rows, consortium)] == [(3, "valid_from")]
    assert sheet.save(rows[:1], consortium, by=secretary, progress=lambda done: None) == 1
    assert [n for n, _f, _t in sheet.check(rows[:1], consortium)] == [2]
    later = row | {"number": "K3", "valid_from": today + timedelta(days=301)}
    later["valid_until"] = today + timedelta(days=900)
    sheet.save([Row(2, later)], consortium, by=secretary, progress=lambda done: None)
    assert Examiner.objects.get().cards.count() == 2


def test_pages_ask_the_same_with_many_examiners(client: Client) -> None:
    consortium = make_consortium()
    client.force_login(make_secretary(consortium))

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len([one for one in asked if "consents_view" not in one["sql"]])

    first = make_examiner(consortium)
    make_relation(first, make_person(user=None))
    addresses = (f"/{consortium.slug}/examiners/", page(first))
    for address in addresses:
        queries(address)
    one = [queries(address) for address in addresses]
    for n in range(20):
        make_examiner(consortium)
        make_relation(first, make_person(user=None))
        start = clock.today() + timedelta(days=400 + 10 * n)
        make_card(first, valid_from=start, valid_until=start + timedelta(days=5))
    assert [queries(address) for address in addresses] == one
