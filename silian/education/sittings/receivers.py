"""Exams in calendars of those who sit and of those who watch, and what is to be prepared."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.sittings import policy
from silian.education.sittings.models import Exam
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

SOON = timedelta(days=14)  # an exam that is not announced by then is in danger


@calendars.source
def exams_to_sit(user: User) -> Iterable[Event]:
    for one in policy.own_candidacies(user).filter(exam__state=Exam.State.ANNOUNCED):
        yield Event(
            key=f"exam-candidate-{one.pk}",
            title=one.exam.title,
            start=one.exam.opens_at,
            end=one.exam.closes_at,
            place=f"{one.room.name} {one.room.place}".strip() if one.room else "",
            url=reverse("sittings:mine"),
        )


@calendars.source
def rooms_to_watch(user: User) -> Iterable[Event]:
    for room in policy.own_rooms(user):
        yield Event(
            key=f"exam-room-{room.pk}",
            title=_("Watch over: %(exam)s") % {"exam": room.exam.title},
            start=room.exam.opens_at,
            end=room.exam.closes_at,
            place=f"{room.name} {room.place}".strip(),
            url=reverse("answering:console", args=[room.exam.consortium, room.exam_id, room.pk]),
        )


@todos.source
def exams_to_announce(user: User) -> Iterable[Todo]:
    """The office: an exam draws near and is not announced yet."""
    mine = Q(organiser__in=organisations_of(user)) | Q(consortium__in=secretariats_of(user))
    rows = Exam.objects.filter(mine, state=Exam.State.DRAFT, opens_at__lte=clock.now() + SOON)
    for exam in rows.select_related("consortium"):
        label = _("Announce the exam “%(exam)s”") % {"exam": exam.title}
        yield Todo(label, exam.get_absolute_url(), 1, due=exam.opens_at, place=exam.consortium.name)
