"""Who sees an internship: the student, their school, the unit and the two mentors; nobody else."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, acts_for, organisations_of
from silian.governance.signing.models import Signatory
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.consents.models import Consent
from silian.talent.consents.policy import allowing
from silian.talent.internships.facts import findings
from silian.talent.internships.models import Internship, Waiver
from silian.talent.placement.models import Placement
from silian.talent.statutes.rules import OFFER, START

State = Internship.State
OPEN_AGREEMENTS = (Agreement.State.SIGNING, Agreement.State.SIGNED)


def visible_internships(user: Viewer) -> QuerySet[Internship]:
    acting = organisations_of(user)
    mine = Q(student__school__in=acting) | Q(unit__in=acting)
    if isinstance(user, User):
        mine |= Q(student__user=user) | Q(school_mentor=user) | Q(unit_mentor=user)
    rows = Internship.objects.filter(mine).annotate(named=_named_to(user))
    return rows.select_related(
        "consortium",
        "student__school",
        "student__programme",
        "student__person",
        "student__user",
        "unit__industry",
        "position",
        "agreement",
        "insurance",
        "school_mentor",
        "unit_mentor",
        "id_checked_by",
    )


def _named_to(user: Viewer) -> Q:
    """Who may know the student: the school and the student, and the unit on one of its grounds."""
    own = Q(student__school__in=organisations_of(user))
    if isinstance(user, User):
        own |= Q(student__user=user) | Q(school_mentor=user)
    return own | grounds()


def grounds() -> Q:
    """What lets a unit know who its intern is: consent, or the agreement that they signed."""
    signed = Signatory.objects.filter(
        process__agreement=OuterRef("agreement"),
        organisation=None,
        guardian_of="",
        state=Signatory.State.SIGNED,
    )
    allowed = allowing(Consent.Purpose.INTERNSHIP, person="student__person", recipient="unit")
    return Q(agreement__state=Agreement.State.SIGNED) | Q(Exists(signed)) | Q(allowed)


def known_to_unit(internship: Internship) -> bool:
    """May the unit know who its intern is?"""
    return Internship.objects.filter(grounds(), pk=internship.pk).exists()


def visible_waivers(user: Viewer) -> QuerySet[Waiver]:
    """The reasons that were given for one's internships."""
    seen = visible_internships(user).values("pk")
    rows = Waiver.objects.filter(internship__in=seen)
    return rows.select_related("internship__student__school", "internship__consortium", "by")


def schools_of(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The schools of ``consortium`` for which ``user`` acts."""
    current = consortium.memberships.current().values("organisation")
    rows = Organisation.objects.filter(kind__in=Organisation.SCHOOLS, pk__in=current)
    return rows.filter(pk__in=organisations_of(user))


def units_of(consortium: Consortium) -> QuerySet[Organisation]:
    """Where interns of ``consortium`` can go: its members, schools' own bases included."""
    current = consortium.memberships.current().values("organisation")
    return Organisation.objects.filter(pk__in=current)


def placements_to_follow(user: Viewer, consortium: Consortium) -> QuerySet[Placement]:
    """Confirmed internship places of one's students that have no internship yet."""
    rows = Placement.objects.filter(
        round__consortium=consortium,
        state=Placement.State.CONFIRMED,
        seat__position__kind="internship",
        internship=None,
        student__school__in=organisations_of(user),
    )
    return rows.select_related("student__school", "seat__position__organisation", "round")


def may_prepare(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` enter internships here: does a member school speak through them?"""
    if schools_of(user, consortium).exists():
        return YES
    return Verdict(_("Only a school's own staff can do this."))


def may_keep(user: Viewer, internship: Internship) -> Verdict:
    """Does ``user`` act for the student's school, which answers for the internship?"""
    if acts_for(user, internship.student.school):
        return YES
    return Verdict(_("Only the school's own staff can do this."))


def may_edit(user: Viewer, internship: Internship) -> Verdict:
    """May ``user`` change the facts? Until the three sides are asked to sign them."""
    verdict = may_keep(user, internship) and _while(internship, State.PREPARED)
    if verdict and _is_open(internship):
        return Verdict(_("The agreement is being signed or signed; call the signing off first."))
    return verdict


def may_adjust(user: Viewer, internship: Internship) -> Verdict:
    """May ``user`` change mentors and insurance, which may change on the way?"""
    states = (State.PREPARED, State.AGREED, State.RUNNING)
    return may_keep(user, internship) and _while(internship, *states)


def may_offer(user: Viewer, internship: Internship) -> Verdict:
    """May ``user`` ask the three sides to sign? Only when no rule stands against it."""
    verdict = may_edit(user, internship)
    return verdict and _lawful(internship, OFFER)


def may_check_card(user: Viewer, internship: Internship) -> Verdict:
    """May ``user`` note that the unit has checked the identity card?"""
    if not acts_for(user, internship.unit):
        return Verdict(_("Only the unit's own people can do this."))
    if internship.id_checked_on:
        return Verdict(_("The card was checked already."))
    return _while(internship, State.PREPARED, State.AGREED)


def may_settle(user: Viewer, internship: Internship) -> Verdict:
    """All have signed: may ``user`` let it stand after what hindered it was mended?"""
    verdict = may_keep(user, internship) and _while(internship, State.PREPARED)
    agreement = internship.agreement
    if verdict and not (agreement and agreement.state == Agreement.State.SIGNED):
        return Verdict(_("Not all have signed the agreement yet."))
    return verdict and _lawful(internship, OFFER)


def may_start(user: Viewer, internship: Internship) -> Verdict:
    verdict = may_keep(user, internship) and _while(internship, State.AGREED)
    if verdict and internship.starts_on > clock.today():
        return Verdict(_("It begins on %(day)s.") % {"day": internship.starts_on})
    return verdict and _lawful(internship, START)


def may_finish(user: Viewer, internship: Internship) -> Verdict:
    verdict = may_keep(user, internship) and _while(internship, State.RUNNING)
    if verdict and internship.ends_on > clock.today():
        return Verdict(
            _("It lasts until %(day)s; before that it is broken off.") % {"day": internship.ends_on}
        )
    return verdict


def may_break_off(user: Viewer, internship: Internship) -> Verdict:
    return may_keep(user, internship) and _while(internship, State.RUNNING)


def may_cancel(user: Viewer, internship: Internship) -> Verdict:
    return may_keep(user, internship) and _while(internship, State.PREPARED, State.AGREED)


def may_waive(user: Viewer, internship: Internship) -> Verdict:
    """May ``user`` give the school's reason for going against a warning?"""
    states = (State.PREPARED, State.AGREED, State.RUNNING)
    return may_keep(user, internship) and _while(internship, *states)


def may_approve(user: Viewer, waiver: Waiver) -> Verdict:
    """May ``user`` approve a reason? A second person of the school does."""
    verdict = may_keep(user, waiver.internship)
    if verdict and waiver.approved_by_id:
        return Verdict(_("The reason was approved already."))
    if verdict and waiver.by_id == user.pk:
        return Verdict(_("A second person of the school approves the reason."))
    return verdict


def is_intern(user: Viewer, internship: Internship) -> bool:
    return isinstance(user, User) and internship.student.user_id == user.pk


def may_note(user: Viewer, internship: Internship, *states: str) -> Verdict:
    """Does ``user`` accompany the internship for school or unit, as mentor or as staff?"""
    sides = (internship.student.school, internship.unit)
    mentors = (internship.school_mentor_id, internship.unit_mentor_id)
    if user.pk in mentors or any(acts_for(user, side) for side in sides):
        return _while(internship, *states) if states else YES
    return Verdict(_("Only the mentors and the staff of school and unit can do this."))


def _is_open(internship: Internship) -> bool:
    agreement = internship.agreement
    return agreement is not None and agreement.state in OPEN_AGREEMENTS


def _lawful(internship: Internship, step: str) -> Verdict:
    hindering = [finding for finding in findings(internship, step) if finding.hinders]
    return Verdict(hindering[0].message) if hindering else YES


def _while(internship: Internship, *states: str) -> Verdict:
    if internship.state in states:
        return YES
    return Verdict(_("This internship: %(state)s.") % {"state": internship.get_state_display()})
