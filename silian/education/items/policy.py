"""Items are secret: whoever has no seat in a bank does not learn that it has any."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.education.banks.models import Seat
from silian.education.banks.policy import may_write, seated_as, seats_of, visible_banks
from silian.education.items.models import Comment, Item, Use, Version
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.files.models import StoredFile
from silian.kernel.verdicts import YES, Verdict

Part = Seat.Part


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


def visible_pictures(version: Version) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(pk__in=version.pictures.values("file"))


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
    verdict = seated_as(
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
    return seated_as(user, bank, Part.REVIEWER, _("Only the reviewers of this bank do this."))


def awaiting_review(user: User) -> QuerySet[Version]:
    """What ``user`` can review, wherever it is."""
    banks = seats_of(user).filter(part=Part.REVIEWER).values("bank")
    rows = Version.objects.filter(item__bank__in=banks, state=Version.State.REVIEW)
    return rows.exclude(by=user)


def sent_back(user: User) -> QuerySet[Version]:
    """Drafts of ``user`` that a reviewer has looked at."""
    mine = Version.objects.filter(by=user, state=Version.State.DRAFT, newest=True)
    return mine.filter(comments__isnull=False).exclude(comments__by=user).distinct()
