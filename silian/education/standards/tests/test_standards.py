import json
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.education.programmes.tests.factories import make_programme, make_school
from silian.education.standards import services
from silian.education.standards.models import Edition, Section, Standard, Unit
from silian.education.standards.paper import cell, document
from silian.education.standards.sections import shipped
from silian.education.standards.tests.factories import make_edition, make_standard, make_unit
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.search.services import find

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(standard: Standard, name: str = "standard_detail") -> str:
    return reverse(f"standards:{name}", args=[standard.consortium, standard.pk])


def test_a_teacher_of_a_member_school_begins_a_standard() -> None:
    consortium = make_consortium()
    school = make_membership(consortium, make_school()).organisation
    programme = make_programme(school)
    client = signed_in(make_staff(school, Role.Kind.TEACHER))
    sent = {"kind": "course", "programme": programme.pk, "title_zh": "数控加工", "aims": "首版"}

    answer = client.post(reverse("standards:standard_new", args=[consortium]), sent)

    edition = Edition.objects.get()
    assert answer.url == edition.get_absolute_url()
    assert (edition.number, edition.state, edition.aims) == (1, "draft", "首版")
    keys = [kind.key for kind in shipped()["course"]]
    assert list(edition.sections.values_list("kind", flat=True)) == keys
    assert client.get(answer.url).status_code == 200


def test_who_is_of_no_member_school_begins_nothing() -> None:
    consortium = make_consortium()
    school, firm = make_school(), make_membership(consortium).organisation
    make_programme(school)
    address = reverse("standards:standard_new", args=[consortium])

    for user in (make_staff(school), make_staff(firm)):  # not a member; a member but no school
        assert signed_in(user).get(address).status_code == 403


def test_a_title_is_used_once_and_the_form_says_so() -> None:
    standard = make_edition().standard
    client = signed_in(make_staff(standard.programme.school))
    sent = {"kind": "course", "programme": standard.programme_id, "title_zh": standard.title_zh}

    answer = client.post(reverse("standards:standard_new", args=[standard.consortium]), sent)

    assert "has a standard of this title already" in answer.text
    assert Standard.objects.count() == 1


def test_what_is_not_published_exists_for_nobody_outside(client: Client) -> None:
    draft = make_edition()
    standard = draft.standard
    firm = make_staff(make_membership(standard.consortium).organisation)
    index = reverse("standards:standard_index", args=[standard.consortium])

    for reader in (client, signed_in(firm)):
        assert standard.title_en not in reader.get(index).text
        assert reader.get(page(standard)).status_code == 404
        assert reader.get(draft.get_absolute_url()).status_code == 404
        assert standard.title_en not in reader.get(standard.programme.get_absolute_url()).text
    assert client.get("/api/v1/standards").json()["count"] == 0
    for user in (make_staff(standard.programme.school), make_secretary(standard.consortium)):
        assert signed_in(user).get(page(standard)).status_code == 200
        assert (
            standard.title_en
            in signed_in(user).get(index.replace("standards/", "standards/desk/")).text
        )


def test_everybody_reads_what_is_in_force(client: Client) -> None:
    edition = make_edition(state="published")
    unit = edition.units.first()

    text = client.get(page(edition.standard)).text

    assert "Goals text" in text and unit.title in text
    assert "75 % of the hours" in text
    told = json.loads(re.search(r"ld\+json\">(.*?)</script>", text)[1])  # type: ignore[index]
    assert told["@type"] == "Course"
    assert client.get("/api/v1/standards").json()["items"][0]["units"][0]["skills"]


def test_a_draft_beside_it_stays_hidden(client: Client) -> None:
    edition = make_edition(state="published")
    draft = services.begin_edition(
        edition.standard, aims="Secret", by=make_staff(edition.standard.programme.school)
    )

    assert "Secret" not in client.get(page(edition.standard)).text
    assert client.get(draft.get_absolute_url()).status_code == 404
    compare = reverse(
        "authoring:edition_compare", args=[edition.standard.consortium, edition.standard_id]
    )
    assert "Secret" not in client.get(compare, {"new": 2, "old": 1}).text


def test_the_next_edition_begins_with_what_the_last_one_says() -> None:
    edition = make_edition(state="published")
    client = signed_in(make_staff(edition.standard.programme.school))
    address = page(edition.standard, "edition_new")

    client.post(address, {"aims": "Robots"})

    new = edition.standard.editions.get(number=2)
    assert (new.state, new.hours, new.aims) == ("draft", 64, "Robots")
    lines = edition.units.values_list("line", flat=True)
    assert list(new.units.values_list("line", flat=True)) == list(lines)
    assert new.units.first().taught.get().level == 3
    assert new.sections.get(kind="goals").text == "Goals text"
    assert client.get(address).status_code == 403  # one at a time


def test_a_published_edition_cannot_be_changed_by_any_route() -> None:
    edition = make_edition(state="published")
    unit, section = edition.units.first(), edition.sections.first()
    attempts = [
        lambda: Section.objects.filter(pk=section.pk).update(text="x"),
        lambda: Unit.objects.filter(pk=unit.pk).update(theory_hours=1),
        lambda: make_unit(edition),
        lambda: unit.taught.all().delete(),
        lambda: Unit.objects.filter(pk=unit.pk).delete(),
        lambda: Edition.objects.filter(pk=edition.pk).update(hours=1),
        lambda: Edition.objects.filter(pk=edition.pk).update(state="draft"),
        lambda: Edition.objects.filter(pk=edition.pk).delete(),
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert edition.units.count() == 2


def test_one_edition_is_in_force_and_one_in_the_making() -> None:
    standard = make_edition(state="published").standard
    make_edition(standard)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_edition(standard)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_edition(standard, state="published", number=9)


@pytest.mark.parametrize("name", ["standard_index", "standard_desk"])
def test_a_long_list_asks_no_more_than_a_short_one(name: str) -> None:
    standard = make_edition(state="published").standard
    client = signed_in(make_secretary(standard.consortium))
    address = reverse(f"standards:{name}", args=[standard.consortium])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    few = queries()
    for _n in range(29):
        make_edition(make_standard(standard.consortium, standard.programme), state="published")
    assert queries() == few


def test_the_register_is_filtered_and_exported(client: Client) -> None:
    edition = make_edition(make_standard(title_en="Valves"), state="published")
    skill = edition.units.first().skills.get()
    address = reverse("standards:standard_index", args=[edition.standard.consortium])

    assert "Valves" in client.get(address, {"skill": skill.pk, "kind": "course"}).text
    assert "Valves" not in client.get(address, {"kind": "plan"}).text
    assert "Valves" in client.get(address, {"q": edition.units.first().title_zh}).text
    assert "Valves" in client.get(address, {"export": "csv"}).content.decode()


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_an_edition_is_a_document(client: Client, ending: str) -> None:
    edition = make_edition(state="published")
    place = [edition.standard.consortium, edition.standard_id, edition.number, ending]

    answer = client.get(reverse("authoring:edition_file", args=place))

    assert answer.content.startswith({"pdf": b"%PDF", "docx": b"PK"}[ending])
    assert (
        client.get(reverse("authoring:edition_file", args=[*place[:3], "exe"])).status_code == 404
    )
    assert document(edition, ending, thanks=["A | B"])
    assert cell("A | B\nC") == "A \\| B C"


def test_a_change_is_asked_for_with_its_evidence_and_the_school_is_told() -> None:
    standard = make_edition(state="published").standard
    school = make_staff(standard.programme.school)
    firm = make_organisation()

    asked = services.request_change(
        standard,
        by=make_staff(firm),
        organisation=firm,
        text="Teach welding",
        evidence={"figures": {"postings": 12}},
    )

    assert asked.state == "open"
    assert Notice.objects.get(to=school).url == asked.get_absolute_url()
    text = signed_in(school).get(asked.get_absolute_url()).text
    assert "Teach welding" in text and "postings" in text


@pytest.mark.django_db(transaction=True)
def test_only_what_is_in_force_is_found() -> None:
    edition = make_edition(make_standard(title_zh="阀门装配课程标准"), state="published")
    edition.standard.save()
    services.begin_edition(edition.standard, by=make_staff(edition.standard.programme.school))
    draft = edition.standard.editions.get(number=2)
    Section.objects.filter(edition=draft, kind="goals").update(text="机密机器人")
    make_edition(make_standard(title_zh="机密课程标准"))
    edition.standard.save()

    assert [hit.url for hit in find(AnonymousUser(), "阀门装配")] == [page(edition.standard)]
    assert not list(find(AnonymousUser(), "机密"))
