from datetime import timedelta

from silian.education.courses.models import Session
from silian.education.courses.tests.factories import make_session
from silian.education.coursework.models import Submission, Task
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import make_enrolment
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user


def make_task(session: Session | None = None, *, days: int = 3, **fields: object) -> Task:
    """Due in ``days``, sixty marks to pass."""
    facts: dict[str, object] = {
        "title_zh": "工艺卡",
        "text_zh": "编制一份工艺卡",
        "by": make_user(),
    }
    facts["due_at"] = clock.now() + timedelta(days=days)
    return Task.objects.create(session=session or make_session(), **(facts | fields))


def make_submission(
    task: Task | None = None, enrolment: Enrolment | None = None, **fields: object
) -> Submission:
    task = task or make_task()
    enrolment = enrolment or make_enrolment(task.session)
    facts: dict[str, object] = {"text": "见附件", "at": clock.now()}
    return Submission.objects.create(task=task, enrolment=enrolment, **(facts | fields))
