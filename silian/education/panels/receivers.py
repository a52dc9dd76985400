"""What experts have to give, chiefs to decide, and second persons to check."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.panels import policy
from silian.education.panels.models import Given
from silian.education.skillappraisals.models import Appraisal
from silian.education.skillappraisals.policy import managed_appraisals
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def reviews_to_give(user: User) -> Iterable[Todo]:
    for seat in policy.own_seats(user).filter(appraisal__state=Appraisal.State.UNDER_WAY):
        appraisal = seat.appraisal
        if not policy.may_review(user, appraisal):
            continue
        waiting = policy.to_review(seat).exclude(opinions__seat=seat).count()
        if waiting:
            label = _("Review candidates of “%(appraisal)s”") % {"appraisal": appraisal.title}
            place = appraisal.consortium.short_name
            yield Todo(label, seat.get_absolute_url(), waiting, place=place)


@todos.source
def reviews_to_decide(user: User) -> Iterable[Todo]:
    seats = policy.own_seats(user).filter(chief=True)
    for seat in seats.exclude(appraisal__state__in=Appraisal.TOLD):
        if count := policy.disputed(seat.appraisal).count():
            label = _("Decide where experts of “%(appraisal)s” differ")
            place = seat.appraisal.consortium.short_name
            words = {"appraisal": seat.appraisal.title}
            yield Todo(label % words, seat.get_absolute_url(), count, place=place)


@todos.source
def marks_to_check(user: User) -> Iterable[Todo]:
    """Whoever did not give them."""
    waiting = Given.objects.filter(entry__appraisal=OuterRef("pk"), checked_by=None)
    rows = managed_appraisals(user).filter(state__in=policy.MARKED)
    for appraisal in rows.filter(Exists(waiting.exclude(by=user))):
        for part in policy.office_parts(appraisal):
            if policy.may_check(user, appraisal, part):
                label = _("Check marks of “%(appraisal)s”") % {"appraisal": appraisal.title}
                url = reverse("panels:part", args=[appraisal.consortium, appraisal.pk, part])
                yield Todo(label, url, place=appraisal.consortium.short_name)
