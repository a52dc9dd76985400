"""A bank is secret: whoever has no seat in it does not learn that it has anything."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.banks.models import Bank, Seat
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, roles_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

Part = Seat.Part


def seats_of(user: Viewer) -> QuerySet[Seat]:
    """The seats that ``user`` holds today."""
    if not isinstance(user, User):
        return Seat.objects.none()
    today = clock.today()
    return Seat.objects.filter(Q(until=None) | Q(until__gt=today), user=user, since__lte=today)


def visible_banks(user: Viewer) -> QuerySet[Bank]:
    """Those with a seat of one's own, and those one looks after."""
    seated = Q(pk__in=seats_of(user).values("bank"))
    rows = Bank.objects.filter(seated | _looked_after(user))
    return rows.select_related("consortium", "organisation")


def banks_to_write_in(user: Viewer, consortium: Consortium) -> QuerySet[Bank]:
    return _banks_as(user, Part.AUTHOR).filter(consortium=consortium)


def banks_to_set_from(user: Viewer, consortium: Consortium) -> QuerySet[Bank]:
    """Whose approved items ``user`` may put into papers."""
    return _banks_as(user, Part.SETTER).filter(consortium=consortium)


def visible_seats(bank: Bank) -> QuerySet[Seat]:
    """Who may do what in a bank that the reader was found to see; those that ended come last."""
    rows = bank.seats.select_related("user", "bank__consortium")
    return rows.order_by(F("until").desc(nulls_first=True), "part", "pk")


def people_for(bank: Bank) -> QuerySet[User]:
    """Who can be given a seat: people of the organisation, or of the consortium and its members."""
    roles = Role.objects.running().exclude(kind=Role.Kind.STUDENT)
    if bank.organisation_id:
        roles = roles.filter(organisation=bank.organisation_id)
    else:
        members = Membership.objects.current().filter(consortium=bank.consortium_id)
        inside = Q(organisation__in=members.values("organisation"))
        roles = roles.filter(inside | Q(consortium=bank.consortium_id))
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("name")


def owners_for(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Organisations for which ``user`` may open a bank here: those they manage."""
    members = Membership.objects.current().filter(consortium=consortium)
    managed = Organisation.objects.filter(pk__in=_managed(user))
    return managed.filter(pk__in=members.values("organisation"))


def may_open_bank(user: Viewer, consortium: Consortium) -> Verdict:
    """The secretariat opens banks of the consortium, a manager those of a member."""
    if consortium.pk in secretariats_of(user) or owners_for(user, consortium).exists():
        return YES
    return Verdict(_("Only the secretariat and managers of members open item banks."))


def may_look_after(user: Viewer, bank: Bank) -> Verdict:
    """May ``user`` give and end seats? Then they see the bank, and need a seat for all else."""
    if bank.organisation_id:
        inside = bank.organisation_id in _managed(user)
    else:
        inside = bank.consortium_id in secretariats_of(user)
    return YES if inside else Verdict(_("Only whoever looks after the bank gives seats."))


def may_write(user: Viewer, bank: Bank) -> Verdict:
    return seated_as(user, bank, Part.AUTHOR, _("Only the authors of this bank write items."))


def may_set(user: Viewer, bank: Bank) -> Verdict:
    return seated_as(
        user, bank, Part.SETTER, _("Only those who set papers from this bank do this.")
    )


def seated_as(user: Viewer, bank: Bank, part: str, reason: str) -> Verdict:
    seated = seats_of(user).filter(bank=bank, part=part).exists()
    return YES if seated else Verdict(reason)


def _banks_as(user: Viewer, part: str) -> QuerySet[Bank]:
    rows = Bank.objects.filter(pk__in=seats_of(user).filter(part=part).values("bank"))
    return rows.select_related("consortium", "organisation")


def _looked_after(user: Viewer) -> Q:
    return Q(organisation=None, consortium__in=secretariats_of(user)) | Q(
        organisation__in=_managed(user)
    )


def _managed(user: Viewer) -> set[int]:
    found = (r.organisation_id for r in roles_of(user) if r.kind == Role.Kind.MANAGER)
    return {key for key in found if key}
