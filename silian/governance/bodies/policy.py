"""Who may see bodies (everybody, once they are planned), and what may be done to them."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.bodies.models import Appointment, AppointmentQuerySet, Body
from silian.governance.bodykinds.models import Role as BodyRole
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    roles_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Body.State


def visible_bodies(user: Viewer) -> QuerySet[Body]:
    """All that are planned, running or closed; an application has a page of its own."""
    joined = "consortium kind host cluster plaque".split()
    return Body.objects.public().select_related(*joined)


def visible_proposals(user: Viewer) -> QuerySet[Body]:
    """What was applied for: the applicant sees it at once, the others once it was handed in."""
    taking_part = inside(user) | Q(consortium__in=reviews_for(user))
    handed_in = Q(applied_at__isnull=False) & taking_part
    rows = Body.objects.filter(Q(host__in=organisations_of(user)) | handed_in)
    return rows.filter(applied_by__isnull=False).select_related("consortium", "kind", "host")


def visible_staffed(user: Viewer) -> QuerySet[Body]:
    """Whatever has people: bodies, and the applications that ``user`` may see."""
    rows = Body.objects.filter(
        Q(state__in=Body.PUBLIC) | Q(pk__in=visible_proposals(user).values("pk"))
    )
    return rows.select_related("consortium", "kind", "host")


def visible_hosts(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Who can host or help to build a body: the current members of ``consortium``."""
    current = consortium.memberships.current()
    return Organisation.objects.filter(pk__in=current.values("organisation"))


def people_of_body(body: Body, on: date | None = None) -> AppointmentQuerySet:
    """Who serves in ``body`` on that day (today), with role, unit and account."""
    return body.appointments.running(on).select_related("role", "organisation", "user")


def visible_appointments(user: Viewer, body: Body) -> AppointmentQuerySet:
    """Everybody reads who serves, except those who do not want it; insiders read all, and when."""
    rows = body.appointments.select_related("role", "organisation", "body__consortium")
    if may_see_dealings(user, body):
        return rows
    return rows.running().filter(hidden=False)


def clash(
    appointment: Appointment, *, name: str, role: BodyRole, start: date, end: date | None
) -> tuple[str, str] | None:
    """What speaks against these days: the field, and why. The database refuses the same."""
    held = appointment.body.appointments.exclude(pk=appointment.pk).filter(role=role)
    held = held.filter(Q(end=None) | Q(end__gt=start), start__lt=end or date.max)
    if held.filter(name=name).exists():
        return "name", _("This person has this role on these days already.")
    holder = held.first() if role.sole else None
    if holder:
        return "role", _("%(name)s has this role on these days.") % {"name": holder.name}
    return None


def name_is_taken(body: Body, name: str) -> bool:
    """Is there another body, or a running application, of this name in its consortium?"""
    over = (State.REFUSED, State.WITHDRAWN)
    others = body.consortium.bodies.exclude(pk=body.pk).exclude(state__in=over)
    return others.filter(name_zh=name).exists()


def reviews_for(user: Viewer) -> set[int]:
    """Keys of the consortia for which ``user`` reviews: as secretary or as expert."""
    found = (r.consortium_id for r in roles_of(user) if r.kind in Role.OF_CONSORTIUM)
    return {key for key in found if key}


def inside(user: Viewer) -> Q:
    """The bodies in which an organisation of ``user`` takes part: as host or co-builder."""
    own = organisations_of(user)
    helped = Body.co_builders.through.objects.filter(organisation__in=own)
    return Q(host__in=own) | Q(pk__in=helped.values("body"))


def may_create(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` plan bodies of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, body: Body) -> Verdict:
    return may_create(user, body.consortium) and _unless_closed(body)


def may_found(user: Viewer, body: Body) -> Verdict:
    """May ``user`` declare the planned ``body`` open?"""
    verdict = may_create(user, body.consortium) and _unless_closed(body)
    if verdict and body.state != State.PLANNED:
        return Verdict(_("This body has been founded already."))
    if verdict and not body.host_id:
        return Verdict(_("Name its host first."))
    return verdict


def may_issue_plaque(user: Viewer, body: Body) -> Verdict:
    """May ``user`` give the host of a running ``body`` its plaque?"""
    verdict = may_create(user, body.consortium)
    if verdict and body.state != State.RUNNING:
        return Verdict(_("Only a running body is given a plaque."))
    if verdict and not body.host_id:
        return Verdict(_("Name its host first."))
    if verdict and body.plaque and not body.plaque.withdrawn_on:
        return Verdict(_("This body has a plaque already."))
    return verdict


def may_close(user: Viewer, body: Body) -> Verdict:
    return may_create(user, body.consortium) and _unless_closed(body)


def may_see_dealings(user: Viewer, body: Body) -> Verdict:
    """May ``user`` read what is not public of ``body``? Host, co-builders and reviewers do."""
    if body.consortium_id in reviews_for(user):
        return YES
    if isinstance(user, User) and Body.objects.filter(inside(user), pk=body.pk).exists():
        return YES
    return Verdict(_("Only the host, its co-builders and the reviewers can read this."))


def may_see_record(user: Viewer, body: Body) -> Verdict:
    """May ``user`` read who did what to ``body`` and why?"""
    if body.host and acts_for(user, body.host):
        return YES
    return may_create(user, body.consortium)


def may_manage(user: Viewer, body: Body) -> Verdict:
    """May ``user`` speak for ``body``: name its people, state its plans and results?"""
    if (body.host and acts_for(user, body.host)) or is_secretary(user, body.consortium):
        return YES
    return Verdict(_("Only the host and the secretariat can do this."))


def may_appoint(user: Viewer, body: Body) -> Verdict:
    """May ``user`` name who serves in ``body``? Not while its application is being reviewed."""
    verdict = may_manage(user, body)
    if verdict and body.state not in (State.DRAFT, State.RETURNED, State.PLANNED, State.RUNNING):
        return Verdict(_("Its people cannot be changed now."))
    return verdict


def may_end(user: Viewer, appointment: Appointment) -> Verdict:
    verdict = may_appoint(user, appointment.body)
    if verdict and appointment.end and appointment.end <= clock.today():
        return Verdict(_("This appointment has ended already."))
    return verdict


def _unless_closed(body: Body) -> Verdict:
    if body.state == State.CLOSED:
        return Verdict(_("This body is closed."))
    if body.state not in Body.PUBLIC:
        return Verdict(_("This body is only applied for."))
    return YES
