import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.completions.policy import standings
from silian.education.courses.models import Session
from silian.education.courses.tests.factories import make_session
from silian.education.coursework import services
from silian.education.coursework.models import Attachment, Material, Submission, Task
from silian.education.coursework.tests.factories import make_submission, make_task
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import make_enrolment
from silian.governance.members.tests.factories import make_staff
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.files.tests.factories import PDF, make_upload
from silian.kernel.notices import todos
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db
MOMENT = "2099-01-02T09:00"


def page_of(session: Session, rest: str = "work/") -> str:
    return f"/{session.course.consortium.slug}/courses/sessions/{session.pk}/{rest}"


def signed_in(user: User | None) -> Client:
    assert user
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def session() -> Session:
    return make_session(days=-2, state="running", teacher=make_user("赵老师"))


def teacher_of(session: Session) -> Client:
    return signed_in(session.teachers.get())


def test_a_teacher_puts_up_a_file_and_a_learner_opens_it(session: Session) -> None:
    learner = signed_in(make_enrolment(session).person.user)
    teacher = teacher_of(session)
    facts = {"title_zh": "安全手册", "upload": make_upload("手册.pdf", PDF)}
    assert teacher.post(page_of(session, "materials/new/"), facts).status_code == 302
    material = Material.objects.get()
    assert "安全手册" in learner.get(page_of(session)).text
    opened = learner.get(page_of(session, f"materials/{material.pk}/"))
    assert b"".join(opened.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert "Materials and homework" in learner.get("/me/training/").text
    assert learner.get(page_of(session, "materials/new/")).status_code == 403

    assert teacher.post(page_of(session, f"materials/{material.pk}/remove/")).status_code == 302
    assert learner.get(page_of(session, f"materials/{material.pk}/")).status_code == 404


@pytest.mark.parametrize("both", [True, False], ids=["both", "neither"])
def test_a_material_is_a_file_or_an_address(session: Session, *, both: bool) -> None:
    facts: dict[str, Any] = {"title_zh": "图纸"}
    if both:
        facts |= {"link": "https://example.org/a", "upload": make_upload("a.pdf", PDF)}
    page = teacher_of(session).post(page_of(session, "materials/new/"), facts)
    assert "one of the two" in page.text and "图纸" in page.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.create(session=session, title_zh="空", by=make_user())


def test_homework_from_setting_to_marks(session: Session) -> None:
    enrolment = make_enrolment(session)
    user, teacher = enrolment.person.user, teacher_of(session)
    assert user
    facts = {"title_zh": "工艺卡", "text_zh": "编一份", "due_at": MOMENT, "passing": 60}
    facts |= {"required": "on", "takes_late": "on"}
    assert teacher.post(page_of(session, "homework/new/"), facts).status_code == 302
    task = Task.objects.get()
    assert Notice.objects.filter(to=user).count() == 1
    assert [one.label for one in todos.todos_of(user)] == ["Homework: “工艺卡”"]

    learner = signed_in(user)
    empty = learner.post(task.get_absolute_url(), {"text": " "})
    assert "Write something or add a file." in empty.text and not Submission.objects.exists()
    handed = {"text": "工序见附件", "uploads": [make_upload("卡.pdf", PDF)]}
    assert learner.post(task.get_absolute_url(), handed).status_code == 302
    submission = Submission.objects.get()
    assert not todos.todos_of(user)
    waiting = [one.label for one in todos.todos_of(session.teachers.get())]
    assert "Mark the homework “工艺卡”" in waiting

    page = page_of(session, f"handed-in/{submission.pk}/")
    attachment = Attachment.objects.get()
    assert teacher.get(f"{page}files/{attachment.pk}/").status_code == 200
    assert teacher.post(f"{page}back/", {"reason": "工序缺检验"}).status_code == 302
    assert "工序缺检验" in learner.get(task.get_absolute_url()).text
    learner.post(task.get_absolute_url(), {"text": "已补检验工序"})
    submission.refresh_from_db()
    assert submission.state == "handed_in" and submission.text == "已补检验工序"

    refused = teacher.post(page, {"marks": 101, "remark": "好"})
    assert "less than or equal to 100" in refused.text and "好" in refused.text
    assert teacher.post(page, {"marks": 85, "remark": "好"}).status_code == 302
    assert "85 of 100 marks" in learner.get(task.get_absolute_url()).text
    assert learner.post(task.get_absolute_url(), {"text": "再改"}).status_code == 403


def test_required_homework_is_asked_of_whoever_completes(session: Session) -> None:
    good, poor, none = (make_enrolment(session) for _n in range(3))
    task = make_task(session)
    make_task(session, title_zh="选做题", required=False)
    by = make_user()
    services.mark(make_submission(task, good), marks=60, remark="", by=by)
    services.mark(make_submission(task, poor), marks=59, remark="", by=by)
    said = {one.enrolment.pk: one.missing for one in standings(session)}
    lacking = "Homework “工艺卡” not passed"
    assert lacking not in said[good.pk]
    assert lacking in said[poor.pk] and lacking in said[none.pk]
    assert not any("选做题" in words for one in said.values() for words in one)


def test_what_was_due_is_taken_late_only_where_that_is_allowed(session: Session) -> None:
    enrolment = make_enrolment(session)
    learner = signed_in(enrolment.person.user)
    strict = make_task(session, days=-1, takes_late=False)
    assert "not taken late" in learner.get(strict.get_absolute_url()).text
    assert learner.post(strict.get_absolute_url(), {"text": "晚了"}).status_code == 403
    lenient = make_task(session, days=-1)
    learner.post(lenient.get_absolute_url(), {"text": "晚了"})
    assert Submission.objects.get().late
    assert "late" in teacher_of(session).get(lenient.get_absolute_url()).text


def test_strangers_and_fellow_learners_read_nobodys_homework(session: Session) -> None:
    task = make_task(session)
    submission = make_submission(task)
    page = page_of(session, f"handed-in/{submission.pk}/")
    fellow = signed_in(make_enrolment(session).person.user)
    assert fellow.get(page).status_code == 404
    assert submission.text not in fellow.get(task.get_absolute_url()).text
    stranger = signed_in(make_user())
    assert [stranger.get(one).status_code for one in (page_of(session), page)] == [403, 404]
    assert stranger.get(task.get_absolute_url()).status_code == 403
    own = signed_in(submission.enrolment.person.user)
    assert own.get(page).status_code == 200
    assert own.post(page, {"marks": 100}).status_code == 403
    assert session.course.organiser
    staff = signed_in(make_staff(session.course.organiser))
    assert staff.get(page).status_code == 200


def test_homework_that_was_handed_in_stays(session: Session) -> None:
    task = make_task(session)
    teacher = teacher_of(session)
    make_submission(task)
    remove = page_of(session, f"homework/{task.pk}/remove/")
    assert teacher.post(remove).status_code == 403
    Submission.objects.all().delete()
    assert teacher.post(remove).status_code == 302 and not Task.objects.exists()


@pytest.mark.parametrize("people", [1, 30])
def test_a_list_of_any_length_asks_as_often(session: Session, people: int) -> None:
    session.places_max = 40
    session.save()
    task = make_task(session)
    for _n in range(people):
        make_submission(task)
    teacher = teacher_of(session)
    teacher.get(task.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        assert teacher.get(task.get_absolute_url()).status_code == 200
    assert len(asked) < 45


@pytest.mark.django_db(transaction=True)
def test_handed_in_twice_at_once_it_is_one(session: Session) -> None:
    enrolment, task = make_enrolment(session), make_task(session)
    user = enrolment.person.user
    assert user

    def press() -> None:
        services.hand_in(task, enrolment, text="同时", uploads=[], by=user)
        connection.close()

    threads = [threading.Thread(target=press) for _n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Submission.objects.filter(task=task, enrolment=enrolment).count() == 1
    assert Enrolment.objects.get().submissions.get().state == "handed_in"
