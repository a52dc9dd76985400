"""Founding members from one spreadsheet."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.checks import credit_check_character
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.sheets.models import Import

pytestmark = pytest.mark.django_db


def credit_code(number: int) -> str:
    first = f"91370181MA{number:07d}"
    return first + credit_check_character(first)


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium("mingshui")


@pytest.fixture
def office(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def address() -> str:
    return reverse("sheets:import", args=["members.founding", "mingshui"])


def row(name: str, *, kind: str = "Enterprise", code: str = "", region: str = "") -> str:
    return f"{name},,{kind},{code},{region},Member unit,Council unit,2024-05-18"


def bring(client: Client, *rows: str) -> Import:
    """Upload a CSV of ``rows`` and wait for the dry run."""
    headers = (
        "name in Chinese,name in English,kind,unified social credit code,region,part,grade,"
        "member since"
    )
    content = "\n".join([headers, *rows]).encode("utf-8-sig")
    page = client.post(address(), {"file": SimpleUploadedFile("members.csv", content)})
    assert page.status_code == 302, page.text
    return Import.objects.get(pk=page["Location"].rstrip("/").split("/")[-1])


def confirm(client: Client, found: Import) -> None:
    client.post(f"{address()}{found.pk}/confirm/")


def problems(client: Client, found: Import) -> str:
    return client.get(f"{address()}{found.pk}/").text


def test_sixty_two_units_found_a_consortium_at_once(office: Client, consortium: Consortium) -> None:
    rows = [
        row(f"明水第{number}生物科技有限公司", code=credit_code(number)) for number in range(62)
    ]

    confirm(office, bring(office, *rows))

    members = Membership.objects.filter(consortium=consortium)
    assert members.count() == 62
    assert set(members.values_list("state", "founding", "grade")) == {("admitted", True, "council")}
    assert set(members.values_list("admitted_on", flat=True)) == {date(2024, 5, 18)}


def test_known_organisations_are_matched_by_code_or_name_and_never_doubled(
    office: Client, consortium: Consortium
) -> None:
    coded = make_organisation(name_zh="明水制药有限公司", credit_code=credit_code(1))
    named = make_organisation(name_zh="明水医疗器械有限公司")
    rows = [row("明水制药股份有限公司", code=credit_code(1)), row("明水医疗器械有限公司")]

    confirm(office, bring(office, *rows))

    assert Organisation.objects.count() == 2
    assert {m.organisation for m in Membership.objects.all()} == {coded, named}


def test_what_cannot_be_is_said_row_by_row_and_nothing_is_written(
    office: Client, consortium: Consortium
) -> None:
    make_organisation(name_zh="甲公司", credit_code=credit_code(1))
    make_membership(consortium, make_organisation(name_zh="乙公司"))
    make_organisation("college", name_zh="丙学院")
    rows = [row("甲公司", code=credit_code(2)), row("乙公司"), row("丙学院")]
    rows += [row("丁公司"), row("丁公司")]

    found = bring(office, *rows)

    page = problems(office, found)
    assert "The directory knows it with the code" in page
    assert "It is a member already" in page
    assert "The directory knows it as: Higher vocational college." in page
    assert "It stands in this file twice." in page
    assert Membership.objects.count() == 1


def test_a_region_is_given_by_its_code_or_its_name(office: Client, consortium: Consortium) -> None:
    county = make_code("region", "370181", name_zh="章丘区")

    confirm(office, bring(office, row("甲公司", region="370181"), row("乙公司", region="章丘区")))

    assert {one.region for one in Organisation.objects.all()} == {county}
    found = bring(office, row("丙公司", region="天上"))
    assert "天上" in problems(office, found)


def test_only_the_secretariat_imports(consortium: Consortium, client: Client) -> None:
    client.force_login(make_user())
    assert client.get(address()).status_code == 404
    client.force_login(make_secretary(make_consortium()))
    assert client.get(address()).status_code == 404
