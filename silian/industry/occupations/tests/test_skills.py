import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.industry.demand.models import SkillNeed
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations import services
from silian.industry.occupations.imports import Skills
from silian.industry.occupations.models import Skill, Synonym, Term
from silian.industry.occupations.tests.factories import make_skill
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
HOME = "/codes/skills/"


def row(number: int, name: str, english: str = "", *synonyms: str) -> Row:
    facts = {"name_zh": name, "name_en": english, "kind": "skill"}
    return Row(number, facts | {"synonyms": list(synonyms), "occupations": []})


def test_the_vocabulary_is_public_and_counts_demand(client: Client) -> None:
    skill = make_skill("电焊", name_en="Welding", synonyms="焊条电弧焊")
    SkillNeed.objects.create(position=make_position(), skill=skill)
    SkillNeed.objects.create(position=make_position(state="draft"), skill=skill)
    for words in ("weld", "电弧"):
        page = client.get(f"{HOME}?q={words}")
        (found,) = page.context["listing"].current
        assert found.record.asked == 1
    assert "Import" not in page.text
    assert not list(client.get(f"{HOME}?kind=tool").context["listing"].current)


def test_the_list_costs_the_same_for_one_and_for_thirty(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(HOME)
        return len(seen)

    def add() -> None:
        make_skill(synonyms=f"词{Synonym.objects.count()}").occupations.add(make_code())

    add()
    one = queries()
    for _number in range(29):
        add()
    assert queries() == one


def test_secretariats_keep_it_and_nobody_else(client: Client) -> None:
    skill, other = make_skill("钎焊"), make_skill("气焊")
    client.force_login(make_user())
    for page in ("new/", f"{skill.pk}/edit/", f"{skill.pk}/merge/"):
        assert client.get(HOME + page).status_code == 403
    assert client.post(f"{HOME}{skill.pk}/merge/", {"into": other.pk}).status_code == 403
    client.force_login(make_secretary(make_consortium()))
    facts = {"name_zh": "电焊", "kind": "skill", "synonyms": "弧焊\narc welding"}
    client.post(f"{HOME}new/", facts)
    skill = Skill.objects.get(name_zh="电焊")
    assert {s.text for s in skill.synonyms.all()} == {"弧焊", "arc welding"}
    client.post(f"{HOME}{skill.pk}/edit/", {"name_zh": "焊接", "kind": "tool", "synonyms": "弧焊"})
    skill.refresh_from_db()
    assert (skill.name_zh, skill.synonyms.count()) == ("焊接", 1)
    twice = client.post(f"{HOME}new/", {"name_zh": "弧 焊", "kind": "skill", "about_zh": "留着"})
    assert "already means the skill" in twice.text and "留着" in twice.text


def test_the_record_keeps_what_a_skill_was() -> None:
    skill, code = make_skill("电焊", synonyms="弧焊"), make_code(code="6-18-02-04")
    skill.name_zh = "焊接"
    services.save_skill(skill, synonyms=["弧焊", "电焊"], occupations=[code], by=make_user())
    entry = Entry.objects.about(skill)[0]
    assert entry.detail["name in Chinese"] == "电焊 → 焊接"
    assert entry.detail["synonyms"] == "弧焊 → 弧焊、电焊"
    assert entry.detail["occupations"] == " → 6-18-02-04"
    services.save_skill(skill, by=make_user())
    assert Entry.objects.about(skill).count() == 1


@pytest.mark.parametrize("word", ["数控编程", "ＣＮＣ 编程", "cnc编程", "CNC Programming"])
def test_the_database_gives_a_word_one_meaning(word: str) -> None:
    make_skill("数控编程", name_en="CNC programming", synonyms="CNC编程")
    other = make_skill("车削")
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonym.objects.create(skill=other, text=word)
    with pytest.raises(IntegrityError), transaction.atomic():
        Skill.objects.filter(pk=other.pk).update(name_en=word)
    with pytest.raises(IntegrityError), transaction.atomic():
        Skill.objects.bulk_create([Skill(name_zh=f"{word}　")])
    assert Skill.objects.named(word).get().name_zh == "数控编程"


def test_words_follow_their_skill() -> None:
    skill = make_skill("电焊", synonyms="弧焊 电焊条焊")
    skill.synonyms.get(text="弧焊").delete()
    Skill.objects.filter(pk=skill.pk).update(name_zh="焊接")
    assert set(Term.objects.values_list("word", flat=True)) == {"焊接", "电焊条焊"}
    skill.delete()
    assert not Term.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_merge_loses_nothing(client: Client) -> None:
    keeper, double = make_skill("焊接", synonyms="电焊"), make_skill("焊接技术", synonyms="弧焊")
    double.occupations.add(make_code())
    both, only = make_position(), make_position()
    SkillNeed.objects.create(position=both, skill=keeper, level=1)
    SkillNeed.objects.create(position=both, skill=double, level=3)
    SkillNeed.objects.create(position=only, skill=double, level=2)
    client.force_login(make_secretary(make_consortium()))
    client.post(f"{HOME}{double.pk}/merge/", {"into": keeper.pk})

    assert [need.level for need in both.skill_needs.all()] == [3]
    assert only.skill_needs.get().skill == keeper
    assert {s.text for s in keeper.synonyms.all()} == {"电焊", "焊接技术", "弧焊"}
    assert keeper.occupations.count() == 1
    assert client.get(f"{HOME}{double.pk}/").url == keeper.get_absolute_url()
    assert "焊接技术" in client.get(keeper.get_absolute_url()).text


def test_a_merge_that_fails_changes_nothing() -> None:
    keeper = make_skill("焊接")
    with pytest.raises(ValidationError):
        services.merge_skill(keeper, into=keeper, by=make_user())
    gone = make_skill("弧焊")
    Skill.objects.filter(pk=gone.pk).delete()
    with pytest.raises(ValidationError):
        services.merge_skill(gone, into=keeper, by=make_user())
    assert Skill.objects.get() == keeper


def test_a_skill_in_use_is_not_removed() -> None:
    skill = make_skill()
    need = SkillNeed.objects.create(position=make_position(), skill=skill)
    with pytest.raises(ValidationError):
        services.remove_skill(skill, by=make_user())
    need.delete()
    services.remove_skill(skill, by=make_user())
    assert not Skill.objects.exists()


def test_a_sheet_adds_and_updates() -> None:
    make_skill("电焊", synonyms="弧焊")
    sheet = Skills()
    rows = [row(2, "电焊", "Welding"), row(3, "车削", "", "车工")]
    assert not list(sheet.check(rows, "all"))
    assert not sheet.permitted(make_user(), "all")
    assert sheet.save(rows, "all", by=make_user(), progress=lambda done: None) == 2
    welding = Skill.objects.get(name_zh="电焊")
    assert (welding.name_en, welding.synonyms.count()) == ("Welding", 1)
    assert Skill.objects.named("车工").get().name_zh == "车削"


def test_a_sheet_says_where_a_word_has_two_meanings() -> None:
    make_skill("电焊", synonyms="弧焊")
    rows = [row(2, "车削", "", "车工"), row(3, "车 工"), row(4, "钎焊", "", "弧焊")]
    found = [(number, field) for number, field, _message in Skills().check(rows, "all")]
    assert found == [(3, "name_zh"), (4, "synonyms")]


def test_the_export_is_what_the_import_reads(client: Client) -> None:
    make_skill("电焊", synonyms="弧焊 手弧焊").occupations.add(make_code(code="6-18-02-04"))
    text = client.get(f"{HOME}?export=csv").content.decode("utf-8-sig")
    header, line = text.lower().splitlines()
    columns = ["name in chinese", "name in english", "kind", "synonyms", "occupations"]
    assert header.split(",")[:5] == columns
    assert "弧焊、手弧焊" in line and "6-18-02-04" in line
