"""Asking for a correction or for deletion, and what follows."""

from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of, roles_of
from silian.governance.roles.services import end_role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files import services as files
from silian.kernel.notices.services import notify
from silian.kernel.people.services import close_account
from silian.kernel.persons.models import Person
from silian.kernel.states import move
from silian.talent.profiles.models import Student
from silian.talent.records import holdings
from silian.talent.rights.models import Correction, Deletion

# --- correction ---------------------------------------------------------------------------


@transaction.atomic
def ask_correction(
    student: Student,
    *,
    wrong: str,
    right: str,
    by: User,
    evidence: "UploadedFile[bytes] | None" = None,
) -> Correction:
    """Ask the school to correct what it keeps; it has so many days to answer."""
    correction = Correction.objects.create(
        student=student,
        wrong=wrong,
        right=right,
        evidence=files.store(evidence, by=by) if evidence else None,
        due_on=clock.today() + timedelta(days=settings.ANSWER_DAYS),
    )
    record(correction, gettext_noop("Correction asked"), by=by)
    message = gettext_noop("A student of %(school)s asks for a correction of the roster.")
    notify(people_of(student.school), message, url=_page(correction), school=both(student.school))
    return correction


@transaction.atomic
def answer_correction(correction: Correction, *, done: bool, answer: str, by: User) -> None:
    """The school has corrected it, or says why it will not."""
    to = Correction.State.DONE if done else Correction.State.REFUSED
    move(correction, to, by=by, why=answer, answer=answer, answered_at=clock.now())
    user = correction.student.user
    if user:
        message = (
            gettext_noop("%(school)s corrected what you asked for.")
            if done
            else gettext_noop("%(school)s refused your request for correction: %(why)s")
        )
        told = {"school": both(correction.student.school), "why": answer}
        notify([user], message, url=reverse("rights:own_data"), **told)


def take_back_correction(correction: Correction, *, by: User) -> None:
    move(correction, Correction.State.TAKEN_BACK, by=by)


def remind_of_corrections() -> None:
    """Tell schools once of what falls due in three days, and each day of what is overdue."""
    soon = clock.today() + timedelta(days=3)
    rows = Correction.objects.filter(state=Correction.State.OPEN).select_related("student__school")
    for correction in rows:
        if correction.due_on == soon or correction.is_overdue:
            message = gettext_noop("A request for correction must be answered by %(day)s.")
            people = people_of(correction.student.school)
            notify(people, message, url=_page(correction), day=str(correction.due_on))


def _page(correction: Correction) -> str:
    return reverse("rights:correction_detail", args=[correction.student.school_id, correction.pk])


# --- deletion -----------------------------------------------------------------------------


@transaction.atomic
def ask_deletion(person: Person, *, by: User) -> Deletion:
    """Everything that need not stay is deleted after a time to think; the schools are told."""
    day = clock.today() + timedelta(days=settings.DELETION_DAYS)
    deletion = Deletion.objects.create(person=person, due_on=day)
    record(deletion, gettext_noop("Deletion asked"), by=by)
    message = gettext_noop("%(person)s of %(school)s will be deleted on %(day)s.")
    for student in person.enrolments.select_related("school"):
        told = {"person": student.name, "school": both(student.school), "day": str(day)}
        notify(people_of(student.school), message, url=student.get_absolute_url(), **told)
    return deletion


def stop_deletion(deletion: Deletion, *, by: User) -> None:
    move(deletion, Deletion.State.STOPPED, by=by)


def carry_out_due() -> int:
    """Forget everybody whose day has come; each for themselves, so that one fault stops nobody."""
    due = Deletion.objects.filter(state=Deletion.State.WAITING, due_on__lte=clock.today())
    found = list(due.select_related("person"))
    for deletion in found:
        carry_out(deletion)
    return len(found)


@transaction.atomic
def carry_out(deletion: Deletion) -> None:
    """Let every app forget the person, then the person itself, and close the account."""
    move(deletion, Deletion.State.DONE, by=None, done_at=clock.now())
    person = Person.objects.select_for_update().get(pk=deletion.person_id)
    user = person.user
    schools = {student.school for student in person.enrolments.select_related("school")}
    holdings.forget_all(person)
    if user:
        for role in roles_of(user):
            end_role(role, by=user)
        close_account(user)
    message = gettext_noop("Somebody of %(school)s was deleted at their own request.")
    for school in schools:
        notify(people_of(school), message, school=both(school))
