"""A signing from its preparation to its end: who signs, opened, reminded, called off, complete."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop, override

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.policy import keepers_of, units_of
from silian.governance.agreements.services import conclude, thaw
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.governance.signing.models import Method, Process, Signatory
from silian.governance.signing.policy import has_begun, running_process
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.channels import send_mail
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Process.State
REMIND_EVERY = timedelta(days=3)

DETAILS = [gettext_noop("signatory"), gettext_noop("signatories"), gettext_noop("deadline")]


def propose_signatories(agreement: Agreement) -> list[Signatory]:
    """One unsaved row a party or more: who signed the original, or who manages the organisation.

    An amendment and a renewal are put before the original signatories of each party.
    """
    original = agreement.amends or agreement.renews
    signed = Process.objects.filter(agreement=original, state=State.COMPLETE).first()
    before = list(signed.signatories.select_related("user")) if signed else []
    proposed = []
    for unit in units_of(agreement.party_set.select_related("organisation").order_by("order")):
        same = [_again(s, unit) for s in before if s.organisation_id == unit.pk]
        proposed += same or [representative(unit)]
    return proposed


def _again(signatory: Signatory, unit: Organisation) -> Signatory:
    user = signatory.user
    still = user and people_of(unit).filter(pk=user.pk).exists()
    return Signatory(
        organisation=unit,
        name=signatory.name,
        title=signatory.title,
        user=user if still else None,
        order=signatory.order,
        method=signatory.method if still else Method.PAPER,
    )


def representative(organisation: Organisation) -> Signatory:
    """The manager, where there is exactly one."""
    managers = organisation.roles.running().filter(kind="manager").select_related("user")[:2]
    if len(managers) != 1:
        return Signatory(organisation=organisation, method=Method.PAPER)
    role = managers[0]
    return Signatory(
        organisation=organisation, name=role.user.name, title=role.title, user=role.user
    )


@transaction.atomic
def prepare(
    agreement: Agreement,
    signatories: Sequence[Signatory],
    *,
    by: User,
    ordered: bool = False,
    deadline: date | None = None,
) -> Process:
    """Keep who signs (unsaved rows), in which order and until when; before anybody has signed."""
    Agreement.everything.select_for_update().get(pk=agreement.pk)
    process = running_process(agreement) or Process(agreement=agreement)
    if process.pk and has_begun(process):
        raise IllegalMove(f"{process}: somebody has signed already")
    process.ordered, process.deadline = ordered, deadline
    process.save()
    process.signatories.all().delete()
    for signatory in signatories:
        signatory.process = process
        signatory.save()
    names = [str(signatory) for signatory in signatories]
    record(process, gettext_noop("Signatories set"), by=by, signatories=names, deadline=deadline)
    if process.state == State.OPEN:
        ask(process)
    return process


@transaction.atomic
def open_process(process: Process, *, by: User) -> None:
    """Ask the signatories to sign what is frozen now."""
    agreement = Agreement.everything.select_for_update().get(pk=process.agreement_id)
    if agreement.state != Agreement.State.SIGNING:
        raise IllegalMove(f"{agreement} is not frozen")
    move(process, State.OPEN, by=by, document=agreement.frozen, opened_at=clock.now())
    ask(process)


@transaction.atomic
def extend(process: Process, *, by: User, deadline: date | None) -> None:
    """Set another last day."""
    running = Process.objects.filter(pk=process.pk, state__in=Process.RUNNING)
    if not running.update(deadline=deadline):
        raise IllegalMove(f"{process}: over")
    process.refresh_from_db()
    record(process, gettext_noop("Last day for signing set"), by=by, deadline=deadline)


@transaction.atomic
def replace(signatory: Signatory, *, by: User, why: str, **facts: object) -> None:
    """Name somebody else (``name``, ``title``, ``user``, ``method``) for the same party."""
    held = hold(signatory)
    if held.state != Signatory.State.WAITING:
        raise IllegalMove(f"{signatory}: signed or handed in meanwhile")
    was = str(held)
    for name, value in facts.items():
        setattr(held, name, value)
    held.reminded_at = None
    held.save()
    action = gettext_noop("Signatory replaced")
    record(held.process, action, by=by, was=was, to=str(held), why=why)
    if held.process.state == State.OPEN and held.is_due:
        _ask([held])


@transaction.atomic
def remind(signatories: Iterable[Signatory], *, by: User | None) -> int:
    """Remind those who have an account; returns how many were."""
    reachable = [one for one in signatories if one.user or one.email]
    for signatory in reachable:
        Signatory.objects.filter(pk=signatory.pk).update(reminded_at=clock.now())
        name = signatory.name
        record(signatory.process, gettext_noop("Signatory reminded"), by=by, signatory=name)
    _tell_each(reachable, gettext_noop("Reminder: “%(agreement)s” waits for your signature."))
    return len(reachable)


@transaction.atomic
def withdraw(process: Process, *, by: User | None, why: str) -> None:
    """Call the signing off; the agreement goes back to negotiation."""
    message = gettext_noop("The signing of “%(agreement)s” was called off: %(why)s")
    close(process, State.WITHDRAWN, message, by=by, why=why)


def close(process: Process, to: str, message: str, *, by: User | None, why: str) -> None:
    """End a signing without success. The parties hear why as their text is thawed."""
    agreement = Agreement.everything.select_for_update().get(pk=process.agreement_id)
    process.refresh_from_db()
    move(process, to, by=by, why=why, reason=why, closed_at=clock.now())
    if agreement.state == Agreement.State.SIGNING:
        thaw(agreement, by=by, why=why)
    notify(
        keepers_of(agreement),
        message,
        url=process.get_absolute_url(),
        why=why,
        agreement=_title(process),
    )


def complete_if_all(process: Process, *, by: User | None) -> None:
    """After a signature: conclude the agreement, or ask the next group."""
    states = set(process.signatories.values_list("state", flat=True))
    if states != {Signatory.State.SIGNED}:
        if process.ordered:
            ask(process)
        return
    move(process, State.COMPLETE, by=by, closed_at=clock.now())
    conclude(process.agreement, by=by, on=clock.today())
    message = gettext_noop("All have signed “%(agreement)s”; the certificate of signing is ready.")
    notify(
        keepers_of(process.agreement),
        message,
        url=process.get_absolute_url(),
        agreement=_title(process),
    )


# --- what the clock does --------------------------------------------------------------------


def keep_deadlines() -> None:
    """Expire what was not signed in time, and close what lost its frozen text."""
    running = Process.objects.filter(state__in=Process.RUNNING).select_related("agreement")
    opened = Q(state=State.OPEN)
    changed = opened & ~Q(agreement__state=Agreement.State.SIGNING)
    changed |= Q(agreement__state__in=[Agreement.State.SIGNED, Agreement.State.ENDED])
    for process in running.filter(changed):
        withdraw(process, by=None, why=gettext("The text is not open for signing any more."))
    for process in running.filter(opened, deadline__lt=clock.today()):
        expire(process)


@transaction.atomic
def expire(process: Process) -> None:
    """End what was not signed by all in time."""
    message = gettext_noop("“%(agreement)s” was not signed by all in time: %(why)s")
    why = gettext("Not signed by all until %(day)s.") % {"day": f"{process.deadline:%Y-%m-%d}"}
    close(process, State.EXPIRED, message, by=None, why=why)


def remind_waiting() -> int:
    """Every few days, remind those whose turn it is."""
    before = clock.now() - REMIND_EVERY
    opened = Process.objects.filter(state=State.OPEN, opened_at__lt=before)
    due = []
    for process in opened.select_related("agreement").prefetch_related("signatories"):
        if process.is_open:
            due += [s for s in waiting(process) if not s.reminded_at or s.reminded_at < before]
    return remind(due, by=None)


# --- asking and telling ---------------------------------------------------------------------


def waiting(process: Process) -> list[Signatory]:
    """Those whose turn it is."""
    return [signatory for signatory in process.signatories.all() if signatory.is_due]


def ask(process: Process) -> None:
    """Tell those whose turn it is and who were not asked yet."""
    process = Process.objects.prefetch_related("signatories").get(pk=process.pk)
    _ask([s for s in waiting(process) if s.reminded_at is None])


def _ask(signatories: Sequence[Signatory]) -> None:
    keys = [signatory.pk for signatory in signatories]
    Signatory.objects.filter(pk__in=keys).update(reminded_at=clock.now())
    _tell_each(signatories, gettext_noop("“%(agreement)s” waits for your signature."))


def _tell_each(signatories: Iterable[Signatory], message: str) -> None:
    for signatory in signatories:
        if signatory.method == Method.LINK:
            _send_link(signatory)
        elif signatory.user:
            process = signatory.process
            notify(
                [signatory.user],
                message,
                url=signatory.get_absolute_url(),
                agreement=_title(process),
            )


def _send_link(signatory: Signatory) -> None:
    """Mail the personal link of somebody without an account, once this is committed."""
    facts = {"name": signatory.name, "link": signatory.link}
    with override(settings.LANGUAGE_CODE):
        subject = gettext("Please sign: %(title)s") % {"title": signatory.process.agreement.title}
        body = (
            gettext(
                "%(name)s,\n\nan agreement waits for your signature. Read it and sign it here:\n"
                "%(link)s\n\nThe link is meant for you alone."
            )
            % facts
        )
    if not settings.DEMO:
        transaction.on_commit(lambda: send_mail(signatory.email, subject=subject, body=body))


def _title(process: Process) -> dict[str, str]:
    return both(process.agreement, "title")


def hold(signatory: Signatory) -> Signatory:
    """The row as it is now; until this transaction is over nobody else acts in its signing."""
    agreement = Process.objects.values_list("agreement", flat=True).get(pk=signatory.process_id)
    Agreement.everything.select_for_update().get(pk=agreement)
    fresh = Signatory.objects.select_related("process__agreement__consortium", "organisation")
    return fresh.get(pk=signatory.pk)
