"""Searched here are people: any indexed model would do, and the kernel has this one."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import Code
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.search import services, tasks
from silian.kernel.search.models import Document

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def visible_people(user: User | AnonymousUser) -> models.QuerySet[User]:
    """Everybody sees those whose language is English, and each person themselves."""
    mine = models.Q(pk=user.pk) if user.pk else models.Q(pk=0)
    return User.objects.filter(models.Q(language="en") | mine).select_related(None).distinct()


@pytest.fixture(autouse=True)
def two_kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """People and codes can be found, and nothing else."""
    monkeypatch.setattr(services, "kinds", {})
    monkeypatch.setattr(User, "get_absolute_url", lambda p: f"/people/{p.pk}/", raising=False)
    monkeypatch.setattr(Code, "get_absolute_url", lambda c: f"/codes/{c.code}/", raising=False)
    services.index(User, visible=visible_people, text=lambda p: [p.email, None], name="people")
    services.index(Code, visible=lambda _: Code.objects.all(), text=lambda c: [], name="codes")
    yield
    for model in (User, Code):
        for signal in (models.signals.post_save, models.signals.post_delete):
            signal.disconnect(sender=model, dispatch_uid="search")


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def person(name: str, language: str = "en", **fields: str) -> User:
    return make_user(name=name, language=language, **fields)


def titles(words: str, user: User | AnonymousUser = NOBODY, **options: str) -> list[str]:
    found = services.find(user, words, **options)
    return [hit.title.replace("<mark>", "").replace("</mark>", "") for hit in found[:100]]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("亿工(天津)医疗新技术有限公司", "医疗"),
        ("亿工(天津)医疗新技术有限公司", "亿工"),
        ("亿工(天津)医疗新技术有限公司", "亿工医疗"),
        ("济南市明水经济技术开发区", "明水"),
        ("济南市明水经济技术开发区", "开发区 济南"),
        ("温州湾新区产教联合体", "温州湾"),
        ("温州湾新区产教联合体", "温"),
        ("Chongqing Pharmacy College", "pharmacy"),
        ("Chongqing Pharmacy College", "COLLEGE chong"),
        ("Node.js 4754", "4754"),
    ],
)
def test_a_name_is_found_by_any_word_of_it(after_commit, name: str, words: str) -> None:
    with after_commit():
        person(name)
    assert titles(words) == [name]


def test_all_words_are_asked_for_and_a_word_that_is_not_there_finds_nothing(after_commit) -> None:
    with after_commit():
        person("重庆医药高等专科学校")
    assert titles("医药 学校") == ["重庆医药高等专科学校"]
    assert titles("医药 温州") == []
    assert titles("庆医 zzz") == []


def test_the_text_of_an_object_is_searched_after_its_name(after_commit) -> None:
    with after_commit():
        person("Somebody", email="valve@example.org")
        person("Valve Works")
    assert titles("valve") == ["Valve Works", "Somebody"]


def test_what_one_may_not_see_is_neither_shown_nor_counted(after_commit) -> None:
    with after_commit():
        person("龙湾阀门厂")
        hidden = person("龙湾阀门学校", language="zh-hans")
    assert titles("阀门") == ["龙湾阀门厂"]
    assert services.find(NOBODY, "阀门").total == 1
    assert services.find(NOBODY, "阀门学校").facets == []
    assert set(titles("阀门", hidden)) == {"龙湾阀门厂", "龙湾阀门学校"}


def test_what_became_invisible_is_hidden_before_the_index_hears_of_it(after_commit) -> None:
    with after_commit():
        found = person("龙湾阀门厂")
    User.objects.filter(pk=found.pk).update(language="zh-hans")
    assert titles("阀门") == []


def test_counts_by_kind_and_one_kind_alone(after_commit) -> None:
    with after_commit():
        person("阀门大师")
        make_code("industry", "3443", name_zh="阀门和旋塞制造", name_en="")
    found = services.find(NOBODY, "阀门", kind="codes.Code")
    assert {facet.kind: facet.count for facet in found.facets} == {
        "accounts.User": 1,
        "codes.Code": 1,
    }
    assert (found.total, titles("阀门", kind="codes.Code")) == (1, ["3443 阀门和旋塞制造"])
    assert services.find(NOBODY, "阀门", kind="no.Such").total == 2


def test_the_index_follows_changes_and_forgets_what_is_gone(after_commit) -> None:
    with after_commit():
        changing = person("旧名称")
    with after_commit():
        changing.name = "新称呼"
        changing.save()
    assert (titles("旧名"), titles("新称呼")) == ([], ["新称呼"])
    changing.delete()
    assert titles("新称呼") == []
    assert not Document.objects.filter(kind="accounts.User", object=changing.pk).exists()


def test_what_was_rolled_back_is_not_indexed(after_commit) -> None:
    with after_commit(), pytest.raises(RuntimeError), transaction.atomic():
        person("不存在的人")
        raise RuntimeError
    assert titles("不存在") == []


def test_rows_inserted_in_bulk_are_found_after_reindexing(capsys) -> None:
    User.objects.bulk_create(
        User(username=f"bulk{n}", name=f"批量{n}号", language="en") for n in range(5)
    )
    assert titles("批量") == []
    call_command("reindex", "accounts.User")
    assert "accounts.User: " in capsys.readouterr().out
    assert len(titles("批量")) == 5
    User.objects.filter(username="bulk0")._raw_delete("default")
    call_command("reindex")
    assert len(titles("批量")) == 4
    assert Document.objects.filter(title_zh="批量0号").count() == 0
    with pytest.raises(CommandError, match="not indexed"):
        call_command("reindex", "no.Such")


def test_much_that_is_loaded_is_left_to_reindexing(after_commit) -> None:
    with after_commit(), services.left_to_reindex():
        person("Mei Li")
    with after_commit():
        person("Mei Wu")

    assert titles("Mei") == ["Mei Wu"]
    services.reindex(User)
    assert len(titles("Mei")) == 2


def test_a_model_without_a_page_cannot_be_indexed() -> None:
    with pytest.raises(ImproperlyConfigured, match="get_absolute_url"):
        services.index(Document, visible=lambda _: Document.objects.all(), text=lambda d: [])


@pytest.mark.parametrize(
    "words",
    ["' | 'a", "a:* & !b", "\\", "'; DROP TABLE x; --", "%", "_", "😀", "(((", "\x00", "a" * 5000],
)
def test_whatever_is_typed_is_only_words(client: Client, words: str) -> None:
    assert services.find(NOBODY, words).total == 0
    assert client.get("/search/", {"q": words, "page": "'", "in": "'"}).status_code == 200
    assert client.get("/search/suggest/", {"q": words}).status_code == 200


def test_thirty_hits_cost_no_more_queries_than_one(client: Client, after_commit) -> None:
    with after_commit():
        person("查询一号")
    one = queries(client, "/search/?q=查询")
    with after_commit():
        for n in range(29):
            person(f"查询{n}号")
            make_code(name_zh=f"查询条目{n}")
    assert queries(client, "/search/?q=查询") == one
    assert queries(client, "/search/suggest/?q=查询") <= one


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert "查询" in client.get(address).text
    return len(captured)


def test_the_page_shows_hits_with_their_kind_and_pages(client: Client, after_commit) -> None:
    with after_commit():
        for n in range(25):
            person(f"Valve maker {n}")
    page = client.get("/search/", {"q": "valve"}).text
    assert page.count("<mark>Valve</mark>") == 20
    assert "25 results" in page
    assert client.get("/search/", {"q": "valve", "page": 2}).text.count("<mark>Valve</mark>") == 5
    suggested = client.get("/search/suggest/", {"q": "val"}).text
    assert suggested.count("dropdown-item") == 7
    assert "Show all 25 results" in suggested


def test_a_name_with_markup_is_shown_as_text(client: Client, after_commit) -> None:
    with after_commit():
        person("<script>alert(1)</script> valve")
    page = client.get("/search/", {"q": "valve script"}).text
    assert "<script>alert" not in page
    assert "&lt;<mark>script</mark>&gt;" in page


@pytest.mark.parametrize(
    ("words", "language", "message"),
    [
        ("", "en", "Type two characters or more"),
        ("zzzz", "en", "Nothing found."),
        ("zzzz", "zh-hans", "没有找到"),
    ],
)
def test_an_empty_page_says_what_to_do(client: Client, words, language, message) -> None:
    page = client.get("/search/", {"q": words}, HTTP_ACCEPT_LANGUAGE=language)
    assert message in page.text


def test_every_night_the_whole_index_is_written_anew() -> None:
    person("一夜之后")
    Document.objects.all().delete()
    tasks.reindex_everything(timestamp=0)
    assert titles("一夜") == ["一夜之后"]
