from datetime import timedelta

import pytest

from silian.education.sittings.tests.factories import (
    announced,
    make_candidate,
    make_exam,
    make_room,
)
from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars.events import events_of
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_sitters_and_watchers_find_the_exam_in_their_calendars_once_it_is_announced() -> None:
    exam, sitter, watcher = make_exam(), make_person(), make_user()
    room = make_room(exam, invigilator=watcher)
    make_candidate(room, person=sitter)
    assert not list(events_of(sitter.user)) and not list(events_of(watcher))
    announced(exam)
    [sits], [watches] = events_of(sitter.user), events_of(watcher)
    assert sits.title == exam.title and sits.start == watches.start == exam.opens_at
    assert exam.title in watches.title and room.name in watches.place


def test_an_exam_that_draws_near_waits_for_its_office() -> None:
    exam = make_exam(
        opens_at=clock.now() + timedelta(days=3), closes_at=clock.now() + timedelta(days=4)
    )
    far = make_exam(
        exam.consortium,
        opens_at=clock.now() + timedelta(days=30),
        closes_at=clock.now() + timedelta(days=31),
    )
    for user in (make_secretary(exam.consortium), make_staff(exam.organiser)):
        labels = [todo.label for todo in todos_of(user)]
        assert any(exam.title in label for label in labels)
        assert not any(far.title in label for label in labels)
    announced(exam)
    assert not any(exam.title in t.label for t in todos_of(make_secretary(exam.consortium)))
