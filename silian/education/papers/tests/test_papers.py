from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.banks.models import Bank, Seat
from silian.education.formats.tests.test_formats import ALL
from silian.education.items.history import record_use
from silian.education.items.models import Version
from silian.education.items.tests.factories import make_bank, make_seat, make_version, occupation
from silian.education.papers import services
from silian.education.papers.assembly import TOLERANCE, assemble_paper, stock_of
from silian.education.papers.forming import frozen_form, key_of
from silian.education.papers.models import Blueprint, Form, Line, Paper, Section
from silian.education.papers.policy import approved_papers
from silian.education.papers.tests.factories import make_blueprint, make_items, make_paper
from silian.engines.scoring import score
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.industry.occupations.tests.factories import make_skill
from silian.kernel import clock
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
State, Part = Paper.State, Seat.Part


def index_of(bank: Bank) -> str:
    return f"/{bank.consortium.slug}/papers/"


def filled(bank: Bank, count: int = 4, **fields: Any) -> Paper:
    """A draft that adds up."""
    paper = make_paper(bank, total=count * 2, passing=count, **fields)
    versions = make_items(bank, count)
    services.add_versions(paper, versions, section="一", points=Decimal(2), by=paper.by)
    return paper


def test_a_paper_is_set_by_hand_adds_up_and_is_approved_by_a_second_person(client: Client) -> None:
    bank = make_bank()
    setter = make_seat(bank, Part.SETTER)
    versions = make_items(bank, 3)
    client.force_login(setter)
    typed = {
        "bank": bank.pk,
        "occupation": occupation().code,
        "title_zh": "数控三级理论",
        "level": "3",
        "minutes": 90,
        "total": 10,
        "passing": 12,
        "rule": "all",
    }
    text = client.post(f"{index_of(bank)}new/", typed).text
    assert "at most the points in all" in text and "数控三级理论" in text
    client.post(f"{index_of(bank)}new/", typed | {"passing": 6})
    paper = Paper.objects.get()
    page = paper.get_absolute_url()
    assert "comes to 0 points" in client.get(page).text
    ticked = {"version": [v.pk for v in versions], "section": "单项选择题", "points": "3"}
    client.post(f"{page}choose/", ticked)
    assert client.get(f"{page}choose/").context["listing"].total == 0
    client.post(f"{page}act/hand-in/")
    paper.refresh_from_db()
    assert paper.state == State.DRAFT  # 9 of 10 points
    first, second, _third = Line.objects.order_by("order")
    client.post(f"{page}lines/{first.pk}/points/", {"points": "4"})
    assert (
        "above 0"
        in client.post(f"{page}lines/{first.pk}/points/", {"points": "x"}, follow=True).text
    )
    client.post(f"{page}lines/{second.pk}/move/up/")
    assert Line.objects.order_by("order").values_list("pk", flat=True)[0] == second.pk
    client.post(f"{page}act/hand-in/")
    assert client.post(f"{page}act/approve/").status_code == 403
    assert client.post(f"{page}lines/{first.pk}/points/", {"points": "1"}).status_code == 403
    other = make_seat(bank, Part.REVIEWER)
    assert any("Approve the paper" in todo.label for todo in todos_of(other))
    client.force_login(other)
    client.post(f"{page}act/return/", {"reason": "题量不足"})
    client.force_login(setter)
    client.post(f"{page}act/hand-in/")
    client.force_login(other)
    client.post(f"{page}act/approve/")
    paper.refresh_from_db()
    assert (paper.state, paper.approved_by) == (State.APPROVED, other)
    assert list(approved_papers(bank.consortium)) == [paper]
    for kind in ("paper", "key"):
        answer = client.get(f"{page}forms/1/{kind}.pdf")
        assert answer.content.startswith(b"%PDF")
    assert client.get(f"{page}forms/2/paper.pdf").status_code == 404


def test_the_database_keeps_a_paper_that_was_handed_in() -> None:
    bank = make_bank()
    paper = filled(bank)
    wrong = make_paper(bank, total=7, passing=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=wrong.pk).update(state="review")
    services.hand_in(paper, by=paper.by)
    line = Line.objects.filter(form__paper=paper).first()
    assert line
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(points=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        line.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.objects.create(paper=paper, order=9, title_zh="加")
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.create(paper=paper, number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(total=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(approved_by=paper.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        paper.delete()
    with pytest.raises(IllegalMove):
        services.set_points(line, Decimal(1), by=paper.by)


def test_a_retired_item_keeps_a_paper_from_being_handed_in() -> None:
    bank = make_bank()
    paper = filled(bank)
    Version.objects.filter(paper_lines__form__paper=paper, item__number=1).update(state="retired")
    with pytest.raises(ValidationError, match="00001"):
        services.hand_in(paper, by=paper.by)


def test_nobody_without_a_seat_sees_a_paper(client: Client) -> None:
    bank = make_bank()
    paper = filled(bank)
    blueprint = make_blueprint(bank)
    page = paper.get_absolute_url()
    pages = [
        index_of(bank),
        page,
        f"{page}forms/1/key.pdf",
        f"{page}forms/1/paper.pdf",
        f"{page}choose/",
        f"{page}edit/",
        f"{index_of(bank)}new/",
        f"{index_of(bank)}blueprints/",
        f"{index_of(bank)}blueprints/new/",
        blueprint.get_absolute_url(),
        f"{blueprint.get_absolute_url()}assemble/",
        f"{index_of(bank)}?export=csv",
    ]
    member = make_membership(bank.consortium).organisation
    for stranger in (
        make_staff(member, Role.Kind.STUDENT),
        make_secretary(bank.consortium),
        make_seat(bank, Part.AUTHOR),  # writes items, but sets no papers
        make_secretary(make_consortium()),
    ):
        client.force_login(stranger)
        assert {client.get(address).status_code for address in pages} == {404}
    client.logout()
    assert {client.get(address).status_code for address in pages} == {302}
    client.force_login(paper.by)
    assert {client.get(address).status_code for address in pages} == {200}


def test_the_list_asks_the_same_number_of_queries(client: Client) -> None:
    bank = make_bank()
    setter = make_seat(bank, Part.SETTER)
    make_paper(bank, by=setter)
    client.force_login(setter)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(index_of(bank)).status_code == 200
        return len(found)

    queries()
    one = queries()
    for _n in range(29):
        make_paper(bank, by=setter)
    assert queries() == one
    assert client.get(f"{index_of(bank)}?q=三级&state=draft").context["listing"].total == 30


def test_a_blueprint_is_made_in_a_form_and_assembles_parallel_forms(client: Client) -> None:
    bank = make_bank()
    setter = make_seat(bank, Part.SETTER)
    skill = make_skill("编程")
    for difficulty in (1, 2, 3, 4, 5):
        make_items(bank, 6, difficulty=difficulty, skills=(skill,))
    make_items(bank, 6, asked=ALL["true"])
    client.force_login(setter)
    line = {
        "kind": "single",
        "skill": skill.pk,
        "easiest": 1,
        "hardest": 5,
        "count": 8,
        "points": 2,
    }
    other = {"kind": "truefalse", "skill": "", "easiest": 4, "hardest": 2, "count": 3, "points": 1}
    typed: dict[str, Any] = {
        "bank": bank.pk,
        "occupation": occupation().code,
        "title_zh": "三级细目表",
        "level": "3",
        "rested": 12,
        "cells-TOTAL_FORMS": 2,
        "cells-INITIAL_FORMS": 0,
    }
    typed |= {f"cells-0-{k}": v for k, v in line.items()}
    typed |= {f"cells-1-{k}": v for k, v in other.items()}
    assert "Not easier" in client.post(f"{index_of(bank)}blueprints/new/", typed).text
    typed |= {"cells-1-easiest": 1, "cells-1-hardest": 5}
    client.post(f"{index_of(bank)}blueprints/new/", typed)
    blueprint = Blueprint.objects.get()
    page = blueprint.get_absolute_url()
    assert "11 items, 19 points" in client.get(page).text
    typed["cells-INITIAL_FORMS"] = 2
    client.post(f"{page}edit/", typed | {"title_zh": "新细目表", "cells-1-DELETE": "on"})
    blueprint.refresh_from_db()
    assert (blueprint.title_zh, blueprint.cells.count()) == ("新细目表", 1)
    client.post(f"{page}edit/", typed | {"cells-INITIAL_FORMS": 1})
    about = {"title_zh": "A、B卷", "group": "一班", "variants": 2, "minutes": 60, "rule": "all"}
    client.post(f"{page}assemble/", about | {"passing": 11})
    paper = Paper.objects.get()
    assert paper.total == 19 and not services.faults(paper)
    one, two = paper.forms.all()
    items = [set(form.lines.values_list("version__item", flat=True)) for form in (one, two)]
    assert len(items[0]) == len(items[1]) == 11 and not items[0] & items[1]
    assert abs(one.difficulty - two.difficulty) <= TOLERANCE
    assert [section.title_en for section in paper.sections.all()] == [
        "Single choice",
        "True or false",
    ]
    assert client.get(f"{paper.get_absolute_url()}forms/2/").status_code == 200
    assert client.get(f"{paper.get_absolute_url()}choose/").status_code == 403
    refused = client.post(f"{page}assemble/", about | {"variants": 3, "passing": 11, "group": ""})
    assert "These lines of the blueprint cannot be filled: 2" in refused.text
    assert "A、B卷" in refused.text and Paper.objects.count() == 1


def test_a_group_does_not_see_an_item_again_too_soon() -> None:
    bank = make_bank()
    blueprint = make_blueprint(bank, rested=6)
    versions = make_items(bank, 10)
    label = {"zh": "期中"}
    today = clock.today()
    record_use(versions[:3], source="s:1", label=label, on=today - timedelta(days=60), group="一班")
    record_use(
        versions[3:6], source="s:2", label=label, on=today - timedelta(days=250), group="一班"
    )
    record_use(versions[6:], source="s:3", label=label, on=today, group="二班")
    facts = {"bank": bank, "level": "3", "occupation": occupation(), "blueprint": blueprint}
    paper = Paper(title_zh="一班卷", group="一班", passing=6, **facts)
    assemble_paper(paper, forms=1, seed="x", by=blueprint.by)
    seen = {version.pk for version in versions[:3]}
    assert not seen & set(Line.objects.values_list("version", flat=True))
    [stock] = stock_of(blueprint, group="一班")
    assert stock.available == 2  # what the first paper holds is not given out again either
    with pytest.raises(ValidationError, match="need 5 items, and 2 fit"):
        again = Paper(title_zh="补考", group="一班", passing=6, **facts)
        assemble_paper(again, forms=1, seed="x", by=blueprint.by)
    assert Paper.objects.count() == 1


def test_the_same_seed_assembles_the_same_paper() -> None:
    bank = make_bank()
    make_items(bank, 12)
    blueprint = make_blueprint(bank)
    facts = {"bank": bank, "level": "3", "occupation": occupation(), "blueprint": blueprint}
    found = []
    for seed in ("a", "a", "b"):
        paper = Paper(title_zh="卷", passing=6, **facts)
        assemble_paper(paper, forms=1, seed=seed, by=blueprint.by)
        found.append(list(Line.objects.filter(form__paper=paper).values_list("version", flat=True)))
    assert found[0] == found[1] != found[2]


def test_a_candidate_gets_an_order_of_their_own_and_no_key() -> None:
    bank = make_bank()
    paper = make_paper(bank, total=len(ALL) * 2, passing=1)
    versions = [make_version(bank, asked, state="approved") for asked in ALL.values()]
    services.add_versions(paper, versions, section="全部", points=Decimal(2), by=paper.by)
    services.hand_in(paper, by=paper.by)
    form = paper.forms.get()
    plain, mine, again, other = (frozen_form(form, seed) for seed in ("", "c1", "c1", "c2"))
    assert mine == again != other and plain["total"] == str(paper.total)
    asked = [item for section in mine["sections"] for item in section["items"]]
    assert "key" not in str(asked) and "explanation" not in str(asked)
    keys = key_of(form)
    assert {item["line"] for item in asked} == set(keys)
    for item in asked:
        key = keys[item["line"]]
        response = key["key"]
        if key["content"]["kind"] in ("number", "short", "blank", "case", "essay"):
            continue
        assert score(item["content"], key["key"], response, key["points"], key["rule"]) == 2
    lines = [item["line"] for item in plain["sections"][0]["items"]]
    assert lines == [line.pk for line in Line.objects.order_by("order")]
    Paper.objects.filter(pk=wrong_free(paper)).update(mixed=False)
    unmixed = frozen_form(Form.objects.get(pk=form.pk), "c1")
    assert unmixed["sections"] == plain["sections"]


def wrong_free(paper: Paper) -> int:
    """Back to draft, where what a paper is may change."""
    services.send_back(paper, reason="改", by=make_seat(paper.bank, Part.REVIEWER))
    return paper.pk
