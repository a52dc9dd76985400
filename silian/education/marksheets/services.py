"""Signing a marking. Each function is one thing somebody does."""

from django.db import transaction
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from silian.education.marking.models import Marking
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.jobs import services as jobs
from silian.kernel.states import move


@transaction.atomic
def complete(marking: Marking, *, by: User) -> None:
    """Signed: from now on points change only by a correction. Items learn how they did."""
    facts = {"completed_by": by, "completed_at": clock.now()}
    move(marking, Marking.State.COMPLETE, by=by, **facts)
    note_statistics(marking, by=by)


def note_statistics(marking: Marking, *, by: User) -> None:
    """Have the figures of the items computed; told again after a correction."""
    title, url = gettext_noop("Statistics of the items of an exam"), marking.get_absolute_url()
    task = app.tasks["silian.education.marksheets.tasks.measure"]
    jobs.start(task, title=title, by=by, url=url, marking=marking.pk)
