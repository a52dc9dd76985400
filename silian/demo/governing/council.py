"""The charter of each body and who holds its seats, as its article tells; people are invented."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from silian.demo.cast.founding import Founded
from silian.demo.cast.invention import Inventor
from silian.governance.charters.models import LEADERS, Charter, Post, SeatRule
from silian.governance.charters.samples import FITTING, Sample, sample
from silian.governance.charters.services import adopt_charter, adopt_sample
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat, Term
from silian.governance.council.policy import KINDS
from silian.governance.council.services import raise_seats
from silian.governance.council.standing import years_later
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User

AMENDED = "mingshui"  # the body that has amended its charter since
AFTER = timedelta(days=200)  # when, in each council, somebody left and somebody came
NUMERALS = "一二三四五六七八九十"
GRADES = {  # what the units of a grade hold
    Membership.Grade.CHAIR: Post.CHAIR,
    Membership.Grade.EXECUTIVE_VICE_CHAIR: Post.EXECUTIVE_VICE_CHAIR,
    Membership.Grade.VICE_CHAIR: Post.VICE_CHAIR,
    Membership.Grade.COUNCIL: Post.COUNCILLOR,
}


@dataclass(frozen=True)
class Holding:
    """One seat of a council, and the unit and person that hold it."""

    post: str
    unit: Organisation
    person: str
    user: User | None = None

    @property
    def kept_for(self) -> str:
        kinds = ((name, kinds) for name, kinds in KINDS.items() if name != SeatRule.Category.ANY)
        return next(name for name, found in kinds if self.unit.kind in found)


def add_council(body: Founded, inventor: Inventor, today: date) -> None:
    """Adopt a charter at the founding, set up its seats and fill them, council after council."""
    consortium = body.consortium
    secretary = User.objects.get(username=f"secretary.{consortium.slug}")
    chosen = sample(FITTING[Consortium.Kind(consortium.kind)])
    holdings = list(held(body, chosen, inventor, secretary))
    charter = adopt_sample(
        consortium,
        chosen.name,
        by=secretary,
        in_force_from=body.day,
        basis="成立大会审议通过",
        seats=rules(chosen, holdings),
    )
    if consortium.slug == AMENDED:
        amend(body, chosen.name, rules(chosen, holdings), secretary, today)
    raise_seats(consortium, by=secretary)
    seated = list(zip(holdings, seats_for(consortium, holdings), strict=True))
    Term.objects.bulk_create(terms(charter, seated, inventor, today))


def held(body: Founded, chosen: Sample, inventor: Inventor, secretary: User) -> Iterator[Holding]:
    """Who holds what: each unit by its grade, and the secretariat by the lead units."""
    members = body.consortium.memberships.current().exclude(part=Membership.Part.GUIDING)
    rows = list(members.select_related("organisation").order_by("pk"))
    managers = Role.objects.filter(kind=Role.Kind.MANAGER, organisation__in=body.units)
    people = {role.organisation_id: role.user for role in managers.select_related("user")}
    rotates = chosen.content.charter.chair_years

    def holding(post: str, unit: Organisation) -> Holding:
        user = people.get(unit.pk)
        return Holding(post, unit, user.name if user else inventor.person(), user)

    for grade, post in GRADES.items():
        for row in rows:
            also = rotates and row.grade == Membership.Grade.CHAIR and post == Post.VICE_CHAIR
            if row.grade == grade or also:  # whoever chairs for a year stays vice-chair
                yield holding(post, row.organisation)
    leads = [row.organisation for row in rows if row.part != Membership.Part.MEMBER]
    school = next(unit for unit in leads if unit.is_school)
    yield Holding(Post.SECRETARY_GENERAL, school, secretary.name, secretary)
    for unit in [unit for unit in leads if unit != school][:2]:
        yield Holding(Post.DEPUTY_SECRETARY_GENERAL, unit, inventor.person())
    if any(seat.post == Post.SUPERVISOR for seat in chosen.content.seats):
        plain = [row.organisation for row in rows if row.grade == Membership.Grade.MEMBER]
        yield from (holding(Post.SUPERVISOR, unit) for unit in plain[:3])


def rules(chosen: Sample, holdings: list[Holding]) -> list[SeatRule]:
    """The posts of the sample in the numbers of this body, and one council seat more, to fill."""
    filling = {seat.post: seat.filling for seat in chosen.content.seats}
    filling[Post.DEPUTY_SECRETARY_GENERAL] = SeatRule.Filling.ELECTION
    counted = Counter((holding.post, holding.kept_for) for holding in holdings)
    counted[(Post.COUNCILLOR, SeatRule.Category.ENTERPRISE)] += 1
    return [
        SeatRule(post=post, category=category, count=count, filling=filling.get(post, "election"))
        for (post, category), count in sorted(counted.items(), key=lambda row: rank(row[0][0]))
    ]


def rank(post: str) -> int:
    return list(Post).index(Post(post))


def amend(body: Founded, name: str, seats: list[SeatRule], secretary: User, today: date) -> None:
    """A second version a few months ago: shorter notice, two proxies, two meetings a year."""
    content = sample(name).content_for(body.consortium)
    charter = content.charter
    charter.in_force_from = max(body.day, today - timedelta(days=120))
    charter.basis = "成员大会第二次会议审议通过"
    charter.notice_days, charter.proxies_each = 7, 2
    charter.text_zh = charter.text_zh.replace("每年至少召开一次会议", "每年至少召开两次会议")
    matters, weights = content.matters, content.weights
    adopt_charter(charter, seats=seats, matters=matters, weights=weights, by=secretary)


def seats_for(consortium: Consortium, holdings: list[Holding]) -> Iterator[Seat]:
    """A seat for each holding, of its post and kept for its kind of unit."""
    free = list(consortium.seats.open().order_by("number"))
    for holding in holdings:
        fitting = (s for s in free if (s.post, s.category) == (holding.post, holding.kept_for))
        seat = next(fitting)
        free.remove(seat)
        yield seat


@dataclass(frozen=True)
class Sitting:
    """The first council, the second and so on."""

    number: int  # from 0
    start: date
    due: date

    def basis(self, post: str, how: str) -> str:
        if how == Term.How.APPOINTED:
            return f"第{NUMERALS[self.number]}届理事会第一次会议聘任"
        organ = "理事会" if post in LEADERS else "成员大会"
        return f"第{NUMERALS[self.number]}届{organ}第一次会议选举"


def sittings(charter: Charter, today: date) -> Iterator[Sitting]:
    """All since the founding, up to the one that sits today."""
    start, number = charter.in_force_from, 0
    while start <= today or not number:
        due = years_later(start, charter.term_years)
        yield Sitting(number, start, due)
        start, number = due, number + 1


def terms(
    charter: Charter, seated: list[tuple[Holding, Seat]], inventor: Inventor, today: date
) -> Iterator[Term]:
    """Who held what in every council; in each, some came and went."""
    rules = charter.seat_rules.all()
    appointed = {(r.post, r.category) for r in rules if r.filling == SeatRule.Filling.APPOINTMENT}
    for sitting in sittings(charter, today):
        council = [
            whole_term(sitting, seat, holding, (seat.post, seat.category) in appointed)
            for holding, seat in seated
        ]
        ordinary = [term for term in council if term.seat.post == Post.COUNCILLOR]
        for term in council:
            if charter.chair_years and term.seat.post == Post.CHAIR:
                yield from rotation(term, council, charter.chair_years, today)
            elif term in ordinary[:2] and sitting.start + AFTER < today:
                yield from change(term, inventor, resigned=term is ordinary[0])
            else:
                yield term


def whole_term(sitting: Sitting, seat: Seat, holding: Holding, appointed: bool) -> Term:
    how = Term.How.APPOINTED if appointed else Term.How.ELECTED
    return Term(
        seat=seat,
        organisation=holding.unit,
        person=holding.person,
        user=holding.user,
        how=how,
        basis=sitting.basis(holding.post, how),
        start=sitting.start,
        end=sitting.due,
        due=sitting.due,
    )


def change(term: Term, inventor: Inventor, *, resigned: bool) -> Iterator[Term]:
    """Somebody of the same unit held the seat at first and left it early."""
    earlier = Term(seat=term.seat, organisation=term.organisation, person=inventor.person())
    earlier.how, earlier.basis, earlier.due = term.how, term.basis, term.due
    earlier.start, earlier.end = term.start, term.start + AFTER
    earlier.left = Term.Left.RESIGNED if resigned else Term.Left.REPLACED
    earlier.left_why = "本人书面辞去职务" if resigned else "单位来函更换人选"
    yield earlier
    term.start = earlier.end
    term.how = Term.How.CO_OPTED if resigned else Term.How.APPOINTED
    term.basis = "理事会会议增补" if resigned else "单位推荐函"
    yield term


def rotation(term: Term, council: list[Term], years: int, today: date) -> Iterator[Term]:
    """The vice-chairing units chair in turn, up to the unit whose turn the demo says it is."""
    ends, turns = term.end or today, [term.start]
    while len(turns) == 1 or (turns[-1] < ends and turns[-1] <= today):
        turns.append(years_later(turns[-1], years))
    vice = [other for other in council if other.seat.post == Post.VICE_CHAIR]
    last = next(n for n, other in enumerate(vice) if other.organisation == term.organisation)
    for before, (start, end) in enumerate(reversed(list(pairwise(turns)))):
        whose = vice[(last - before) % len(vice)]
        turn = Term(seat=term.seat, organisation=whose.organisation, person=whose.person)
        turn.user, turn.how, turn.basis = whose.user, Term.How.APPOINTED, "各地牵头单位轮值"
        turn.start, turn.end, turn.due = start, end, end
        yield turn
