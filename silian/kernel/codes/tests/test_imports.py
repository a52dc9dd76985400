import pytest
from django.core.management import CommandError, call_command

from silian.kernel.codes import services
from silian.kernel.codes.imports import BadList, Origin, import_list, load_shipped, read
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.codes.tests.factories import make_code

pytestmark = pytest.mark.django_db
ORIGIN = Origin("试验", "test", "none")
VALVES = "code,parent,name_zh,name_en\nC,,制造业,Manufacturing\n34,C,通用设备制造业,Machinery\n"


def bring_in(text: str, kind: str = "industry", version: str = "2017") -> CodeList:
    return import_list(kind, version, text.encode(), ORIGIN)


def test_a_code_of_a_former_version_stays_and_the_new_version_is_used() -> None:
    bring_in("code,name_zh\n510102,种子生产与经营\n", "programme", "2015")
    bring_in("code,name_zh\n510102,物联网应用技术\n", "programme", "2021")
    assert services.find("programme", "510102").name_zh == "物联网应用技术"
    assert services.find("programme", "510102", "2015").name_zh == "种子生产与经营"
    assert CodeList.objects.get(current=True).version == "2021"


def test_a_second_file_of_one_version_adds_and_renames_but_never_deletes() -> None:
    first = bring_in(VALVES)
    kept = services.find("industry", "34").pk
    second = bring_in("code,parent,name_zh\nC,,制造业\n35,C,专用设备制造业\n34,C,通用设备\n")
    assert second.pk == first.pk
    assert services.find("industry", "34").pk == kept
    assert services.find("industry", "34").full_name_zh == "制造业 / 通用设备"
    bring_in("code,name_zh\nC,制造业\n")
    assert services.find("industry", "35").name_zh == "专用设备制造业"


def test_a_list_somebody_imported_is_not_overwritten_by_the_shipped_one() -> None:
    bring_in(VALVES)
    load_shipped()
    assert services.find("industry", "34").name_en == "Machinery"
    assert not Code.objects.current("industry").filter(code="35").exists()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "columns code and name_zh"),
        ("code;name\n1;2\n", "columns code and name_zh"),
        ("code,name_zh\n1,\n", "Row 2: name_zh is empty."),
        ("code,name_zh\n1,a\n1,b\n", "Row 2: 1 stands there twice."),
        ("code,name_zh,parent\n1,a,9\n", "Row 2: parent 9 is missing."),
        ("code,name_zh,parent\n1,a,2\n2,b,1\n", "Row 2: 1 has more than 3 parents."),
        ("code,name_zh,level\n1,a,top\n", "Row 2: level top is not a number."),
    ],
)
def test_a_bad_file_is_refused_with_the_row_and_the_reason(text: str, fault: str) -> None:
    with pytest.raises(BadList, match=fault):
        read(text.encode())
    assert not CodeList.objects.exists()


def test_the_command_imports_a_file_and_explains_a_bad_one(tmp_path, capsys) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("\ufeff" + VALVES, encoding="utf-8")
    bad.write_bytes("code,name_zh\n1,制造业\n".encode("gbk"))
    origin = ["--source", "NBS", "--licence", "official document"]
    call_command("import_codes", "industry", "2017", str(good), *origin)
    assert "industry 2017: 2 codes" in capsys.readouterr().out
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("import_codes", "industry", "2017", str(bad), *origin)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_codes", "industry", "2017", str(tmp_path / "none"), *origin)


def test_what_lies_under_a_region_is_found_at_every_depth() -> None:
    province = make_code("region", "330000")
    city = make_code("region", "330300", province)
    county = make_code("region", "330303", city)
    elsewhere = make_code("region", "500000")
    assert set(services.under(province)) == {province, city, county}
    assert elsewhere not in services.under(city)


def test_many_codes_are_looked_up_in_one_query(django_assert_num_queries) -> None:
    made = [make_code(code=f"1-{n}") for n in range(30)]
    with django_assert_num_queries(1):
        found = services.by_code("occupation", [code.code for code in made] + ["none"])
    assert len(found) == 30
