"""Whether somebody may be profiled, and what may be recommended to them."""

from django.db.models import Q, QuerySet

from silian.education.programmes.models import Programme
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.industry.demand.models import Position
from silian.industry.hall.policy import visible_postings
from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person
from silian.talent.consents.models import Consent
from silian.talent.consents.policy import consents


def visible_person(user: User) -> Person | None:
    """Oneself; nobody sees what is recommended to somebody else."""
    return Person.objects.filter(user=user).first()


def is_switched_on(person: Person | None) -> bool:
    """Without this person's consent nothing of theirs is read for recommendations."""
    return person is not None and consents(person, Consent.Purpose.RECOMMENDATION)


def visible_newest() -> QuerySet[Position]:
    """What people are placed in, the same for everybody."""
    return visible_postings().filter(kind__in=Position.PLACING)


def visible_offers(person: Person) -> QuerySet[Position]:
    """The same in the consortia of one's schools; in all where there is none."""
    schools = person.enrolments.values("school")
    joined = Membership.objects.current().filter(organisation__in=schools)
    consortia = list(Consortium.objects.filter(pk__in=joined.values("consortium")))
    offers = visible_newest()
    return offers.filter(consortium__in=consortia) if consortia else offers


def visible_programmes(position: Position) -> QuerySet[Programme]:
    """Programmes of the consortium's schools that it names, or that train for its occupation."""
    members = Membership.objects.current().filter(consortium=position.consortium)
    named = Q(code__in=position.programmes.all())
    trained = Q(occupations=position.occupation) if position.occupation else Q(pk=None)
    rows = Programme.objects.filter(named | trained, school__in=members.values("organisation"))
    return rows.filter(closed=None).select_related("school", "code").distinct()
