"""Putting up materials, setting homework, handing it in, marking it. Each function is one thing."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.courses.models import Session
from silian.education.coursework.models import Attachment, Material, Submission, Task
from silian.education.enrolments.models import Enrolment
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Submission.State


@transaction.atomic
def add_material(material: Material, *, upload: "UploadedFile[bytes] | None", by: User) -> Material:
    """``upload`` where it is no address."""
    material.file = store(upload, by=by) if upload else None
    material.by = by
    material.save()
    record(material.session, gettext_noop("Material put up"), by=by, title=material.title_zh)
    return material


@transaction.atomic
def remove_material(material: Material, *, by: User) -> None:
    record(material.session, gettext_noop("Material removed"), by=by, title=material.title_zh)
    material.delete()


@transaction.atomic
def save_task(task: Task, *, by: User) -> Task:
    """Set or changed; the learners are told when it is new."""
    new = task.pk is None
    if new:
        task.by = by
    task.save()
    record(task, gettext_noop("Homework set") if new else gettext_noop("Homework changed"), by=by)
    if new:
        people = _learners(task.session)
        notify(
            people,
            gettext_noop("New homework in “%(session)s”: “%(task)s”."),
            url=task.get_absolute_url(),
            session=both(task.session, "title"),
            task=both(task, "title"),
        )
    return task


@transaction.atomic
def remove_task(task: Task, *, by: User) -> None:
    """Before anybody has handed it in; a key of the database keeps what somebody has."""
    record(task.session, gettext_noop("Homework removed"), by=by, title=task.title_zh)
    task.delete()


@transaction.atomic
def hand_in(
    task: Task,
    enrolment: Enrolment,
    *,
    text: str,
    uploads: "Iterable[UploadedFile[bytes]]",
    by: User,
) -> Submission:
    """For the first time or again; files of an earlier time are kept beside the new ones."""
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    rows = Submission.objects.select_for_update(of=("self",))
    found = rows.filter(task=task, enrolment=enrolment).first()
    if found and found.state == State.MARKED:
        raise IllegalMove(f"{found}: marked meanwhile")
    submission = found or Submission(task=task, enrolment=enrolment)
    submission.text, submission.at = text, clock.now()
    submission.save()
    for upload in uploads:
        Attachment.objects.create(submission=submission, file=store(upload, by=by))
    if submission.state == State.RETURNED:
        move(submission, State.HANDED_IN, by=by)
    else:
        record(submission, gettext_noop("Homework handed in"), by=by)
    return submission


@transaction.atomic
def mark(submission: Submission, *, marks: int, remark: str, by: User) -> None:
    move(submission, State.MARKED, by=by, marks=marks, remark=remark, marked_by=by)
    record(submission, gettext_noop("Homework marked"), by=by, marks=marks)
    _tell(submission, gettext_noop("Your homework “%(task)s” is marked."))


@transaction.atomic
def give_back(submission: Submission, *, remark: str, by: User) -> None:
    """To be improved; marks that it had stay in the record."""
    facts = {"marks": None, "remark": remark, "marked_by": by}
    move(submission, State.RETURNED, by=by, why=remark, **facts)
    _tell(submission, gettext_noop("Your homework “%(task)s” was given back: improve it."))


def _learners(session: Session) -> Iterable[User]:
    placed = Enrolment.objects.placed().filter(session=session).values("person__user")
    return User.objects.filter(pk__in=placed, is_active=True)


def _tell(submission: Submission, message: str) -> None:
    user = submission.enrolment.person.user
    if user:
        url = submission.task.get_absolute_url()
        notify([user], message, url=url, task=both(submission.task, "title"))
