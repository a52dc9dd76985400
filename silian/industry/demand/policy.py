"""Who may see positions and templates, and who may state, review, close and confirm them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    roles_of,
    secretariats_of,
)
from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict

State = Position.State
EVERY_FIELD = [*Position._meta.fields, *Position._meta.many_to_many]


def visible_positions(user: Viewer) -> QuerySet[Position]:
    """What was published is public; a draft is its employer's alone, the rest both sides'."""
    public = Q(published_at__isnull=False)
    own = Q(organisation__in=organisations_of(user))
    reviewed = Q(consortium__in=secretariats_of(user)) & ~Q(state=State.DRAFT)
    return Position.objects.filter(public | own | reviewed).for_lists()


def visible_employers(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The current members of ``consortium`` in whose name ``user`` may state positions."""
    members = Membership.objects.current().filter(consortium=consortium)
    own = Organisation.objects.filter(pk__in=organisations_of(user))
    return own.filter(pk__in=members.values("organisation"))


def may_see_contact(user: Viewer, position: Position) -> Verdict:
    """Whom to ask concerns people of the units of the same consortium."""
    sides = {role.consortium_id for role in roles_of(user)}
    if position.consortium_id in sides or acts_for(user, position.organisation):
        return YES
    units = [role.organisation_id for role in roles_of(user) if role.organisation_id]
    members = Membership.objects.current().filter(consortium=position.consortium_id)
    if units and members.filter(organisation__in=units).exists():
        return YES
    return Verdict(_("The contact is shown to people of the member units, signed in."))


def may_state(user: Viewer, consortium: Consortium) -> Verdict:
    if not organisations_of(user):
        return Verdict(_("Only somebody who acts for a member can state positions."))
    if not visible_employers(user, consortium).exists():
        return Verdict(_("Only current members can state positions."))
    return YES


def may_review(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` work through what the members have handed in?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, position: Position) -> Verdict:
    verdict = _for_employer(user, position)
    if verdict and position.state not in Position.EDITABLE:
        return Verdict(_("It can be changed only as a draft or when it was returned."))
    return verdict


def may_submit(user: Viewer, position: Position) -> Verdict:
    verdict = may_edit(user, position)
    if verdict and not _is_member(position):
        return Verdict(_("Only current members can state positions."))
    if verdict and (missing := position.missing()):
        words = {field.name: str(field.verbose_name) for field in EVERY_FIELD}
        names = _(", ").join(words[name] for name in missing)
        return Verdict(_("Still missing: %(names)s.") % {"names": names})
    if verdict and position.starts_on and position.starts_on < clock.today():
        return Verdict(_("The day on which it starts has passed."))
    return verdict


def may_withdraw(user: Viewer, position: Position) -> Verdict:
    """May ``user`` take a position back that waits for review?"""
    return _for_employer(user, position) and _while(position, State.SUBMITTED)


def may_decide(user: Viewer, position: Position) -> Verdict:
    """May ``user`` publish or return it?"""
    verdict = may_review(user, position.consortium) and _while(position, State.SUBMITTED)
    if verdict and not _is_member(position):
        return Verdict(_("The employer is not a current member any more."))
    return verdict


def may_close(user: Viewer, position: Position) -> Verdict:
    """Its employer may at any time; the secretariat once it is published."""
    if is_secretary(user, position.consortium) and position.state == State.PUBLISHED:
        return YES
    open_states = (State.DRAFT, State.RETURNED, State.PUBLISHED)
    return _for_employer(user, position) and _while(position, *open_states)


def may_confirm(user: Viewer, position: Position) -> Verdict:
    verdict = _for_employer(user, position) and _while(position, State.PUBLISHED)
    if verdict and position.confirmed_on == clock.today():
        return Verdict(_("Confirmed today."))
    return verdict


def may_reopen(user: Viewer, position: Position) -> Verdict:
    """What was closed only because nobody answered may come back as it was."""
    verdict = _for_employer(user, position) and _while(position, State.CLOSED)
    if verdict and not position.lapsed_on:
        return Verdict(_("It was closed on purpose; copy it to state it anew."))
    if verdict and position.is_over:
        return Verdict(_("Its time is over; copy it to state it anew."))
    if verdict and not _is_member(position):
        return Verdict(_("Only current members can state positions."))
    return verdict


def may_copy(user: Viewer, position: Position) -> Verdict:
    return _for_employer(user, position) and may_state(user, position.consortium)


def _for_employer(user: Viewer, position: Position) -> Verdict:
    if acts_for(user, position.organisation):
        return YES
    return Verdict(_("Only somebody who acts for the employer can do this."))


def _while(position: Position, *states: str) -> Verdict:
    if position.state in states:
        return YES
    return Verdict(_("The position is not in a state that allows this."))


def _is_member(position: Position) -> bool:
    current = Membership.objects.current().filter(consortium=position.consortium)
    return current.filter(organisation=position.organisation).exists()
