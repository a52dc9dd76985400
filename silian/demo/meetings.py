"""The demo's meetings: the founding days, fully signed in, and those around today."""

import io
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from silian.demo.founding import Founded
from silian.demo.invention import Inventor
from silian.governance.charters.policy import charter_of
from silian.governance.council.policy import electorate
from silian.governance.meetings import agenda, services
from silian.governance.meetings.models import Attendee, Item, Meeting
from silian.governance.members.models import Organisation
from silian.governance.petitions.models import Petition
from silian.governance.petitions.services import make_petition, support
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User

FACTS = Path(__file__).parent / "data" / "meetings.toml"
OPENS_BEFORE = 30  # minutes in which people of the past came through the door
CODE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TITLES = ["主任", "副主任", "处长", "院长", "副院长", "总经理", "人力资源总监", "教授", "记者"]
Reply = Attendee.Reply


@dataclass
class Hall:
    """What the meetings of one body are made with; names come from a source of their own."""

    body: Founded
    inventor: Inventor
    now: datetime
    secretary: User

    def at(self, facts: dict[str, Any]) -> datetime:
        if "in_hours" in facts:
            return self.now.replace(minute=0, second=0, microsecond=0) + timedelta(
                hours=facts["in_hours"]
            )
        today = timezone.localtime(self.now).date()
        day: date = facts.get("day") or today + timedelta(days=facts["in_days"])
        moment = datetime(day.year, day.month, day.day, facts["hour"])
        return timezone.make_aware(moment)


def add_meetings(body: Founded, now: datetime) -> None:
    slug = body.consortium.slug
    secretary = User.objects.get(username=f"secretary.{slug}")
    hall = Hall(body, Inventor(sum(map(ord, slug))), now, secretary)
    for facts in tomllib.loads(FACTS.read_text())[slug]:
        if "day" in facts:
            held_meeting(hall, facts)
        else:
            coming_meeting(hall, facts)
    if slug == "mingshui":
        add_petition(hall)


def drafted(hall: Hall, facts: dict[str, Any], **more: Any) -> Meeting:
    """The meeting and its agenda, before anybody is invited."""
    names = "organ title_zh title_en place_zh place_en chaired_by link form".split()
    known = {name: facts[name] for name in names if name in facts}
    if "body" in facts:
        known["body"] = hall.body.consortium.bodies.get(name_zh=facts["body"])
    starts = hall.at(facts)
    known |= {"starts_at": starts, "ends_at": starts + timedelta(hours=3)}
    meeting = Meeting.objects.create(consortium=hall.body.consortium, **known, **more)
    for order, item in enumerate(facts["items"], start=1):
        paper = item.pop("paper", "")
        row = Item.objects.create(meeting=meeting, order=order, **item)
        if paper:
            agenda.save_item(row, papers=[workbook(paper)], by=hall.secretary)
    return meeting


def workbook(name: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["项目", "计划", "完成"])
        for row, words in enumerate(("培训人次", "现场工程师培养", "技术服务项目"), start=1):
            page.write_row(row, 0, [words, 100 * row, 80 * row])
    return SimpleUploadedFile(name, content.getvalue())


# --- what is over -----------------------------------------------------------------------


def held_meeting(hall: Hall, facts: dict[str, Any]) -> None:
    """A meeting of the founding days; everybody who was invited came through the door."""
    starts = hall.at(facts)
    meeting = drafted(
        hall,
        facts,
        state=Meeting.State.CLOSED,
        charter=charter_of(hall.body.consortium),
        called_as="secretariat",
        called_at=starts - timedelta(days=12),
        opened_at=starts,
        closed_at=starts + timedelta(hours=2, minutes=40),
    )
    memberships = hall.body.consortium.memberships.current().exclude(part="guiding")
    if facts["organ"] == "council":  # nobody had a seat before it met
        memberships = memberships.exclude(grade="member")
    units = [membership.organisation for membership in memberships.select_related("organisation")]
    rows = [unit_of(hall, meeting, unit) for unit in units]
    rows += guests_of(hall, meeting, facts["guests"])
    for number, row in enumerate(rows):
        minutes = OPENS_BEFORE * (1 - number / len(rows))
        row.reply, row.channel = Reply.COMING, Attendee.Channel.SCAN
        row.signed_in_at = starts - timedelta(minutes=minutes)
        row.signed_in_by = hall.secretary
    Attendee.objects.bulk_create(rows)


def unit_of(hall: Hall, meeting: Meeting, unit: Organisation) -> Attendee:
    name = hall.inventor.person()
    title = hall.inventor.random.choice(TITLES[:6])
    code = new_code(hall)
    return Attendee(meeting=meeting, organisation=unit, name=name, title=title, votes=1, code=code)


def guests_of(hall: Hall, meeting: Meeting, number: int) -> list[Attendee]:
    """Invented people, of the offices that were guests and of schools and firms nearby."""
    offices = list(Organisation.objects.filter(memberships=None, kind="government"))
    draw = hall.inventor.random
    return [
        Attendee(
            meeting=meeting,
            name=hall.inventor.person(),
            title=draw.choice(TITLES),
            organisation=draw.choice(offices) if offices and place % 4 == 0 else None,
            affiliation="" if offices and place % 4 == 0 else draw.choice(NEARBY),
            code=new_code(hall),
        )
        for place in range(number)
    ]


NEARBY = ["兄弟开发区管委会", "合作院校", "园区企业", "行业协会", "新闻媒体", "科研院所"]


def new_code(hall: Hall) -> str:
    return "".join(hall.inventor.random.choices(CODE, k=12))


# --- what is on and what comes ----------------------------------------------------------


def coming_meeting(hall: Hall, facts: dict[str, Any]) -> None:
    """Called by the services that people use; with answers, and in session where it has begun."""
    meeting = drafted(hall, facts)
    Attendee.objects.bulk_create(
        [*voters_of(hall, meeting, facts), *guests_of(hall, meeting, facts.get("guests", 0))]
    )
    if facts.get("draft"):
        return
    begins = meeting.starts_at
    if begins < hall.now:  # called some days ago
        meeting.starts_at = hall.now + timedelta(hours=1)
        meeting.save(update_fields=["starts_at"])
    why = facts.get("short_notice_why", "")
    called_as = caller(meeting, facts.get("called_as", "secretariat"))
    services.call_meeting(meeting, by=hall.secretary, called_as=called_as, short_notice_why=why)
    answer(hall, meeting, facts.get("answered", 0))
    if begins < hall.now:
        begin(hall, meeting, begins, facts["present"])


def caller(meeting: Meeting, wanted: str) -> str:
    charter = charter_of(meeting.consortium)
    allowed = charter.callers if charter else []
    return wanted if wanted in allowed or not allowed else allowed[0]


def voters_of(hall: Hall, meeting: Meeting, facts: dict[str, Any]) -> Iterable[Attendee]:
    """For a body the secretariat says who votes."""
    body = meeting.body
    if not body:
        return []
    units = [unit for unit in (body.host, *body.co_builders.all()) if unit]
    units += hall.body.of_kind("enterprise")
    once = list(dict.fromkeys(units))[: facts["voters"]]
    return [unit_of(hall, meeting, unit) for unit in once]


def answer(hall: Hall, meeting: Meeting, share: float) -> None:
    """A share of those invited has answered; most come, one sends a proxy, some cannot."""
    draw = hall.inventor.random
    rows = list(meeting.attendees.order_by("pk"))
    people = dict(
        Role.objects.running()
        .filter(kind="manager", organisation__in=[row.organisation_id for row in rows])
        .values_list("organisation", "user__name")
    )
    for row in rows:
        row.code = new_code(hall)
        if draw.random() < share:
            row.reply = Reply.DECLINED if draw.random() < 0.12 else Reply.COMING
            row.name = row.name or people.get(row.organisation_id or 0, "")
            row.reply_note = "出差在外" if row.reply == Reply.DECLINED else ""
    coming = [row for row in rows if row.votes and row.reply == Reply.COMING]
    if len(coming) > 4:
        giver, holder = coming[-1], coming[0]
        giver.reply, giver.proxy = Reply.PROXY, holder
    Attendee.objects.bulk_update(rows, ["code", "reply", "name", "reply_note", "proxy"])


def begin(hall: Hall, meeting: Meeting, begins: datetime, share: float) -> None:
    """It is in session: called twelve days ago, most are here, the second item is on."""
    facts = {"called_at": begins - timedelta(days=8), "starts_at": begins}
    Meeting.objects.filter(pk=meeting.pk).update(**facts, ends_at=begins + timedelta(hours=3))
    meeting.refresh_from_db()
    services.open_meeting(meeting, by=hall.secretary)
    coming = meeting.attendees.filter(reply=Reply.COMING).order_by("pk")
    here = list(coming)[: max(1, round(share * coming.count()))]
    for number, row in enumerate(here):
        row.signed_in_at = begins - timedelta(minutes=20 - number % 18)
        row.signed_in_by, row.channel = hall.secretary, Attendee.Channel.SCAN
    Attendee.objects.bulk_update(here, ["signed_in_at", "signed_in_by", "channel"])
    agenda.take_up(meeting.items.all()[1], by=hall.secretary)


def add_petition(hall: Hall) -> None:
    """Some units want an extraordinary meeting, not yet enough of them."""
    consortium = hall.body.consortium
    units = [elector.organisation for elector in electorate(consortium, "assembly")][4:16]
    acting = {
        role.organisation: role.user
        for role in Role.objects.filter(kind="manager", organisation__in=units).select_related(
            "user", "organisation"
        )
    }
    first, *others = [unit for unit in units if unit in acting]
    petition = Petition(
        consortium=consortium,
        organ="assembly",
        title="共享实训基地收费标准",
        reason="各校反映不同基地收费口径不一，建议召开临时成员大会统一标准。",
    )
    make_petition(petition, first, by=acting[first])
    for unit in others:
        support(petition, unit, by=acting[unit])
