"""Who keeps the register of examiners, who reads it, and what an examiner may judge.

Relations are confidential: the examiner and the secretariat read them, nobody else.
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.examiners.models import Card, Examiner, Relation
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code
from silian.kernel.persons.models import Person
from silian.kernel.ui.formats import readable
from silian.kernel.verdicts import YES, Verdict


def visible_examiners(user: Viewer) -> QuerySet[Examiner]:
    """Those of one's own secretariat and organisation, and oneself."""
    rows = Examiner.objects.select_related("consortium", "user", "organisation")
    if not isinstance(user, User):
        return rows.none()
    near = Q(consortium__in=secretariats_of(user)) | Q(organisation__in=organisations_of(user))
    return rows.filter(near | Q(user=user))


def visible_cards(user: Viewer) -> QuerySet[Card]:
    rows = Card.objects.select_related("examiner__consortium", "examiner__user", "occupation")
    return rows.filter(examiner__in=visible_examiners(user).values("pk"))


def visible_relations(user: Viewer) -> QuerySet[Relation]:
    """One's own, and those of examiners whose register one keeps."""
    rows = Relation.objects.select_related("examiner__consortium", "person", "by")
    if not isinstance(user, User):
        return rows.none()
    kept = Q(examiner__consortium__in=secretariats_of(user))
    return rows.filter(kept | Q(examiner__user=user))


def members_of(consortium: Consortium) -> QuerySet[Organisation]:
    members = Membership.objects.current().filter(consortium=consortium)
    return Organisation.objects.filter(pk__in=members.values("organisation"))


def possible_examiners(consortium: Consortium) -> QuerySet[User]:
    """Who works for a member or advises the consortium, and is not in its register yet."""
    members = Q(organisation__in=members_of(consortium)) & ~Q(kind=Role.Kind.STUDENT)
    running = Role.objects.running().filter(members | Q(consortium=consortium))
    known = Examiner.objects.filter(consortium=consortium).values("user")
    rows = User.objects.filter(pk__in=running.values("user"), is_active=True)
    return rows.exclude(pk__in=known).order_by("name", "pk")


def own_entries(user: User) -> QuerySet[Examiner]:
    """Where ``user`` is an examiner."""
    return Examiner.objects.filter(user=user).select_related("consortium", "user", "organisation")


def may_read(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` open the register, where they find whom they may see?"""
    if is_secretary(user, consortium):
        return YES
    if visible_examiners(user).filter(consortium=consortium).exists():
        return YES
    return Verdict(_("The register of examiners is kept by the secretariat."))


def may_register(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat keeps the register of examiners."))


def may_keep(user: Viewer, examiner: Examiner) -> Verdict:
    """May ``user`` change an examiner's entry and cards?"""
    return may_register(user, examiner.consortium)


def may_declare(user: Viewer, examiner: Examiner) -> Verdict:
    """May ``user`` say whom this examiner does not judge, and read what was said?"""
    if is_secretary(user, examiner.consortium) or examiner.user_id == getattr(user, "pk", 0):
        return YES
    return Verdict(_("Only the examiner and the secretariat read and state relations."))


def may_withdraw(user: Viewer, relation: Relation) -> Verdict:
    """An examiner does not take back what the secretariat stated."""
    own = is_secretary(user, relation.examiner.consortium)
    if own or relation.by_id == getattr(user, "pk", 0):
        return YES
    return Verdict(_("Whoever stated a relation, or the secretariat, withdraws it."))


def may_see_scan(user: Viewer, card: Card) -> Verdict:
    return may_declare(user, card.examiner)


def may_examine(examiner: Examiner, occupation: Code, level: str, *, on: date) -> Verdict:
    """Does a card of this examiner hold for this occupation and level on that day?"""
    cards = [
        card
        for card in examiner.cards.all()
        if card.occupation.code == occupation.code and int(card.highest) <= int(level)
    ]
    if not cards:
        return Verdict(_("No card for this occupation and level."))
    if any(card.valid_from <= on <= card.valid_until for card in cards):
        return YES
    last = max(card.valid_until for card in cards)
    if last < on:
        return Verdict(_("The card is valid until %(day)s only.") % {"day": readable(last)})
    return Verdict(_("The card is not valid on that day yet."))


def may_face(examiner: Examiner, person: Person, organisation: int | None) -> Verdict:
    """Is there nothing between this examiner and a candidate whom ``organisation`` entered?

    The reason does not tell what relation was declared: who draws up panels need not know.
    """
    if person.user_id and person.user_id == examiner.user_id:
        return Verdict(_("Nobody judges themselves."))
    if organisation and organisation == examiner.organisation_id:
        return Verdict(_("They belong to the same organisation."))
    if any(one.person_id == person.pk for one in examiner.relations.all()):
        return Verdict(_("The examiner stated a reason not to judge this candidate."))
    return YES
