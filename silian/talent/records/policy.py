"""A record is its person's own. Others read what a running consent covers, and nothing else."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, acts_for, organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person
from silian.kernel.verdicts import YES, Verdict
from silian.talent.consents.models import Consent, ConsentQuerySet
from silian.talent.consents.policy import counting
from silian.talent.records.models import Entry

Kind, Data = Entry.Kind, Consent.Data
COVERED = {
    Data.EDUCATION: {Kind.EDUCATION},
    Data.SKILLS: {Kind.SKILL},
    Data.CERTIFICATES: {Kind.CERTIFICATE},
    Data.PRACTICE: {Kind.PRACTICE},
    Data.PROJECTS: {Kind.PROJECT, Kind.LANGUAGE},
}


def visible_entries(user: Viewer) -> QuerySet[Entry]:
    """One's own."""
    own = Q(person__user=user) if isinstance(user, User) else Q(pk=None)
    return Entry.objects.filter(own).select_related("skill", "confirmer", "evidence", "person")


def readable(user: Viewer) -> ConsentQuerySet:
    """The consents by which ``user`` may read somebody's record today, through an organisation."""
    rows = counting(Consent.Purpose.RECORD).filter(
        recipient__in=organisations_of(user), person__forgotten_at=None
    )
    return rows.select_related("person__user", "recipient")


def shared_with(person: Person) -> ConsentQuerySet:
    """The consents by which organisations may read the record of ``person`` today."""
    return counting(Consent.Purpose.RECORD).filter(person=person).select_related("recipient")


def entries_under(consent: Consent) -> QuerySet[Entry]:
    """What ``consent`` lets its recipient read of the record."""
    kinds = set().union(*(COVERED.get(Data(kind), set()) for kind in consent.covers))
    rows = consent.person.entries.filter(kind__in=kinds)
    return rows.select_related("skill", "confirmer", "evidence")


def visible_to_confirm(user: Viewer, organisation: Organisation) -> QuerySet[Entry]:
    """What people ask ``organisation`` to confirm."""
    if not acts_for(user, organisation):
        return Entry.objects.none()
    asked = Entry.objects.filter(confirmer=organisation, state=Entry.State.ASKED)
    return asked.select_related("skill", "confirmer", "evidence", "person")


def visible_sides(user: Viewer) -> QuerySet[Organisation]:
    """The organisations that ``user`` acts for."""
    return Organisation.objects.filter(pk__in=organisations_of(user))


def may_change(user: Viewer, entry: Entry) -> Verdict:
    if not isinstance(user, User) or entry.person.user_id != user.pk:
        return Verdict(_("A record is changed by its own person."))
    if entry.state == Entry.State.ASKED:
        return Verdict(_("Somebody is asked to confirm this. Take the question back first."))
    return YES


def may_ask(user: Viewer, entry: Entry) -> Verdict:
    """May ``user`` ask somebody to confirm ``entry``?"""
    verdict = may_change(user, entry)
    if verdict and entry.state != Entry.State.STATED:
        return Verdict(_("This is confirmed."))
    return verdict


def may_take_back(user: Viewer, entry: Entry) -> Verdict:
    if not isinstance(user, User) or entry.person.user_id != user.pk:
        return Verdict(_("A record is changed by its own person."))
    if entry.state != Entry.State.ASKED:
        return Verdict(_("Nobody is asked to confirm this."))
    return YES


def may_confirm(user: Viewer, entry: Entry) -> Verdict:
    if entry.confirmer is None or not acts_for(user, entry.confirmer):
        return Verdict(_("Only who was asked confirms this."))
    if entry.state != Entry.State.ASKED:
        return Verdict(_("Nobody is asked to confirm this."))
    return YES
