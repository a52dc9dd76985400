"""What can happen to an organisation and to its place in a consortium."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation, Review
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock, events
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Membership.State


@transaction.atomic
def save_organisation(organisation: Organisation, *, by: User) -> Organisation:
    """Keep a new organisation or the changed data of one."""
    action = gettext_noop("Data changed") if organisation.pk else gettext_noop("Added")
    organisation.save()
    record(organisation, action, by=by)
    return organisation


@transaction.atomic
def apply(  # noqa: PLR0913  an application is these few words
    consortium: Consortium,
    organisation: Organisation,
    *,
    by: User,
    statement: str = "",
    contact_name: str = "",
    contact_phone: str = "",
) -> Membership:
    """Ask for ``organisation`` to be let into ``consortium``."""
    membership = Membership(
        consortium=consortium,
        organisation=organisation,
        statement=statement,
        contact_name=contact_name,
        contact_phone=contact_phone,
        applied_by=by,
    )
    _insert(membership)
    record(membership, gettext_noop("Application made"), by=by)
    _tell_secretariat(membership, gettext_noop("%(organisation)s asks to join %(consortium)s."))
    return membership


@transaction.atomic
def resubmit(
    membership: Membership, *, by: User, statement: str, contact_name: str, contact_phone: str
) -> None:
    """Hand a returned application in again, changed."""
    facts = {"statement": statement, "contact_name": contact_name, "contact_phone": contact_phone}
    move(membership, State.APPLIED, by=by, applied_at=clock.now(), **facts)
    _tell_secretariat(membership, gettext_noop("%(organisation)s has answered and applies again."))


@transaction.atomic
def withdraw(membership: Membership, *, by: User, why: str = "") -> None:
    """The applicant no longer wants to join."""
    move(membership, State.WITHDRAWN, by=by, why=why, ended_on=clock.today())
    _tell_secretariat(membership, gettext_noop("%(organisation)s has withdrawn its application."))


@transaction.atomic
def give_opinion(membership: Membership, *, by: User, opinion: str, reason: str) -> Review:
    """Keep what one reviewer thinks of an application; what somebody thought before stays."""
    review = Review.objects.create(
        membership=membership, reviewer=by, opinion=opinion, reason=reason
    )
    record(review, gettext_noop("Opinion given"), by=by)  # not in the applicant's timeline
    return review


@transaction.atomic
def admit(membership: Membership, *, by: User, part: str, grade: str, on: date) -> None:
    """Let the applicant in, from ``on``."""
    move(membership, State.ADMITTED, by=by, part=part, grade=grade, admitted_on=on)
    _tell_organisation(membership, gettext_noop("%(organisation)s is now in %(consortium)s."))


@transaction.atomic
def return_application(membership: Membership, *, by: User, why: str) -> None:
    """Ask the applicant to change the application."""
    move(membership, State.RETURNED, by=by, why=why, answer=why)
    message = gettext_noop("The application to %(consortium)s needs a change: %(why)s")
    _tell_organisation(membership, message, why=why)


@transaction.atomic
def refuse(membership: Membership, *, by: User, why: str) -> None:
    """Say no to the application."""
    move(membership, State.REFUSED, by=by, why=why, answer=why, ended_on=clock.today())
    message = gettext_noop("The application to %(consortium)s was refused: %(why)s")
    _tell_organisation(membership, message, why=why)


@transaction.atomic
def add_member(  # noqa: PLR0913  a membership is these few facts
    consortium: Consortium,
    organisation: Organisation,
    *,
    by: User | None,
    on: date,
    part: str = Membership.Part.MEMBER,
    grade: str = Membership.Grade.MEMBER,
    founding: bool = False,
) -> Membership:
    """Enter a member without an application, as at the founding."""
    membership = Membership(
        consortium=consortium,
        organisation=organisation,
        state=State.ADMITTED,
        admitted_on=on,
        part=part,
        grade=grade,
        founding=founding,
    )
    _insert(membership)
    record(membership, gettext_noop("Member entered"), by=by, part=part, grade=grade, on=str(on))
    return membership


@transaction.atomic
def suspend(membership: Membership, *, by: User, why: str) -> None:
    """Stop what the member may do in the consortium, until it is lifted."""
    move(membership, State.SUSPENDED, by=by, why=why)
    _announce_end(membership)
    message = gettext_noop("The membership in %(consortium)s is suspended: %(why)s")
    _tell_organisation(membership, message, why=why)


@transaction.atomic
def lift(membership: Membership, *, by: User, why: str = "") -> None:
    """End a suspension."""
    move(membership, State.ADMITTED, by=by, why=why)
    message = gettext_noop("The suspension in %(consortium)s is lifted.")
    _tell_organisation(membership, message)


@transaction.atomic
def end(membership: Membership, *, by: User, why: str) -> None:
    """The organisation leaves the consortium today, by its own wish or the secretariat's."""
    move(membership, State.LEFT, by=by, why=why, ended_on=clock.today())
    _announce_end(membership)
    message = gettext_noop("%(organisation)s has left %(consortium)s: %(why)s")
    _tell_organisation(membership, message, why=why)
    _tell_secretariat(membership, message, why=why)


@transaction.atomic
def regrade(membership: Membership, *, by: User, part: str, grade: str, why: str) -> None:
    """Change what the member is to the consortium."""
    was = {"part": membership.part, "grade": membership.grade}
    membership.part, membership.grade = part, grade
    membership.save(update_fields=["part", "grade"])
    now = {"part": part, "grade": grade}
    record(membership, gettext_noop("Grade or part changed"), by=by, was=was, to=now, why=why)
    message = gettext_noop("The grade of %(organisation)s in %(consortium)s has changed.")
    _tell_organisation(membership, message)


def _insert(membership: Membership) -> None:
    """Save a new membership, or raise IllegalMove where one is running already."""
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise IllegalMove(f"{membership} is running already") from error


def _announce_end(membership: Membership) -> None:
    fact = events.MembershipEnded(
        membership.consortium_id, membership.organisation_id, clock.today()
    )
    events.membership_ended.send(Membership, fact=fact)


def _tell_secretariat(membership: Membership, message: str, **params: str) -> None:
    notify(secretaries_of(membership.consortium), message, **_words(membership), **params)


def _tell_organisation(membership: Membership, message: str, **params: str) -> None:
    notify(people_of(membership.organisation), message, **_words(membership), **params)


def _words(membership: Membership) -> dict[str, Any]:
    """What the notices of a membership are worded with, and where they lead."""
    url = reverse("members:member_detail", args=[membership.consortium, membership.pk])
    names = {
        "organisation": both(membership.organisation),
        "consortium": both(membership.consortium),
    }
    return {"url": url, **names}
