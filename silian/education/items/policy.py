"""Items are secret: whoever has no seat in a bank does not learn that it has any."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.items.models import Bank, Comment, Item, Seat, Use, Version
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, roles_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.files.models import StoredFile
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


def visible_versions(user: Viewer) -> QuerySet[Version]:
    """Every version of the items in those banks."""
    rows = Version.objects.filter(item__bank__in=visible_banks(user).values("pk"))
    joined = rows.select_related("item__bank__consortium", "item__occupation", "by", "reviewed_by")
    return joined.prefetch_related("item__tested__skill")


def newest_versions(user: Viewer, consortium: Consortium) -> QuerySet[Version]:
    """What the list of a consortium's items shows: one version of each."""
    return visible_versions(user).filter(newest=True, item__bank__consortium=consortium)


def visible_comments(version: Version) -> QuerySet[Comment]:
    """What was said about a version that the reader was found to see."""
    return version.comments.select_related("by")


def visible_uses(item: Item) -> QuerySet[Use]:
    """Where an item that the reader was found to see was used, in whichever version."""
    return Use.objects.filter(version__item=item).select_related("version")


def visible_seats(bank: Bank) -> QuerySet[Seat]:
    """Who may do what in a bank that the reader was found to see; those that ended come last."""
    rows = bank.seats.select_related("user", "bank__consortium")
    return rows.order_by(F("until").desc(nulls_first=True), "part", "pk")


def visible_pictures(version: Version) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(pk__in=version.pictures.values("file"))


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
    return _as(user, bank, Part.AUTHOR, _("Only the authors of this bank write items."))


def may_set(user: Viewer, bank: Bank) -> Verdict:
    return _as(user, bank, Part.SETTER, _("Only those who set papers from this bank do this."))


def may_export(user: Viewer, bank: Bank) -> Verdict:
    """Whoever has a seat may take items along; looking after a bank is not enough."""
    if seats_of(user).filter(bank=bank).exists():
        return YES
    return Verdict(_("Only those with a seat in this bank take items along."))


def may_edit(user: Viewer, version: Version) -> Verdict:
    """A draft belongs to its author."""
    verdict = may_write(user, version.item.bank)
    if verdict and version.by_id != user.pk:
        return Verdict(_("A draft is changed by its author."))
    if verdict and version.state != Version.State.DRAFT:
        return Verdict(_("What was handed in stays as it is."))
    return verdict


def may_rewrite(user: Viewer, version: Version) -> Verdict:
    """May ``user`` begin the next version?"""
    verdict = may_write(user, version.item.bank)
    if verdict and not version.newest:
        return Verdict(_("There is a newer version."))
    if verdict and version.state not in (Version.State.APPROVED, Version.State.RETIRED):
        return Verdict(_("This version is not finished yet."))
    return verdict


def may_review(user: Viewer, version: Version) -> Verdict:
    """A second person, never the author."""
    verdict = _as(
        user, version.item.bank, Part.REVIEWER, _("Only the reviewers of this bank do this.")
    )
    if verdict and version.by_id == user.pk:
        return Verdict(_("Nobody reviews an item of their own."))
    if verdict and version.state != Version.State.REVIEW:
        return Verdict(_("This version does not wait for a review."))
    return verdict


def may_comment(user: Viewer, version: Version) -> Verdict:
    """Its author and the reviewers, while it is not decided."""
    if version.state not in (Version.State.DRAFT, Version.State.REVIEW):
        return Verdict(_("This version is decided."))
    own = version.by_id == user.pk and bool(may_write(user, version.item.bank))
    if own or seats_of(user).filter(bank=version.item.bank_id, part=Part.REVIEWER).exists():
        return YES
    return Verdict(_("Only the author and the reviewers comment."))


def may_retire(user: Viewer, version: Version) -> Verdict:
    """An approved version is taken out of use by a reviewer, a draft by its author."""
    if version.state == Version.State.DRAFT:
        return may_edit(user, version)
    if version.state != Version.State.APPROVED:
        return Verdict(_("Only what is approved or a draft is retired."))
    bank = version.item.bank
    return _as(user, bank, Part.REVIEWER, _("Only the reviewers of this bank do this."))


def awaiting_review(user: User) -> QuerySet[Version]:
    """What ``user`` can review, wherever it is."""
    banks = seats_of(user).filter(part=Part.REVIEWER).values("bank")
    rows = Version.objects.filter(item__bank__in=banks, state=Version.State.REVIEW)
    return rows.exclude(by=user)


def sent_back(user: User) -> QuerySet[Version]:
    """Drafts of ``user`` that a reviewer has looked at."""
    mine = Version.objects.filter(by=user, state=Version.State.DRAFT, newest=True)
    return mine.filter(comments__isnull=False).exclude(comments__by=user).distinct()


def _as(user: Viewer, bank: Bank, part: str, reason: str) -> Verdict:
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
