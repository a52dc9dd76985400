import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from silian.governance.bodies.tests.factories import make_appointment, make_body
from silian.governance.bodykinds.fields import unanswered, worded
from silian.governance.bodykinds.models import Grade, Kind, Role
from silian.governance.bodykinds.services import ship_kinds
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
)
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db

NINE = """expert_committee specialty_committee field_engineers practice_centre craftsmen
    industry_college phd_station teacher_station master_studio""".split()


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def typed(**changes: object) -> dict[str, object]:
    """A form for a kind of one's own, as a browser sends it."""
    facts: dict[str, object] = {
        "name_zh": "产教融合实验室",
        "purpose_zh": "共同研究",
        "hosts": ["enterprise"],
        "term_years": 2,
        "warning_days": 60,
        "appraise_every": 1,
        "failures_to_end": 2,
        "is_open": "on",
    }
    rows = {
        "roles": [{"name_zh": "主任", "sole": "on"}, {"name_zh": "成员"}],
        "fields": [
            {"label_zh": "研究方向", "type": "text", "required": "on"},
            {"label_zh": "类型", "type": "choice", "choices": "基础 | Basic\n应用 | Applied"},
        ],
        "grades": [{"name_zh": "通过"}, {"name_zh": "不通过", "failing": "on"}],
    }
    for name, filled in rows.items():
        facts |= {f"{name}-TOTAL_FORMS": len(filled), f"{name}-INITIAL_FORMS": 0}
        for number, row in enumerate(filled):
            facts |= {f"{name}-{number}-{column}": value for column, value in row.items()}
    return facts | changes


def sent_again(kind: Kind, **changes: object) -> dict[str, object]:
    """The same form for a kind that is there, its rows with their keys."""
    facts = typed()
    for name in ("roles", "fields", "grades"):
        rows = list(getattr(kind, name).all())
        facts[f"{name}-INITIAL_FORMS"] = len(rows)
        facts |= {f"{name}-{number}-id": row.pk for number, row in enumerate(rows)}
    return facts | changes


def new(consortium: Consortium) -> str:
    return reverse("bodykinds:kind_new", args=[consortium])


def made(secretary: Client, consortium: Consortium) -> Kind:
    secretary.post(new(consortium), typed())
    return Kind.objects.get(consortium=consortium)


def test_nine_kinds_ship_and_each_can_be_hosted_staffed_and_appraised() -> None:
    shipped = {kind.code: kind for kind in Kind.objects.filter(consortium=None)}
    assert sorted(shipped) == sorted(NINE)
    for kind in shipped.values():
        assert kind.name_en and kind.purpose_zh and kind.purpose_en and kind.source
        assert kind.roles.filter(sole=True).exists()
        assert list(kind.grades.values_list("name_zh", flat=True)) == ["优秀", "合格", "不合格"]
        assert kind.fields.filter(required=True).exists()
        assert all(label for label in kind.fields.values_list("label_en", flat=True))


def test_shipping_again_changes_nothing() -> None:
    before = (Kind.objects.count(), Role.objects.count(), Grade.objects.count())
    Kind.objects.filter(code="phd_station").update(term_years=9)
    ship_kinds()
    assert (Kind.objects.count(), Role.objects.count(), Grade.objects.count()) == before
    assert Kind.objects.get(code="phd_station").term_years == 3


def test_a_phd_station_is_hosted_by_a_firm_and_asks_for_its_team() -> None:
    kind = Kind.objects.get(code="phd_station")
    assert kind.takes(make_organisation("enterprise"))
    assert not kind.takes(make_organisation("college"))
    assert set(unanswered(kind, {"team": "王博士"})) == {"answer_agreement_years", "answer_topics"}


def test_answers_are_worded_and_only_some_are_public() -> None:
    kind = Kind.objects.get(code="practice_centre")
    answers = {
        "type": "公共实践中心",
        "functions": ["实践教学", "技术服务"],
        "equipment_value": "12000",
    }
    with translation.override("en"):
        assert worded(kind, answers, public=True) == [
            ("Type of centre", "Public centre"),
            ("What it serves for", "Practical teaching、Technical service"),
        ]
        assert ("Value of equipment (yuan)", "CN¥12,000") in worded(kind, answers, public=False)
    with translation.override("zh-hans"):
        assert worded(kind, answers, public=True)[0] == ("中心类型", "公共实践中心")


def test_anybody_reads_the_kinds(client: Client, consortium: Consortium) -> None:
    page = client.get(reverse("bodykinds:kind_index", args=[consortium]))
    assert "PhD innovation station" in page.text
    assert "Add a kind" not in page.text
    page = client.get(reverse("bodykinds:kind_detail", args=[consortium, "phd_station"]))
    assert "Head of station" in page.text
    assert "Topics of research" in page.text


def test_a_consortium_adds_a_kind_of_its_own(secretary: Client, consortium: Consortium) -> None:
    kind = made(secretary, consortium)
    assert kind.code == f"{consortium.slug}-1"
    assert [(role.name_zh, role.sole) for role in kind.roles.all()] == [
        ("主任", True),
        ("成员", False),
    ]
    first, second = kind.fields.all()
    assert (first.code, first.required) == ("q1", True)
    assert second.options == [("基础", "Basic"), ("应用", "Applied")]
    assert [grade.failing for grade in kind.grades.all()] == [False, True]
    assert Entry.objects.about(kind).filter(action="Kind added").exists()
    other = make_consortium()
    answer = secretary.get(reverse("bodykinds:kind_detail", args=[other, kind.code]))
    assert answer.status_code == 404


def test_a_kind_can_be_made_after_the_model_of_another(
    secretary: Client, consortium: Consortium
) -> None:
    page = secretary.get(new(consortium), {"like": "master_studio"})
    assert "首席技师" in page.text
    assert "领衔大师" in page.text
    assert 'value="技能大师工作室"' not in page.text  # its name is to be given


def test_mistakes_stand_beside_what_was_typed(secretary: Client, consortium: Consortium) -> None:
    wrong = {"name_zh": "博士创新站", "fields-1-choices": "只有一个", "grades-0-failing": "on"}
    page = secretary.post(new(consortium), typed(**wrong))
    assert "There is a kind of this name already." in page.text
    assert "Name at least two choices." in page.text
    assert "one of which means that it passed" in page.text
    assert "研究方向" in page.text
    assert not Kind.objects.filter(consortium=consortium).exists()


def test_what_bodies_use_is_not_taken_away(secretary: Client, consortium: Consortium) -> None:
    kind = made(secretary, consortium)
    body = make_body(consortium, kind.code, answers={"q1": "电池"})
    make_appointment(body, role=kind.roles.get(name_zh="成员"))
    edit = reverse("bodykinds:kind_edit", args=[consortium, kind.code])

    page = secretary.post(edit, sent_again(kind, **{"fields-0-DELETE": "on"}))
    assert "Bodies use this already: 研究方向" in page.text
    page = secretary.post(edit, sent_again(kind, **{"roles-1-DELETE": "on"}))
    assert "Bodies use this already: 成员" in page.text
    assert kind.fields.count() == kind.roles.count() == 2

    secretary.post(edit, sent_again(kind, **{"fields-1-DELETE": "on", "term_years": 5}))
    kind.refresh_from_db()
    assert (kind.term_years, kind.fields.count()) == (5, 1)


def test_nobody_else_adds_or_changes_kinds(secretary: Client, consortium: Consortium) -> None:
    kind = made(secretary, consortium)
    edit = reverse("bodykinds:kind_edit", args=[consortium, kind.code])
    shipped = reverse("bodykinds:kind_edit", args=[consortium, "phd_station"])
    answer = secretary.post(shipped, typed())
    assert answer.status_code == 403
    assert "This kind ships with Silian" in answer.text
    for user in (make_user(), make_secretary(make_consortium())):
        client = Client()
        client.force_login(user)
        assert client.post(new(consortium), typed()).status_code == 403
        assert client.post(edit, typed()).status_code == 403
    assert Kind.objects.filter(consortium=consortium).count() == 1


def test_the_database_keeps_terms_and_names() -> None:
    for wrong in ({"term_years": 0}, {"appraise_every": 0}, {"failures_to_end": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Kind.objects.create(code="x", name_zh="某", purpose_zh="某", **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Kind.objects.create(code="y", name_zh="博士创新站", purpose_zh="某")
