"""Who may see a signing, who prepares and opens it, and whose turn it is to sign."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.agreements.policy import may_administer
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    organisations_of,
    secretariats_of,
)
from silian.governance.signing.models import Process, Signatory
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict


def visible_processes(user: Viewer) -> QuerySet[Process]:
    """Signings are seen by the parties, the signatories and the secretariat.

    Each brings its ``signatories`` in order.
    """
    mine = Party.objects.filter(agreement=OuterRef("agreement"))
    party = Exists(mine.filter(organisation__in=organisations_of(user)))
    rows = Process.objects.filter(party | of_secretariats(user) | _signed_by(user))
    people = Signatory.objects.select_related("organisation", "user")
    return rows.select_related("agreement__consortium", "document").prefetch_related(
        Prefetch("signatories", queryset=people)
    )


def of_secretariats(user: Viewer, path: str = "agreement") -> Q:
    """What ``user``'s secretariats look after: never what a person signed."""
    personal = Q((f"{path}__kind__in", Agreement.PERSONAL))
    return Q((f"{path}__consortium__in", secretariats_of(user))) & ~personal


def _signed_by(user: Viewer) -> Q:
    named = Signatory.objects.filter(process=OuterRef("pk"), user=user.pk)
    return Q(Exists(named)) if isinstance(user, User) else Q(pk=None)


def visible_signatories(user: Viewer) -> QuerySet[Signatory]:
    """The signatories of what one sees, each with its signing."""
    seen = visible_processes(user)
    rows = Signatory.objects.filter(process__in=seen.values("pk"))
    return rows.select_related("organisation", "user").prefetch_related(
        Prefetch("process", queryset=seen)
    )


def running_process(agreement: Agreement) -> Process | None:
    """The signing that is prepared or open."""
    return Process.objects.filter(agreement=agreement, state__in=Process.RUNNING).first()


def waiting_for(user: User) -> QuerySet[Signatory]:
    """Where ``user`` is to sign now: the text is frozen and it is their group's turn."""
    earlier = Signatory.objects.filter(
        process=OuterRef("process"), state__in=Signatory.PENDING, order__lt=OuterRef("order")
    )
    waiting = Signatory.objects.filter(
        Q(process__ordered=False) | ~Exists(earlier),
        Q(organisation__in=organisations_of(user)) | Q(organisation=None),
        user=user,
        state=Signatory.State.WAITING,
        process__state=Process.State.OPEN,
        process__agreement__state=Agreement.State.SIGNING,
    )
    return waiting.select_related("process__agreement__consortium")


def people_of_parties(agreement: Agreement) -> QuerySet[User]:
    """Who acts today for a party of ``agreement``; the accounts that can be signatories."""
    parties = Party.objects.filter(agreement=agreement)
    roles = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=parties.values("organisation")
    )
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("name", "pk")


# --- the secretariat ----------------------------------------------------------------------


def may_prepare(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` say who signs, in which order and until when? While nobody has signed."""
    verdict = _chosen_here(agreement) and may_administer(user, agreement)
    if not verdict:
        return verdict
    if agreement.state not in (Agreement.State.DRAFT, Agreement.State.SIGNING):
        return Verdict(_("This agreement is signed or ended."))
    process = running_process(agreement)
    if process and has_begun(process):
        return Verdict(_("Somebody has signed already."))
    return YES


def may_thaw(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` send a frozen text back before a signing of it runs? Later it is called off."""
    verdict = may_administer(user, agreement)
    if verdict and (agreement.state != Agreement.State.SIGNING or running_process(agreement)):
        return Verdict(_("Only a frozen text that nobody is asked to sign is sent back like this."))
    return verdict


def has_begun(process: Process) -> bool:
    """Has anybody signed, or handed in a scan?"""
    return process.signatories.exclude(state=Signatory.State.WAITING).exists()


def may_open(user: Viewer, process: Process) -> Verdict:
    """May ``user`` ask the signatories to sign? The text is frozen, every party has somebody."""
    verdict = may_administer(user, process.agreement)
    if not verdict:
        return verdict
    if process.state != Process.State.PREPARED:
        return Verdict(_("The signing has been opened already."))
    if process.agreement.state != Agreement.State.SIGNING:
        return Verdict(_("Freeze the text first: everybody signs the same document."))
    if _is_late(process):
        return Verdict(_("The last day for signing has passed; set a later one."))
    return _for_every_party(process)


def _for_every_party(process: Process) -> Verdict:
    """Does somebody sign for each party, and nobody for others?"""
    parties = {p.organisation_id: p for p in process.agreement.party_set.all()}
    named = {signatory.organisation_id for signatory in process.signatories.all()}
    if missing := [str(parties[key]) for key in parties if key not in named]:
        return Verdict(_("Nobody signs for: %(names)s") % {"names": "、".join(missing)})
    if named - parties.keys():
        return Verdict(_("Somebody is to sign for an organisation that is no party any more."))
    return YES


def may_withdraw(user: Viewer, process: Process) -> Verdict:
    """May ``user`` call the signing off before it is complete?"""
    return may_administer(user, process.agreement) and _while_running(process)


def may_extend(user: Viewer, process: Process) -> Verdict:
    """May ``user`` set another last day?"""
    return may_withdraw(user, process)


def may_replace(user: Viewer, signatory: Signatory) -> Verdict:
    """May ``user`` name somebody else for the same party?"""
    return _chosen_here(signatory.process.agreement) and _may_press(user, signatory)


def _may_press(user: Viewer, signatory: Signatory) -> Verdict:
    return may_withdraw(user, signatory.process) and _while_waiting(signatory)


def _chosen_here(agreement: Agreement) -> Verdict:
    if agreement.is_personal:
        return Verdict(_("Who signs follows from the internship."))
    return YES


def may_remind(user: Viewer, signatory: Signatory) -> Verdict:
    """May ``user`` remind this signatory? Once a day."""
    verdict = _may_press(user, signatory) and in_turn(signatory)
    if not verdict:
        return verdict
    if signatory.user is None and not signatory.email:
        return Verdict(_("This signatory has no account; please call."))
    last = signatory.reminded_at
    if last and (clock.now() - last).total_seconds() < 24 * 3600:
        return Verdict(_("Reminded within the last 24 hours."))
    return YES


# --- what is asked more than once -------------------------------------------------------------


def in_turn(signatory: Signatory) -> Verdict:
    """Is this person to sign now: the signing is open, and it is their group's turn?"""
    verdict = _while_waiting(signatory) and while_open(signatory.process)
    if not verdict:
        return verdict
    if not signatory.is_due:
        return Verdict(_("Others sign first; you will be told when it is your turn."))
    return YES


def _while_waiting(signatory: Signatory) -> Verdict:
    if signatory.state != Signatory.State.WAITING:
        return Verdict(str(signatory.get_state_display()))
    return YES


def _while_running(process: Process) -> Verdict:
    return YES if process.state in Process.RUNNING else Verdict(_("This signing is over."))


def while_open(process: Process) -> Verdict:
    """Can acts be done?"""
    if not process.is_open:
        return Verdict(_("The agreement is not open for signing."))
    return Verdict(_("The last day for signing has passed.")) if _is_late(process) else YES


def _is_late(process: Process) -> bool:
    return process.deadline is not None and process.deadline < clock.today()
