"""From a draft to the secretariat's answer."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from silian.governance.bodies.models import Body
from silian.governance.bodies.services import hold, tell_host
from silian.governance.members.models import Organisation
from silian.governance.proposals.models import Opinion
from silian.governance.roles.policy import secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Body.State


@transaction.atomic
def save_draft(body: Body, *, co_builders: Iterable[Organisation], by: User) -> Body:
    """Keep a new draft, or what changed in a draft or a returned application."""
    action = gettext_noop("Application changed") if body.pk else gettext_noop("Application begun")
    if body.pk:
        hold(body)
    body.applied_by = body.applied_by or by
    try:
        with transaction.atomic():
            body.save()
    except IntegrityError as error:  # another of this name came first
        raise IllegalMove(f"{body} is there already") from error
    body.co_builders.set(co_builders)
    record(body, action, by=by)
    return body


@transaction.atomic
def submit(body: Body, *, by: User) -> None:
    """Hand the application in to the secretariat, for the first time or changed."""
    again = body.state == State.RETURNED
    move(body, State.SUBMITTED, by=by, applied_at=clock.now())
    message = (
        gettext_noop("%(host)s has changed its application for “%(body)s”.")
        if again
        else gettext_noop("%(host)s applies for “%(body)s”.")
    )
    _tell_secretariat(body, message)


@transaction.atomic
def withdraw(body: Body, *, by: User, why: str = "") -> None:
    """The applicant gives it up."""
    handed_in = body.state != State.DRAFT
    move(body, State.WITHDRAWN, by=by, why=why)
    if handed_in:
        _tell_secretariat(body, gettext_noop("%(host)s no longer applies for “%(body)s”."))


@transaction.atomic
def give_opinion(body: Body, *, by: User, view: str, reason: str) -> Opinion:
    """Keep what one reviewer thinks; what somebody thought before stays."""
    opinion = Opinion.objects.create(body=body, reviewer=by, view=view, reason=reason)
    record(opinion, gettext_noop("Opinion given"), by=by)  # not in the applicant's timeline
    return opinion


@transaction.atomic
def accept(body: Body, *, by: User, why: str = "") -> None:
    """The body may be built: it is public as planned from now on, until it is founded."""
    move(body, State.PLANNED, by=by, why=why, answer=why)
    tell_host(body, gettext_noop("The application for “%(body)s” was accepted."))


@transaction.atomic
def return_proposal(body: Body, *, by: User, why: str) -> None:
    """Ask the applicant to change the application."""
    move(body, State.RETURNED, by=by, why=why, answer=why)
    message = gettext_noop("The application for “%(body)s” needs a change: %(why)s")
    tell_host(body, message, why=why)


@transaction.atomic
def refuse(body: Body, *, by: User, why: str) -> None:
    """Say no to the application."""
    move(body, State.REFUSED, by=by, why=why, answer=why)
    tell_host(body, gettext_noop("The application for “%(body)s” was refused: %(why)s"), why=why)


def _tell_secretariat(body: Body, message: str) -> None:
    names = {"body": both(body), "host": both(body.host)}
    notify(secretaries_of(body.consortium), message, url=body.get_absolute_url(), **names)
