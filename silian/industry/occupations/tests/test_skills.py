import pytest
from django.test import Client

from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.industry.demand.models import SkillNeed
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.imports import Skills
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
HOME = "/codes/skills/"


def test_the_vocabulary_is_public_and_counts_demand(client: Client) -> None:
    skill = Skill.objects.create(name_zh="电焊", name_en="Welding")
    SkillNeed.objects.create(position=make_position(), skill=skill)
    SkillNeed.objects.create(position=make_position(state="draft"), skill=skill)
    page = client.get(f"{HOME}?q=weld")
    (row,) = page.context["listing"].current
    assert row.record.asked == 1
    assert "Import" not in page.text


def test_secretariats_keep_it_and_nobody_else(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(f"{HOME}new/").status_code == 403
    client.force_login(make_secretary(make_consortium()))
    client.post(f"{HOME}new/", {"name_zh": "电焊", "kind": "skill"})
    skill = Skill.objects.get()
    client.post(f"{HOME}{skill.pk}/", {"name_zh": "焊接", "kind": "tool"})
    skill.refresh_from_db()
    assert skill.name_zh == "焊接"
    twice = client.post(f"{HOME}new/", {"name_zh": "焊接", "kind": "skill"})
    assert "already exists" in twice.text


def test_a_sheet_adds_and_updates() -> None:
    Skill.objects.create(name_zh="电焊")
    sheet = Skills()
    rows = [
        Row(2, {"name_zh": "电焊", "name_en": "Welding", "kind": "skill"}),
        Row(3, {"name_zh": "车削", "name_en": "", "kind": "skill"}),
    ]
    assert not list(sheet.check(rows, "all"))
    assert list(sheet.check([*rows, Row(4, rows[0].data)], "all"))
    assert not sheet.permitted(make_user(), "all")
    assert sheet.save(rows, "all", by=make_user(), progress=lambda done: None) == 2
    assert Skill.objects.get(name_zh="电焊").name_en == "Welding"
    assert Skill.objects.count() == 2
