"""Whether a person allows something; every app that shows a person's data asks here."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person
from silian.kernel.verdicts import YES, Verdict
from silian.talent.consents.models import Consent, ConsentQuerySet, Question, View
from silian.talent.consents.wordings import wording_of, wordings
from silian.talent.profiles.policy import (
    CONSENTS_ALONE_FROM,
    needs_guardian,
    visible_students,
)


def consents(person: Person, purpose: str, recipient: Organisation | None = None) -> bool:
    """Does ``person`` allow ``recipient`` today to use their data for ``purpose``?"""
    return counting(purpose).filter(person=person, recipient=recipient).exists()


def counting(purpose: str) -> ConsentQuerySet:
    """The consents to ``purpose`` that count today, to be filtered further by whoever asks for
    many people: running, given to the wording in use, and by a guardian where the law asks.
    """
    newest = Consent.objects.running().filter(purpose=purpose, version=wording_of(purpose).version)
    return newest.filter(~Q(by_guardian="") | _may_consent_alone())


def allowing(purpose: str, *, person: str, recipient: str) -> Exists:
    """For rows of another app: does the row's person allow the row's recipient? Paths to both."""
    return Exists(counting(purpose).filter(person=OuterRef(person), recipient=OuterRef(recipient)))


def _may_consent_alone() -> Q:
    today = clock.today()
    day = min(today.day, 28) if today.month == 2 else today.day  # no 29 February in most years
    latest = date(today.year - CONSENTS_ALONE_FROM, today.month, day)
    return Q(person__born_on=None) | Q(person__born_on__lte=latest)


def outdated(person: Person) -> list[Consent]:
    """What ``person`` consented to in a wording that is no longer used: to be asked again."""
    newest = {one.purpose: one.version for one in wordings()}
    running = person.consents.running().select_related("recipient")
    return [one for one in running if one.version < newest[one.purpose]]


def visible_consents(user: Viewer) -> ConsentQuerySet:
    """One's own, running and withdrawn."""
    own = Q(person__user=user) if isinstance(user, User) else Q(pk=None)
    return Consent.objects.filter(own).select_related("person", "recipient")


def visible_recipients(words: str) -> QuerySet[Organisation]:
    """Organisations found by ``words``; the directory is public."""
    named = Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(credit_code=words)
    return Organisation.objects.filter(named).order_by("name_zh")


def visible_views(user: Viewer) -> QuerySet[View]:
    """Who saw one's own data."""
    own = Q(person__user=user) if isinstance(user, User) else Q(pk=None)
    return View.objects.filter(own).select_related("by", "organisation")


def visible_questions(user: Viewer) -> QuerySet[Question]:
    """One's own, and for a school's office those of its students."""
    if not isinstance(user, User):
        return Question.objects.none()
    pupils = visible_students(user).filter(school__in=organisations_of(user))
    mine = Q(person__user=user) | Q(person__in=pupils.values("person"))
    return Question.objects.filter(mine).select_related("person", "recipient", "consent")


def may_give(user: Viewer, person: Person) -> Verdict:
    """May ``user`` consent for ``person``?"""
    if not isinstance(user, User) or person.user_id != user.pk:
        return Verdict(_("Everybody consents for themselves."))
    if needs_guardian(person):
        return Verdict(_("Under 14, a guardian consents. Ask yours here."))
    return YES


def may_withdraw(user: Viewer, consent: Consent) -> Verdict:
    """The person may at any age; so may the guardian, by their own link."""
    if not isinstance(user, User) or consent.person.user_id != user.pk:
        return Verdict(_("Everybody withdraws their own consent."))
    if consent.withdrawn_at:
        return Verdict(_("This consent is withdrawn already."))
    return YES


def may_ask_guardian(user: Viewer, person: Person) -> Verdict:
    """The child may, and the office of its school."""
    if not needs_guardian(person):
        return Verdict(_("From 14 on everybody consents for themselves."))
    if isinstance(user, User) and person.user_id == user.pk:
        return YES
    pupils = visible_students(user).filter(school__in=organisations_of(user), person=person)
    return YES if pupils.exists() else Verdict(_("Only the child and its school ask a guardian."))


def may_keep_scan(user: Viewer, question: Question) -> Verdict:
    """May ``user`` enter a consent that a guardian gave on paper? The school's office may."""
    pupils = visible_students(user).filter(school__in=organisations_of(user))
    if not pupils.filter(person=question.person_id).exists():
        return Verdict(_("Only the school's own staff can do this."))
    if question.state != Question.State.WAITING:
        return Verdict(_("This question is answered."))
    return YES
