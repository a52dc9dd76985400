"""Beside an enrolment: the form that waits to be filled in."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.enrolments import panels
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.panels import Link
from silian.kernel import clock
from silian.kernel.accounts.models import User


@panels.source
def forms_to_fill(user: User, enrolments: list[Enrolment]) -> Iterable[tuple[int, Link]]:
    """From the last day on."""
    asked = Enrolment.objects.placed().filter(
        pk__in=[one.pk for one in enrolments],
        person__user=user,
        filled=None,
        session__state__in=[Session.State.RUNNING, Session.State.FINISHED],
        session__ends_on__lte=clock.today(),
    )
    for row in asked.select_related("session__course__consortium"):
        url = reverse("feedback:fill", args=[row.session.course.consortium, row.session_id])
        waits = row.session.course.asks_feedback
        yield row.pk, Link(_("Fill in the satisfaction form"), url, waits=waits)
