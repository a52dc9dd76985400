"""Who holds an appraisal, who enters whom, and who sees whom.

What is announced is public; who takes part is known to whoever holds it, to the candidate, and to
the firm that entered them.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.practicals.models import Practical
from silian.education.questions.schema import Level
from silian.education.schemes.policy import bodies_of
from silian.education.sittings.models import Exam
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    people_of,
    roles_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Appraisal.State


def managed(user: Viewer, path: str = "") -> Q:
    """Rows of appraisals that ``user`` holds; ``path`` leads from the row to its appraisal."""
    by_body = Q((f"{path}organiser__in", organisations_of(user)))
    return by_body | Q((f"{path}consortium__in", secretariats_of(user)))


def visible_appraisals(user: Viewer) -> QuerySet[Appraisal]:
    """What was announced is public; a draft is its holder's, and what was cancelled that of whoever
    entered too."""
    entered = visible_entries(user).order_by().values("appraisal")
    seen = Q(state__in=Appraisal.ANNOUNCED) | Q(state=State.CANCELLED, pk__in=entered)
    rows = Appraisal.objects.filter(seen | managed(user))
    return rows.select_related("consortium", "organiser", "occupation", "exam", "practical")


def managed_appraisals(user: Viewer) -> QuerySet[Appraisal]:
    return visible_appraisals(user).filter(managed(user))


def visible_entries(user: Viewer) -> QuerySet[Entry]:
    """One's own, those of firms that one acts for, and those of appraisals that one holds."""
    if not isinstance(user, User):
        return Entry.objects.none()
    seen = managed(user, "appraisal__") | Q(organisation__in=organisations_of(user))
    seen |= Q(person__user=user)
    rows = Entry.objects.filter(seen)
    return rows.select_related("appraisal__consortium", "person", "organisation")


def own_entries(user: User) -> QuerySet[Entry]:
    rows = Entry.objects.filter(person__user=user)
    joined = rows.select_related(
        "appraisal__consortium", "appraisal__organiser", "appraisal__occupation", "person"
    )
    return joined.order_by("-appraisal__exam_on", "-pk")


def readable(user: User) -> QuerySet[Appraisal]:
    """Published results that ``user`` reads by number: as a member, or taking part."""
    roles = roles_of(user)
    sides = [role.organisation_id for role in roles if role.organisation_id]
    members = Membership.objects.current().filter(organisation__in=sides)
    inside = Q(consortium__in=[role.consortium_id for role in roles if role.consortium_id])
    inside |= Q(consortium__in=members.values("consortium"))
    entered = own_entries(user).exclude(state=Entry.State.WITHDRAWN).order_by()
    rows = visible_appraisals(user).filter(state__in=Appraisal.TOLD)
    return rows.filter(inside | Q(pk__in=entered.values("appraisal")))


def entry_of(user: Viewer, appraisal: Appraisal) -> Entry | None:
    """One's own entry, where there is one."""
    if not isinstance(user, User):
        return None
    return own_entries(user).filter(appraisal=appraisal).exclude(state="withdrawn").first()


def sits_on_panel(user: Viewer, appraisal: Appraisal) -> bool:
    """Is ``user`` an expert of its comprehensive review?"""
    return isinstance(user, User) and appraisal.seats.filter(user=user).exists()


def acting_firms(user: Viewer) -> QuerySet[Organisation]:
    """In whose name ``user`` can enter people: any organisation, member or not."""
    return Organisation.objects.filter(pk__in=organisations_of(user)).order_by("pk")


def exams_for(appraisal: Appraisal) -> QuerySet[Exam]:
    """The body's theory exams of the same occupation and level, not what is cancelled."""
    return Exam.objects.filter(_fitting(appraisal))


def practicals_for(appraisal: Appraisal) -> QuerySet[Practical]:
    return Practical.objects.filter(_fitting(appraisal))


def _fitting(appraisal: Appraisal) -> Q:
    """Exams write one of the five levels as a digit. One that says it in words is not left out, and
    for levels below and above the five none is: the office knows."""
    own = appraisal.level.removeprefix("l")
    others = [level for level in Level.values if own in Level.values and level != own]
    body = Q(consortium=appraisal.consortium_id, organiser=appraisal.organiser_id)
    same = body & Q(occupation__code=appraisal.occupation.code)
    return same & ~Q(level__in=others) & ~Q(state="cancelled")


def office_of(appraisal: Appraisal) -> QuerySet[User]:
    """Who acts for the body that holds it."""
    return people_of(appraisal.organiser)


def people_for(entry: Entry) -> QuerySet[User]:
    """The accounts to tell: the candidate, and whoever acts for the firm that entered them."""
    acting = Role.objects.running().filter(organisation=entry.organisation_id, kind__in=Role.ACTING)
    firm = Q(pk__in=acting.values("user")) if entry.organisation_id else Q(pk=None)
    return User.objects.filter(firm | Q(pk=entry.person.user_id), is_active=True)


# --- verdicts ---------------------------------------------------------------------------
def may_hold(user: Viewer, consortium: Consortium) -> Verdict:
    if bodies_of(user, consortium).exists():
        return YES
    return Verdict(_("Only the secretariat and members hold appraisals."))


def may_manage(user: Viewer, appraisal: Appraisal) -> Verdict:
    if acts_for(user, appraisal.organiser) or is_secretary(user, appraisal.consortium):
        return YES
    return Verdict(_("Only the secretariat and the assessment body can do this."))


def may_edit(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if own and appraisal.state not in (State.DRAFT, State.OPEN):
        return Verdict(_("The appraisal is under way: it stays as it was announced."))
    return own


def may_open(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if own and appraisal.state != State.DRAFT:
        return Verdict(_("Entries are open already."))
    return own


def may_begin(user: Viewer, appraisal: Appraisal) -> Verdict:
    """Close the entries; everybody is checked by then."""
    own = may_manage(user, appraisal)
    if not own:
        return own
    if appraisal.state != State.OPEN:
        return Verdict(_("Entries are not open."))
    if appraisal.entries.filter(state=Entry.State.SUBMITTED).exists():
        return Verdict(_("Not every entry is checked."))
    if not appraisal.entries.filter(state=Entry.State.ACCEPTED).exists():
        return Verdict(_("Nobody is accepted yet."))
    return YES


def may_reopen(user: Viewer, appraisal: Appraisal) -> Verdict:
    """Take entries again, as long as nothing has been announced or given by who is in."""
    own = may_manage(user, appraisal)
    if not own:
        return own
    if appraisal.state != State.UNDER_WAY:
        return Verdict(_("The appraisal is not under way."))
    if any(one.state != "draft" for one in (appraisal.exam, appraisal.practical) if one):
        return Verdict(_("The exams are announced: their candidates stay as they are."))
    given = Q(given__isnull=False) | Q(opinions__isnull=False)
    if appraisal.entries.filter(given).exists():
        return Verdict(_("Marks were given already."))
    return YES


def may_cancel(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if own and State.CANCELLED not in Appraisal.MOVES.get(State(appraisal.state), ()):
        return Verdict(_("It is too late to cancel it."))
    return own


def may_link(user: Viewer, appraisal: Appraisal) -> Verdict:
    """May ``user`` say which exams it consists of, and enter candidates into them?"""
    own = may_manage(user, appraisal)
    if own and appraisal.state not in (State.OPEN, State.UNDER_WAY):
        return Verdict(_("Exams are chosen while it is open or under way."))
    return own


def takes_entries(appraisal: Appraisal) -> Verdict:
    if appraisal.takes_entries:
        return YES
    return Verdict(_("Entries are not open."))


def may_enter(user: Viewer, appraisal: Appraisal) -> Verdict:
    if not isinstance(user, User):
        return Verdict(_("Sign in to enter."))
    if entry_of(user, appraisal):
        return Verdict(_("You are entered already."))
    return takes_entries(appraisal)


def may_enter_for(user: Viewer, appraisal: Appraisal, firm: Organisation) -> Verdict:
    """Enter people in the name of a firm."""
    if not acts_for(user, firm):
        return Verdict(_("Only people of the organisation can do this."))
    return takes_entries(appraisal)


def may_enter_any(user: Viewer, appraisal: Appraisal) -> Verdict:
    """The office enters people while entries are open, whatever the days."""
    own = may_manage(user, appraisal)
    if own and appraisal.state != State.OPEN:
        return Verdict(_("Entries are not open."))
    return own


def may_check(user: Viewer, entry: Entry) -> Verdict:
    """Accept or return an entry; nobody checks their own."""
    own = may_manage(user, entry.appraisal)
    if own and entry.person.user_id == getattr(user, "pk", None):
        return Verdict(_("Nobody checks their own entry."))
    if own and entry.appraisal.state != State.OPEN:
        return Verdict(_("Entries are not open."))
    return own


def may_accept(user: Viewer, entry: Entry) -> Verdict:
    own = may_check(user, entry)
    if own and entry.state != Entry.State.SUBMITTED:
        return Verdict(_("It does not wait to be checked."))
    return own


def may_return(user: Viewer, entry: Entry) -> Verdict:
    own = may_check(user, entry)
    if own and entry.state not in (Entry.State.SUBMITTED, Entry.State.ACCEPTED):
        return Verdict(_("It does not wait to be checked."))
    return own


def may_exempt(user: Viewer, entry: Entry) -> Verdict:
    own = may_manage(user, entry.appraisal)
    if own and entry.person.user_id == getattr(user, "pk", 0):
        return Verdict(_("Nobody exempts themselves."))
    if own and entry.appraisal.state not in (State.OPEN, State.UNDER_WAY):
        return Verdict(_("Results are drafted already."))
    return own


def may_mend(user: Viewer, entry: Entry) -> Verdict:
    """Change and hand in again what was returned, or is not checked yet."""
    mine = isinstance(user, User) and entry.person.user_id == user.pk
    if not (mine or entry.organisation_id in organisations_of(user)):
        return Verdict(_("Only the candidate and the firm that entered them can do this."))
    if entry.state not in (Entry.State.SUBMITTED, Entry.State.RETURNED):
        return Verdict(_("It was accepted already."))
    if entry.appraisal.state != State.OPEN:
        return Verdict(_("Entries are not open."))
    return YES


def may_withdraw(user: Viewer, entry: Entry) -> Verdict:
    mine = isinstance(user, User) and entry.person.user_id == user.pk
    if not (mine or entry.organisation_id in organisations_of(user)):
        return Verdict(_("Only the candidate and the firm that entered them can do this."))
    if entry.state == Entry.State.WITHDRAWN or entry.appraisal.state != State.OPEN:
        return Verdict(_("Entries are not open."))
    return YES


def may_enter_exams(user: Viewer, appraisal: Appraisal) -> Verdict:
    """May accepted candidates be entered into the exams that are linked?"""
    own = may_link(user, appraisal)
    if not own:
        return own
    linked = [one for one in (appraisal.exam, appraisal.practical) if one]
    if not linked:
        return Verdict(_("No exam is chosen yet."))
    if all(one.state != "draft" for one in linked):
        return Verdict(_("The exams are announced: their candidates stay as they are."))
    if not appraisal.entries.filter(state=Entry.State.ACCEPTED).exists():
        return Verdict(_("Nobody is accepted yet."))
    return YES
