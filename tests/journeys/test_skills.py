"""From the words of a position to a request for change: skills are read, confirmed and compared."""

import pytest
from playwright.sync_api import expect

from silian.education.gaps.models import Snapshot
from silian.education.skillmap import reading
from silian.education.skillmap.tests.factories import (
    make_edition,
    make_programme,
    make_unit,
    publish,
)
from silian.education.standards.models import ChangeRequest
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.models import Skill
from silian.industry.occupations.tests.factories import make_skill
from silian.kernel.codes.tests.factories import make_code
from tests.journeys.conftest import OpenPage, Visit, check
from tests.journeys.test_main_job import press

pytestmark = pytest.mark.django_db(transaction=True)
SKILLS, TERMS = "/mingshui/skillmap/", "/mingshui/skillmap/terms/"


def test_words_become_skills_and_a_request_for_change(
    open_page: OpenPage, visit: Visit, width: int
) -> None:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    weld = make_skill("焊接", synonyms="电焊")
    occupation, programme = make_code(), make_programme(consortium, name_zh="智能焊接技术")
    programme.occupations.add(occupation)
    edition = make_edition(consortium, programme)
    make_unit(edition, skills={weld: 3}, title_zh="平板对接")
    publish(edition)
    duties = "掌握电焊,熟悉激光打标。"
    position = make_position(
        consortium, occupation=occupation, title_zh="焊接技术员", duties_zh=duties, places=6
    )
    reading.read_all(consortium)

    secretary = open_page(user=make_secretary(consortium), width=width)
    visit(secretary, TERMS)
    expect(secretary.locator("mark").first).to_have_text("激光打标")
    secretary.get_by_role("link", name="激光打标").click()
    check(secretary)
    press(secretary, "作为新技能收录")
    assert Skill.objects.named("激光打标").exists()

    employer = open_page(user=make_staff(position.organisation), width=width)
    visit(employer, SKILLS)
    expect(employer.locator("mark")).to_have_count(2)
    employer.get_by_label("全选本页").check()
    press(employer, "确认所选")
    expect(employer.locator("main")).to_contain_text("已确认 2 项技能")
    levels = {need.skill.name_zh: need.level for need in position.skill_needs.all()}
    assert levels == {"焊接": 3, "激光打标": 2}

    school = open_page(user=make_staff(programme.school), width=width)
    visit(school, f"/mingshui/gaps/programmes/{programme.pk}/")
    press(school, "立即比对")
    expect(school.locator("main")).to_contain_text("缺失")
    check(school)
    school.get_by_role("link", name="激光打标").click()
    expect(school.locator("main")).to_contain_text("焊接技术员")
    check(school)
    press(school, "提出修改建议")
    expect(school.locator("main")).to_contain_text("已提出")
    request = ChangeRequest.objects.get()
    assert request.evidence["digest"] == Snapshot.objects.get().digest

    anybody = open_page(width=width)
    visit(anybody, weld.get_absolute_url())
    expect(anybody.locator("main")).to_contain_text("平板对接")
    expect(anybody.locator("main")).to_contain_text("焊接技术员")
