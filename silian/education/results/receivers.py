"""What the office and reviewers have to do about results and appeals."""

from collections.abc import Iterable
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from silian.education.panels.policy import chief_for
from silian.education.results import policy, services
from silian.education.results.models import Appeal
from silian.education.skillappraisals.models import Appraisal
from silian.education.skillappraisals.policy import managed_appraisals
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


def _end_of(appeal: Appeal) -> datetime:
    return datetime.combine(appeal.due, time(17), get_default_timezone())


@todos.source
def appeals_to_assign(user: User) -> Iterable[Todo]:
    rows = policy.visible_appeals(user).filter(state=Appeal.State.FILED)
    for appeal in rows:
        if policy.may_assign(user, appeal):
            label = _("Say who looks at an appeal")
            place = appeal.outcome.entry.appraisal.consortium.short_name
            yield Todo(label, appeal.get_absolute_url(), due=_end_of(appeal), place=place)


@todos.source
def appeals_to_decide(user: User) -> Iterable[Todo]:
    rows = policy.visible_appeals(user).filter(state=Appeal.State.REVIEWED, reviewer=user)
    for appeal in rows:
        label = _("Decide an appeal against a result")
        place = appeal.outcome.entry.appraisal.consortium.short_name
        yield Todo(label, appeal.get_absolute_url(), due=_end_of(appeal), place=place)


@todos.source
def reviews_to_correct(user: User) -> Iterable[Todo]:
    """The chief of the panel, where an appeal was upheld."""
    for appeal in policy.reviews_to_correct(user):
        entry = appeal.outcome.entry
        if chief_for(entry) == user:
            place = entry.appraisal.consortium.short_name
            yield Todo(_("Rule on the points anew"), services.review_of(entry), place=place)


@todos.source
def results_to_publish(user: User) -> Iterable[Todo]:
    """Drafted ones, and those whose days are over."""
    rows = managed_appraisals(user).filter(
        state__in=[Appraisal.State.DRAFTED, Appraisal.State.PUBLICITY]
    )
    for appraisal in rows:
        url = reverse("results:desk", args=[appraisal.consortium, appraisal.pk])
        words, place = {"appraisal": appraisal.title}, appraisal.consortium.short_name
        if appraisal.state == Appraisal.State.DRAFTED:
            yield Todo(_("Publish the results of “%(appraisal)s”") % words, url, place=place)
        elif appraisal.is_over:
            yield Todo(_("Make the results of “%(appraisal)s” final") % words, url, place=place)


@todos.source
def results_to_wait_for(user: User) -> Iterable[Todo]:
    """An exam day has passed: marks are to be looked through."""
    rows = managed_appraisals(user).filter(
        state=Appraisal.State.UNDER_WAY, exam_on__lt=clock.today()
    )
    for appraisal in rows:
        url = reverse("results:desk", args=[appraisal.consortium, appraisal.pk])
        label = _("Draft the results of “%(appraisal)s”") % {"appraisal": appraisal.title}
        yield Todo(label, url, place=appraisal.consortium.short_name)
