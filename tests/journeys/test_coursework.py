"""Homework of a training: set, handed in from a phone or a desk, marked, read."""

import pytest
from playwright.sync_api import expect

from silian.education.courses.tests.factories import make_course, make_session
from silian.education.coursework.models import Submission
from silian.education.enrolments.tests.factories import make_enrolment
from silian.governance.members.tests.factories import make_consortium
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.files.tests.factories import PDF
from silian.kernel.persons.tests.factories import make_person
from tests.journeys.conftest import OpenPage, Visit, check

pytestmark = pytest.mark.django_db(transaction=True)


def test_homework_is_set_done_and_marked(open_page: OpenPage, visit: Visit, width: int) -> None:
    course = make_course(make_consortium("mingshui"), title_zh="数控车削加工培训")
    session = make_session(course, days=-2, state="running", teacher=make_user("赵老师"))
    learner = make_user("李学员")
    make_enrolment(session, make_person(name="李学员", user=learner))

    teacher = open_page(user=session.teachers.get(), width=width)
    visit(teacher, f"/mingshui/courses/sessions/{session.pk}/work/")
    teacher.get_by_role("link", name="布置作业").click()
    check(teacher)
    teacher.get_by_label("中文标题").fill("工艺卡")
    teacher.get_by_label("作业要求（中文）").fill("为本次零件编制一份工艺卡")
    teacher.get_by_label("提交截止时间").fill("2099-01-02T18:00")
    teacher.locator("main form button[type=submit]").first.click()
    expect(teacher.locator("h1")).to_contain_text("工艺卡")
    check(teacher)

    page = open_page(user=learner, width=width)
    visit(page, "/me/training/")
    page.get_by_role("link", name="资料与作业").click()
    page.get_by_role("link", name="工艺卡").click()
    page.get_by_label("作答内容").fill("工序见附件")
    card = {"name": "工艺卡.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("input[type=file]").set_input_files(card)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("已提交，待批改")
    check(page)

    visit(teacher, Submission.objects.get().task.get_absolute_url())
    teacher.get_by_role("link", name="李学员").click()
    check(teacher)
    teacher.get_by_label("成绩（百分制）").fill("85")
    teacher.get_by_role("button", name="保存成绩").click()
    expect(teacher.locator("main")).to_contain_text("85")
    visit(page, Submission.objects.get().task.get_absolute_url())
    expect(page.locator("main")).to_contain_text("成绩 85 分")
