"""What internships hear of their agreements, and what waits for schools, units and students."""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.internships import policy
from silian.talent.internships.models import Internship, Waiver
from silian.talent.internships.services import settle_if_lawful
from silian.talent.placement.models import Placement

State = Internship.State


@receiver(post_save, sender=Agreement)
def all_have_signed(instance: Agreement, created: bool, **_about: Any) -> None:
    """The last signature lets the internship stand."""
    if instance.is_personal and not created and instance.state == Agreement.State.SIGNED:
        waiting = Internship.objects.filter(agreement=instance, state=State.PREPARED)
        for internship in waiting.select_related("student__school", "consortium", "unit"):
            settle_if_lawful(internship, by=None)


@todos.source
def places_to_follow(user: User) -> Iterable[Todo]:
    """A school: confirmed internship places without an internship."""
    acting = organisations_of(user)
    waiting = Placement.objects.filter(
        state=Placement.State.CONFIRMED,
        seat__position__kind="internship",
        internship=None,
        student__school__in=acting,
    )
    counts: dict[int, int] = {}
    for key in waiting.values_list("round__consortium", flat=True):
        counts[key] = counts.get(key, 0) + 1
    for consortium in Consortium.objects.filter(pk__in=counts):
        url = reverse("internships:internship_index", args=[consortium])
        label = _("Prepare internships from confirmed places")
        yield Todo(label, url, counts[consortium.pk], place=consortium.name)


@todos.source
def internships_to_move(user: User) -> Iterable[Todo]:
    """A school: what can begin or is over; a unit: cards to check; both by the internship."""
    rows = policy.visible_internships(user).filter(
        state__in=[State.PREPARED, State.AGREED, State.RUNNING]
    )
    acting, today = organisations_of(user), clock.today()
    for one in rows.order_by("starts_on", "pk")[:200]:
        label = _next_step(one, acting, today)
        if label:
            facts = {"student": one.called}
            yield Todo(label % facts, one.get_absolute_url(), place=one.unit.name)


def _next_step(one: Internship, acting: set[int], today: Any) -> str:
    if one.unit_id in acting and one.id_checked_on is None and one.state != State.RUNNING:
        return _("Check the identity card: %(student)s")
    if one.student.school_id not in acting:
        return ""
    if one.state == State.AGREED and one.starts_on <= today:
        return _("Let the internship begin: %(student)s")
    if one.state == State.RUNNING and one.ends_on < today:
        return _("Close the internship: %(student)s")
    return ""


@todos.source
def reasons_to_approve(user: User) -> Iterable[Todo]:
    """A school: reasons for passing a warning that a colleague has given."""
    waiting = Waiver.objects.filter(
        approved_by=None,
        internship__student__school__in=organisations_of(user),
        internship__state__in=[State.PREPARED, State.AGREED],
        rule__startswith="cap.",
    ).exclude(by=user)
    for waiver in waiting.select_related("internship__student", "internship__consortium"):
        label = _("Approve a reason: %(student)s") % {"student": waiver.internship.student.name}
        yield Todo(label, waiver.internship.get_absolute_url())
