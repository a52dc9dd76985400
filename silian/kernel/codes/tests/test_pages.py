import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code, make_list

pytestmark = pytest.mark.django_db


def test_anybody_reads_which_lists_there_are_and_where_they_come_from(client: Client) -> None:
    make_code("region", "330000", name_zh="浙江省")
    CodeList.objects.update(source_en="National Bureau of Statistics", licence="MIT")
    for _visitor in ("anonymous", "signed in"):
        page = client.get("/codes/")
        assert "National Bureau of Statistics" in page.text
        assert "MIT" in page.text
        client.force_login(make_user())


def test_an_installation_without_lists_says_how_to_load_them(client: Client) -> None:
    assert "load_codes" in client.get("/codes/").text


def test_one_walks_down_the_tree_and_up_again(client: Client) -> None:
    province = make_code("region", "330000", name_zh="浙江省", name_en="Zhejiang")
    make_code("region", "330300", province, name_zh="温州市", name_en="Wenzhou")
    top = client.get("/codes/region/2022/").text
    assert "Zhejiang" in top
    assert "Wenzhou" not in top
    below = client.get("/codes/region/2022/330000/").text
    assert '/codes/region/2022/330300/"' in below
    assert '/codes/region/2022/330000/"' in client.get("/codes/region/2022/330300/").text


def test_a_former_version_can_still_be_read_and_searched(client: Client) -> None:
    make_code("programme", "510102", name_zh="种子生产与经营", name_en="Seed production")
    make_list("programme", "2030")
    make_code("programme", "510102", name_zh="物联网应用技术", name_en="Internet of things")
    former = client.get("/codes/programme/2022/", {"q": "seed"}).text
    assert "Seed production" in former
    assert "In use" not in former


@pytest.mark.parametrize(
    "address",
    ["/codes/none/2022/", "/codes/region/1999/", "/codes/region/2022/9/", "/codes/x/search"],
)
def test_what_does_not_exist_is_not_found(client: Client, address: str) -> None:
    make_list("region")
    assert client.get(address).status_code == 404


def test_a_field_is_offered_what_its_user_may_mean(client: Client) -> None:
    top = make_code(code="6", name_zh="生产制造人员")
    make_code(code="6-12-03-00", parent=top, name_zh="药物制剂工", name_en="Preparation worker")
    offers = client.get("/codes/occupation/search", {"q": "制剂"}).json()["results"]
    assert offers == [{"id": "6-12-03-00", "text": "Preparation worker · 6-12-03-00"}]
    assert client.get("/codes/occupation/search", {"q": " "}).json() == {"results": []}
    lower = client.get("/codes/occupation/search", {"q": "人员", "level": "2"}).json()["results"]
    assert [offer["id"] for offer in lower] == ["6-12-03-00"]
    assert client.get("/codes/occupation/search", {"q": "' OR 1=1 --", "level": "x"}).json() == {
        "results": []
    }


def test_a_long_list_costs_no_more_queries_than_a_short_one(client: Client) -> None:
    addresses = ["/codes/", "/codes/occupation/2022/", "/codes/occupation/2022/?q=entry"]
    addresses.append("/codes/occupation/search?q=entry")
    make_code()
    few = [queries(client, address) for address in addresses]
    for _ in range(29):
        make_code()
    assert [queries(client, address) for address in addresses] == few


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_page_reads_in_chinese(client: Client) -> None:
    make_code("region", "330000", name_zh="浙江省", name_en="Zhejiang")
    page = client.get("/codes/", HTTP_ACCEPT_LANGUAGE="zh-hans").text
    assert "官方代码" in page
    assert "在用" in page
