"""The demo's placement rounds at every stage, taken there by the services that people use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from silian.demo.cast.founding import Founded
from silian.demo.cast.invention import Inventor
from silian.demo.cast.people import graduation_year
from silian.demo.market import rules
from silian.industry.demand.models import Position
from silian.kernel.accounts.models import User
from silian.kernel.states import move
from silian.talent.offers.second import prepare_second_round
from silian.talent.placement.models import Placement
from silian.talent.placement.rehearsing import rehearse
from silian.talent.placement.services import compute_round, publish_round
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat
from silian.talent.rounds.services import open_wishes, save_round, set_seats
from silian.talent.wishes import ranking
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.models import CODE_ALPHABET, Wish, WishList

UNSUITABLE = "实训经历与岗位要求不符"
GROWING = (
    "codes_code members_organisation members_membership roles_role profiles_student demand_position"
    " demand_position_programmes rounds_round rounds_seat wishes_wishlist wishes_wish"
    " placement_placement"
).split()
TITLES = {
    "internship": ("岗位实习匹配", "Internship placement"),
    "employment": ("毕业生就业匹配", "Graduate employment placement"),
    "order_class": ("订单班选拔匹配", "Order class selection"),
    "apprenticeship": ("学徒培养匹配", "Apprenticeship placement"),
}


@dataclass
class Stage:
    """What the rounds of one body are made with."""

    body: Founded
    inventor: Inventor
    now: datetime
    secretary: User

    def moment(self, days: float) -> datetime:
        return self.now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days)


def add_rounds(body: Founded, inventor: Inventor, now: datetime) -> None:
    """One round that is over and one that is open; 明水 shows the stages in between as well."""
    learn_sizes()
    secretary = User.objects.get(username=f"secretary.{body.consortium.slug}")
    stage = Stage(body, inventor, now, secretary)
    finished_round(stage)
    open_round(stage)
    if body.consortium.slug == "mingshui":
        ranking_round(stage)
        earlier_round(stage)


def prepare(stage: Stage, kind: str, rule: str, *, starts: float) -> Round:
    """A round whose wishes open in ``starts`` days; days before today are negative."""
    year = graduation_year(stage.now.date())
    zh, en = TITLES[kind]
    found = Round(
        consortium=stage.body.consortium,
        title_zh=f"{year}届{zh}",
        title_en=f"{en}, class of {year}",
        kind=kind,
        rule=rule,
        max_wishes=6,
        graduates=year,
        wishes_from=stage.moment(starts),
        wishes_until=stage.moment(starts + 14),
        ranking_until=stage.moment(starts + 21),
        confirm_until=stage.moment(starts + 45),
        replace_until=stage.moment(starts + 75),
        seed=str(stage.inventor.random.randrange(10**17)),
    )
    save_round(found, by=stage.secretary)
    published = Position.objects.published().filter(consortium=found.consortium, kind=kind)
    set_seats(found, {p: (p.places, 0) for p in published}, by=stage.secretary)
    return found


def finished_round(stage: Stage) -> None:
    found = prepare(stage, "internship", Round.Rule.RANKING, starts=-40)
    rules.keep_places(found)
    open_wishes(found, by=stage.secretary)
    state_wishes(stage, found, share=0.75, always=True)
    close_wishes(found, by=stage.secretary)
    rank_seats(stage, found.seats.all(), share=0.8)
    move(found, Round.State.RUNNING, by=stage.secretary)
    compute_round(found, by=stage.secretary)
    publish_round(found, by=stage.secretary)
    learn_sizes()
    answer(stage, found)
    if stage.body.consortium.slug == "mingshui":
        rules.after_the_result(found, stage.secretary)


def open_round(stage: Stage) -> None:
    found = prepare(stage, "employment", Round.Rule.RANKING, starts=-5)
    open_wishes(found, by=stage.secretary)
    state_wishes(stage, found, share=0.35)


def ranking_round(stage: Stage) -> None:
    found = prepare(stage, "order_class", Round.Rule.WEIGHTED, starts=-16)
    rules.weigh_criteria(found, stage.inventor)
    open_wishes(found, by=stage.secretary)
    state_wishes(stage, found, share=0.3)
    close_wishes(found, by=stage.secretary)
    compute_round(rehearse(found, by=stage.secretary), by=stage.secretary)


def earlier_round(stage: Stage) -> None:
    """An apprenticeship round that is over, with a second one for what it left."""
    found = prepare(stage, "apprenticeship", Round.Rule.POINTS, starts=-80)
    open_wishes(found, by=stage.secretary)
    state_wishes(stage, found, share=0.2)
    close_wishes(found, by=stage.secretary)
    move(found, Round.State.RUNNING, by=stage.secretary)
    compute_round(found, by=stage.secretary)
    publish_round(found, by=stage.secretary)
    left = found.placements.latest("pk")  # so that there is something for the second round
    rules.settle(found.placements.exclude(pk=left.pk), Placement.State.CONFIRMED, stage.now)
    rules.settle(found.placements.filter(pk=left.pk), Placement.State.DECLINED, stage.now)
    prepare_second_round(found, by=stage.secretary)


def state_wishes(stage: Stage, found: Round, *, share: float, always: bool = False) -> None:
    """A share of the final year wishes for up to six seats that take their programme."""
    draw = stage.inventor.random
    seats = takers(found)
    schools = [unit for unit in stage.body.units if unit.is_school]
    year = graduation_year(stage.now.date())
    final_year = Student.objects.filter(school__in=schools, graduates=year)
    shown = f"student.{stage.body.consortium.slug}"  # theirs is the story the demo tells
    wishing = [
        student
        for student in final_year.select_related("user").order_by("pk")
        if (student.user and student.user.username == shown and always) or draw.random() < share
    ]
    lists = WishList.objects.bulk_create(
        WishList(
            round=found,
            student=student,
            code="".join(draw.choices(CODE_ALPHABET, k=8)),
            version=1,
            saved_at=found.wishes_from,
            confirmed_at=found.wishes_from,
        )
        for student in wishing
        if student.programme_id in seats
    )
    Wish.objects.bulk_create(
        Wish(list=wish_list, seat=seat, order=order)
        for wish_list in lists
        for order, seat in enumerate(choices(stage, seats[wish_list.student.programme_id]), 1)
    )
    learn_sizes()


def learn_sizes() -> None:
    """Tell the planner how much there is now; within one transaction nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(GROWING)}")


def takers(found: Round) -> dict[int, list[Seat]]:
    """The seats that take each programme."""
    by_programme: dict[int, list[Seat]] = {}
    for seat in found.seats.select_related("position").prefetch_related("position__programmes"):
        for programme in seat.position.programmes.all():
            by_programme.setdefault(programme.pk, []).append(seat)
    return by_programme


def choices(stage: Stage, seats: list[Seat]) -> list[Seat]:
    """Up to six different seats; better paid ones are wished for more often, and earlier."""
    draw = stage.inventor.random
    number = min(len(seats), draw.randint(2, 6))
    taste = {seat.pk: (seat.position.pay_high or 0) * draw.uniform(0.7, 1.3) for seat in seats}
    return sorted(seats, key=lambda seat: -taste[seat.pk])[:number]


def rank_seats(stage: Stage, seats: Iterable[Seat], *, share: float) -> None:
    """A share of the employers ranks its applicants, by points with an eye of its own."""
    draw = stage.inventor.random
    for seat in seats:
        if draw.random() > share:
            continue
        manager = seat.position.organisation.roles.get(kind="manager").user
        standing = seat.wishes.filter(barred="").select_related("list__student")
        wishes = list(standing.order_by("order", "list"))
        if len(wishes) > 6 and draw.random() < 0.5:
            ranking.refuse_applicant(wishes.pop(), reason=UNSUITABLE, by=manager)
        impression = {w.pk: float(w.list.points or 0) + draw.gauss(0, 6) for w in wishes}
        order = sorted(impression, key=lambda pk: -impression[pk])
        seat.refresh_from_db()
        ranking.rank_applicants(seat, order, version=seat.version, by=manager)
        ranking.hand_in_ranking(seat, by=manager)


def answer(stage: Stage, found: Round) -> None:
    """Most accept and are confirmed; some still think, a few decline. The demo student waits."""
    draw = stage.inventor.random
    groups: dict[str, list[int]] = {}
    rows = found.placements.select_related("student__user")
    for placement in rows.order_by("student"):  # in one order, so that the same luck befalls each
        student = placement.student.user
        if student is None or student.username == f"student.{stage.body.consortium.slug}":
            continue
        luck = draw.random()
        if luck <= 0.9:
            groups.setdefault(outcome(luck), []).append(placement.pk)
    for state, keys in groups.items():
        rules.settle(found.placements.filter(pk__in=keys), state, stage.now)


def outcome(luck: float) -> str:
    if luck > 0.82:
        return Placement.State.DECLINED
    return Placement.State.CONFIRMED if luck < 0.65 else Placement.State.ACCEPTED
