import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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
from silian.industry.enterprises import services
from silian.industry.enterprises.imports import Enterprises
from silian.industry.enterprises.models import Profile
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
CODES = ["91110000600037341L", "911100001000013428"]


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium(region=make_code("region", "330300"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def index(consortium: Consortium) -> str:
    return reverse("enterprises:enterprise_index", args=[consortium])


def row(**changes: object) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys([*services.ABOUT_FIRM, *services.ABOUT_PROFILE], "")
    blank |= dict.fromkeys(["region", "industry", "staff_count", "park", "above_scale"])
    return blank | {"name_zh": "温州阀门有限公司", "credit_code": CODES[0]} | changes


def test_the_register_holds_the_region_and_the_members_and_nobody_else(
    consortium: Consortium, client: Client
) -> None:
    make_organisation(name_zh="本地厂", region=consortium.region)
    make_membership(consortium, make_organisation(name_zh="外地会员"))
    make_organisation(name_zh="外地厂")
    page = client.get(index(consortium), HTTP_ACCEPT_LANGUAGE="zh-hans").text
    assert "本地厂" in page and "外地会员" in page and "外地厂" not in page


def test_it_is_searched_by_name_code_and_product(consortium: Consortium, client: Client) -> None:
    rows = [
        row(name_zh="温州阀门有限公司", region=consortium.region, products_zh="球阀、闸阀"),
        row(name_zh="龙湾鞋业有限公司", region=consortium.region, credit_code=CODES[1]),
    ]
    services.enter_enterprises(rows, consortium=consortium, by=make_secretary(consortium))
    found = {
        words: client.get(index(consortium), {"q": words}, HTTP_ACCEPT_LANGUAGE="zh-hans").text
        for words in ("阀门", "球阀", CODES[1])
    }
    assert "温州阀门" in found["阀门"] and "龙湾鞋业" not in found["阀门"]
    assert "温州阀门" in found["球阀"] and "龙湾鞋业" not in found["球阀"]
    assert "龙湾鞋业" in found[CODES[1]]


def test_facets_count_and_lead_to_what_they_count(consortium: Consortium, client: Client) -> None:
    for scale, count in (("large", 2), ("small", 1)):
        for _number in range(count):
            make_organisation(region=consortium.region, scale=scale)
    page = client.get(index(consortium))
    assert "Large 2" in page.text and "?scale=large" in page.text
    narrowed = client.get(index(consortium), {"scale": "large"})
    assert narrowed.context["listing"].total == 2


def test_a_known_firm_is_brought_up_to_date_and_empty_cells_leave_what_is_there(
    consortium: Consortium,
) -> None:
    secretary = make_secretary(consortium)
    there = make_organisation(credit_code=CODES[0], address="老地址", staff_count=10)
    rows = [row(staff_count=90, products_zh="球阀"), row(name_zh="新厂", credit_code=CODES[1])]
    assert services.enter_enterprises(rows, consortium=consortium, by=secretary) == (1, 1)
    there.refresh_from_db()
    assert (there.name_zh, there.address, there.staff_count) == ("温州阀门有限公司", "老地址", 90)
    assert Profile.objects.get(organisation=there).products_zh == "球阀"
    services.enter_enterprises([row()], consortium=consortium, by=secretary)
    assert Profile.objects.get(organisation=there).products_zh == "球阀"


def test_what_contradicts_the_directory_is_told_row_by_row(consortium: Consortium) -> None:
    make_organisation(name_zh="同名厂", credit_code=CODES[1])
    make_organisation("college", credit_code=CODES[0])
    rows = [row(name_zh="同名厂"), row(name_zh="另一厂"), row(name_zh="另一厂")]
    numbered = [Row(number, data) for number, data in enumerate(rows, start=2)]
    found = [
        (number, field) for number, field, _message in Enterprises().check(numbered, consortium)
    ]
    assert (2, "credit_code") in found and (4, "name_zh") in found


def test_only_the_secretariat_imports(consortium: Consortium) -> None:
    address = reverse("sheets:import", args=["enterprises.register", consortium.slug])
    assert signed_in(make_secretary(consortium)).get(address).status_code == 200
    for user in (make_user(), make_secretary(make_consortium())):
        assert signed_in(user).get(address).status_code == 404
        assert "Import the register" not in signed_in(user).get(index(consortium)).text


def test_who_says_what_a_firm_makes(consortium: Consortium) -> None:
    firm = make_organisation(region=consortium.region)
    address = reverse("enterprises:profile_edit", args=[consortium, firm.pk])
    secretary = make_secretary(consortium)
    assert signed_in(secretary).get(address).status_code == 200, "nobody manages it yet"
    manager = make_staff(firm, Role.Kind.MANAGER)
    assert signed_in(secretary).get(address).status_code == 403
    assert signed_in(make_user()).get(address).status_code == 403
    signed_in(manager).post(address, {"products_zh": "激光器", "products_en": "Lasers"})
    assert "Lasers" in Client().get(firm.get_absolute_url()).text
    long = signed_in(manager).post(address, {"products_zh": "长" * 501})
    assert "at most 500" in long.text and "长" * 501 in long.text


def test_a_firm_of_elsewhere_is_not_in_this_register(consortium: Consortium) -> None:
    elsewhere = make_organisation()
    address = reverse("enterprises:profile_edit", args=[consortium, elsewhere.pk])
    assert signed_in(make_secretary(consortium)).get(address).status_code == 404


def test_the_list_takes_the_same_queries_however_long(
    consortium: Consortium, client: Client
) -> None:
    make_organisation(region=consortium.region)
    client.get(index(consortium))
    counts = []
    for more in (1, 29):
        for _number in range(more):
            make_organisation(region=consortium.region)
        with CaptureQueriesContext(connection) as found:
            assert client.get(index(consortium)).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert Organisation.objects.count() >= 31
