import csv
import hashlib
import time

import pytest

from silian.kernel.codes import services
from silian.kernel.codes.imports import SHIPPED, load_shipped, shipped
from silian.kernel.codes.models import Code, CodeList

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shipped_lists(django_db_setup, django_db_blocker):
    """All shipped lists, loaded once for the tests of this module and taken away again."""
    with django_db_blocker.unblock():
        started = time.perf_counter()
        load_shipped()
        seconds = time.perf_counter() - started
    yield seconds
    with django_db_blocker.unblock():
        Code.objects.update(parent=None)
        Code.objects.all().delete()
        CodeList.objects.all().delete()


def test_each_shipped_file_is_the_one_its_source_entry_describes() -> None:
    for entry in shipped():
        content = (SHIPPED / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
        assert entry["source_zh"] and entry["source_en"] and entry["licence"]


def test_all_shipped_lists_load_in_seconds_and_only_once(shipped_lists: float) -> None:
    assert shipped_lists < 5
    assert load_shipped() == []
    assert set(CodeList.objects.values_list("kind", flat=True)) == set(CodeList.Kind.values)


def test_a_county_knows_its_city_and_province(shipped_lists: float) -> None:
    longwan = services.region("330303")
    assert longwan.full_name_zh == "浙江省温州市龙湾区"
    assert longwan.full_name_en == "Longwan District, Wenzhou, Zhejiang"
    assert longwan.level == 3
    assert services.region("500113").full_name_zh == "重庆市巴南区"  # no 市辖区 between
    assert services.region("710000").name_zh == "台湾省"


def test_occupations_have_clean_names_and_levels_of_their_own(shipped_lists: float) -> None:
    preparation = services.find("occupation", "6-12-03-00")
    assert (preparation.name_zh, preparation.level) == ("药物制剂工", 4)  # in spite of its zeros
    assert preparation.parent.code == "6-12-00-00"
    programmer = services.find("occupation", "4-04-05-01")
    assert (programmer.name_zh, programmer.marks) == ("计算机程序设计员", "S")
    names = Code.objects.current("occupation").values_list("name_zh", flat=True)
    assert not [name for name in names if name[-1] in "LS/" or " " in name]


def test_the_standard_of_industries_has_20_sections_and_97_divisions(shipped_lists: float) -> None:
    levels = list(Code.objects.current("industry").values_list("level", flat=True))
    assert (levels.count(1), levels.count(2)) == (20, 97)
    assert services.find("industry", "7263").full_name_zh.startswith("租赁和商务服务业 / ")


def test_a_programme_code_says_its_level_and_category(shipped_lists: float) -> None:
    robots = services.find("programme", "460305")
    assert robots.full_name_zh == "装备制造大类（高职专科） / 自动化类 / 工业机器人技术"
    tops = Code.objects.current("programme").filter(level=1).values_list("code", flat=True)
    assert sorted(map(int, tops)) == [*range(21, 40), *range(41, 60), *range(61, 80)]


def test_searching_the_occupations_takes_under_50_milliseconds(shipped_lists: float) -> None:
    services.search("occupation", "warm up")
    started = time.perf_counter()
    found = services.search("occupation", "制药", min_level=4)
    assert time.perf_counter() - started < 0.05
    assert "制药工程技术人员" in [code.name_zh for code in found]


@pytest.mark.parametrize(
    ("kind", "words", "first"),
    [
        ("region", "330303", "330303"),
        ("region", "温州", "330300"),
        ("region", "温州 龙湾", "330303"),
        ("region", "longwan", "330303"),
        ("industry", "C2720", "2720"),
        ("industry", "阀门", "3443"),
        ("occupation", "电工", "6-31-01-03"),
        ("programme", "工业机器人技术", "460305"),
    ],
)
def test_the_likeliest_comes_first(shipped_lists: float, kind: str, words: str, first: str) -> None:
    assert services.search(kind, words)[0].code == first


def test_a_wildcard_is_a_character_like_any_other(shipped_lists: float) -> None:
    assert services.search("region", "%") == []
    assert services.search("region", "_") == []


def test_the_shipped_files_have_the_columns_the_importer_reads() -> None:
    for entry in shipped():
        with (SHIPPED / entry["file"]).open(encoding="utf-8", newline="") as lines:
            assert set(next(csv.reader(lines))) >= {"code", "parent", "level", "name_zh", "name_en"}
