"""What the office does with the papers of an exam. Each function is one thing somebody does."""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from silian.education.marking.asked import asked_in
from silian.education.marking.models import Marker, Marking, Question
from silian.education.sittings.models import Exam
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.jobs import services as jobs
from silian.kernel.notices.services import notify
from silian.kernel.states import move

State = Marking.State
SEEDS = 10**6


@transaction.atomic
def begin_marking(exam: Exam, *, by: User | None) -> Marking:
    """The exam is over: its papers are to be scored, in the background."""
    marking, new = Marking.objects.get_or_create(
        exam=exam, defaults={"seed": secrets.randbelow(SEEDS)}
    )
    if not new:
        return marking
    Question.objects.bulk_create(
        Question(
            marking=marking,
            form=form,
            item=asked.item,
            place=place,
            points=asked.points,
            by_hand=asked.by_hand,
            version=asked.version,
        )
        for form in exam.forms.all()
        for place, asked in enumerate(asked_in(form).values(), start=1)
    )
    record(marking, gettext_noop("Marking begun"), by=by, seed=marking.seed)
    title, url = gettext_noop("Scoring the papers of an exam"), marking.get_absolute_url()
    task = app.tasks["silian.education.marking.tasks.score"]
    marking.job = jobs.start(task, title=title, by=by, url=url, marking=marking.pk)
    marking.save(update_fields=["job"])
    return marking


@transaction.atomic
def open_marking(marking: Marking, *, by: User | None) -> None:
    """All papers are scored as far as a machine can; the rest is for people."""
    move(marking, State.OPEN, by=by)
    message = gettext_noop("The papers of “%(exam)s” are scored. See what people have to mark.")
    _tell_office(marking, message)


@transaction.atomic
def set_rules(marking: Marking, *, by: User) -> Marking:
    """How far two markers may be apart, and whether candidates see their points."""
    marking.save(update_fields=["limit", "shown"])
    words = {"limit": marking.limit, "shown": marking.shown}
    record(marking, gettext_noop("Rules of marking set"), by=by, **words)
    return marking


@transaction.atomic
def appoint(
    marking: Marking, user: User, *, questions: Iterable[Question] = (), by: User
) -> Marker:
    """``user`` marks ``questions``, or whatever there is; who was withdrawn may come back."""
    marker, _new = Marker.objects.update_or_create(
        marking=marking, user=user, defaults={"withdrawn_at": None}
    )
    marker.questions.set(questions)
    record(marking, gettext_noop("Marker appointed"), by=by, marker=str(user))
    message = gettext_noop("You are asked to mark answers of “%(exam)s”.")
    notify([user], message, url=desk_of(marker), exam=both(marking.exam, "title"))
    return marker


@transaction.atomic
def withdraw(marker: Marker, *, by: User) -> None:
    """What they marked stays; what they have in hand goes to others."""
    marker.marks.filter(points=None).delete()
    marker.withdrawn_at = clock.now()
    marker.save(update_fields=["withdrawn_at"])
    record(marker.marking, gettext_noop("Marker withdrawn"), by=by, marker=str(marker.user))


def desk_of(marker: Marker) -> str:
    return reverse("marking:desk", args=[marker.marking.exam.consortium, marker.marking.exam_id])


def _tell_office(marking: Marking, message: str) -> None:
    exam = marking.exam
    people = people_of(exam.organiser)
    notify(people, message, url=marking.get_absolute_url(), exam=both(exam, "title"))
