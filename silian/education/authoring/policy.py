"""Who takes part in an edition, who writes and comments on it, and what its writers may see."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.authoring.models import Comment, Contributor, Keep, Revision
from silian.education.standards.models import Edition, Section
from silian.education.standards.policy import (
    may_administer,
    visible_askers,
    visible_editions,
    writes_for,
)
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict


def seats_of(user: User) -> QuerySet[Contributor]:
    """Where ``user`` takes part, in person or for an organisation that takes part."""
    whole = Q(user=None, organisation__in=organisations_of(user))
    return Contributor.objects.filter(Q(user=user) | whole)


def visible_contributors(user: Viewer, edition: Edition) -> QuerySet[Contributor]:
    """Everybody's row; pages that strangers read show organisations and who agreed to be named."""
    return edition.contributors.select_related("organisation", "user")


def visible_comments(user: Viewer, edition: Edition) -> QuerySet[Comment]:
    """What is said at the table stays there."""
    if not may_see_table(user, edition):
        return Comment.objects.none()
    return edition.comments.select_related("organisation", "by", "settled_by", "unit", "edition")


def visible_sections(edition: Edition) -> QuerySet[Section]:
    """The sections of an edition that the reader was found to see."""
    return edition.sections.select_related("edition__standard__consortium", "by")


def visible_revisions(user: Viewer, section: Section) -> QuerySet[Revision]:
    if not may_see_table(user, section.edition):
        return Revision.objects.none()
    return section.revisions.select_related("organisation", "by")


def own_keep(user: User, section: Section) -> Keep | None:
    """What ``user`` typed into ``section`` and did not save."""
    return section.keeps.filter(by=user).first()


def others_typing(user: User, section: Section) -> QuerySet[Keep]:
    """Who else has an unsaved text of this section, the latest first."""
    return section.keeps.exclude(by=user).select_related("by").order_by("-at")


def visible_partners(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Who can be asked to take part: the current members."""
    members = Membership.objects.current().filter(consortium=consortium)
    return Organisation.objects.filter(pk__in=members.values("organisation"))


def table_of(user: Viewer, edition: Edition) -> str:
    """As what ``user`` sits at the table: "school", a part of Contributor, or nothing."""
    if edition.standard.programme.school_id in writes_for(user):
        return "school"
    if not isinstance(user, User):
        return ""
    parts = list(seats_of(user).filter(edition=edition).values_list("part", flat=True))
    return next((str(part) for part in Contributor.Part if part in parts), "")


def may_see_table(user: Viewer, edition: Edition) -> Verdict:
    """May ``user`` read comments, versions and counts of this edition, public or not?"""
    inside = table_of(user, edition) or is_secretary(user, edition.standard.consortium)
    if inside or (not edition.is_public and visible_editions(user).filter(pk=edition.pk).exists()):
        return YES
    return Verdict(_("Only those who take part can read this."))


def may_write(user: Viewer, edition: Edition) -> Verdict:
    """May ``user`` change sections and units?"""
    if table_of(user, edition) in ("school", *Contributor.WRITING):
        return _while_draft(edition)
    return Verdict(_("Only the school and those who write with it can do this."))


def may_comment(user: Viewer, edition: Edition) -> Verdict:
    """May ``user`` say something about it? All at the table may, and the secretariat."""
    if table_of(user, edition) or is_secretary(user, edition.standard.consortium):
        return _while_draft(edition)
    return Verdict(_("Only those who take part can comment."))


def may_settle(user: Viewer, comment: Comment) -> Verdict:
    """The school and its fellow writers say what came of a comment."""
    return open_to_answer(comment, may_write(user, comment.edition))


def open_to_answer(comment: Comment, writing: Verdict) -> Verdict:
    """The same, where ``writing`` says already whether the reader writes the edition."""
    if writing and comment.settled_at:
        return Verdict(_("This comment is settled already."))
    return writing


def may_invite(user: Viewer, edition: Edition) -> Verdict:
    """May ``user`` settle who takes part?"""
    return may_administer(user, edition.standard) and _while_draft(edition)


def may_remove(user: Viewer, contributor: Contributor) -> Verdict:
    """Who has written or commented stays listed."""
    verdict = may_invite(user, contributor.edition)
    if verdict and (contributor.edits or contributor.comments):
        return Verdict(_("Who has written or commented stays listed."))
    return verdict


def may_name(user: Viewer, contributor: Contributor) -> Verdict:
    """May ``user`` decide whether this person is named in public? Only that person may."""
    if contributor.user_id is not None and contributor.user_id == user.pk:
        return YES
    return Verdict(_("Only the person decides this."))


def side_of(user: User, edition: Edition) -> Organisation | None:
    """In whose name ``user`` writes: the school, the partner, or nobody for the secretariat."""
    school = edition.standard.programme.school
    if school.pk in writes_for(user):
        return school
    seat = seats_of(user).filter(edition=edition).select_related("organisation").first()
    if seat:
        return seat.organisation
    return visible_askers(user, edition.standard.consortium).first()


def has_written(user: User, edition: Edition) -> bool:
    """Did ``user`` help to make this edition? Then they may not review it."""
    rows = Contributor.objects.filter(edition=edition, user=user)
    return rows.filter(Q(part__in=Contributor.WRITING) | Q(edits__gt=0)).exists()


def _while_draft(edition: Edition) -> Verdict:
    if edition.state == Edition.State.DRAFT:
        return YES
    return Verdict(_("Only a draft can be changed."))
