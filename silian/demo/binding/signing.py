"""How the demo's agreements were signed, how others are being signed, and two ceremonies."""

import struct
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import cycle

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import make_aware

from silian.demo.binding import agreements
from silian.demo.cast.founding import Founded
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.policy import units_of
from silian.governance.ceremonies.models import Ceremony, Turn
from silian.governance.ceremonies.services import prepare as prepare_ceremony
from silian.governance.meetings.models import Item
from silian.governance.members.models import Organisation
from silian.governance.signatures import services as acts
from silian.governance.signatures.evidence import seal
from silian.governance.signatures.models import Act, Scan
from silian.governance.signing import services
from silian.governance.signing.models import Method, Process, Signatory
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import subject_of
from silian.kernel.files.services import store
from silian.kernel.proofs.services import Proof

SENTENCE = "本人已完整阅读《{title}》，并代表{organisation}签署。"
TITLES = {"enterprise": "总经理", "park": "主任", "government": "主任", "institute": "所长"}
WAYS = [Method.ELECTRONIC, Method.PAPER, Method.ELECTRONIC, Method.AUTHORITY]
AUTHORITY = "demo-ca"
PROGRAMMES = ["机电一体化技术", "智能控制技术", "数控技术", "工业机器人技术", "电气自动化技术"]


@dataclass
class Desk:
    """What the signings of one body are made with."""

    body: Founded
    now: datetime
    first: User
    second: User


def add_signings(body: Founded, now: datetime) -> None:
    """What was signed on the founding day; at 明水 also what is being signed, and ceremonies."""
    slug = body.consortium.slug
    people = [User.objects.get(username=f"{name}.{slug}") for name in ("secretary", "secretary2")]
    desk = Desk(body, now, *people)
    rows = body.consortium.agreements.order_by("pk")
    signed = list(rows.filter(signed_on=body.day))
    if slug == "mingshui":
        print_missing(desk, signed)
        held_ceremony(desk, signed)
        add_projects(desk)
    for number, agreement in enumerate(row for row in signed if row.frozen_id):
        past_signing(desk, agreement, number)
    for number, agreement in enumerate(rows.filter(state=Agreement.State.SIGNING)):
        current_signing(desk, agreement, number)
    if slug == "mingshui":
        refused_signing(desk)
        coming_ceremony(desk)


# --- the founding day -------------------------------------------------------------------------


def print_missing(desk: Desk, signed: list[Agreement]) -> None:
    """The eleven of the founding assembly all have their document."""
    for agreement in signed:
        version = agreement.versions.first()
        if not agreement.frozen_id and version:
            agreements.print_document(agreement, version, desk.first, desk.body.day)


def past_signing(desk: Desk, agreement: Agreement, number: int) -> None:
    """Signed by all parties that day: on screen, on paper or with an authority."""
    opened = at(desk.body.day, 9)
    process = Process.objects.create(
        agreement=agreement,
        document=agreement.frozen,
        state=Process.State.COMPLETE,
        opened_at=opened,
        closed_at=opened + timedelta(hours=1, minutes=3 * number),
    )
    ways = WAYS[number % len(WAYS) :] + WAYS[: number % len(WAYS)]
    units = units_of(agreement.party_set.select_related("organisation"))
    for minute, (unit, way) in enumerate(zip(units, cycle(ways), strict=False)):
        signatory = named(process, unit, state=Signatory.State.SIGNED)
        when = opened + timedelta(hours=1, minutes=3 * number - 2, seconds=20 * minute)
        past_act(desk, signatory, way, when)


def past_act(desk: Desk, signatory: Signatory, way: str, when: datetime) -> None:
    document = signatory.process.document
    assert document is not None
    act = Act(signatory=signatory, method=way, name=signatory.name, at=when, sha256=document.sha256)
    if way == Method.ELECTRONIC:
        act.user, act.factor = signatory.user, Act.Factor.TOTP
        act.sentence = sentence_of(signatory)
    elif way == Method.PAPER:
        act.scan = Scan.objects.create(
            signatory=signatory,
            file=store(page(), by=desk.first),
            signed_on=when.date(),
            state=Scan.State.ACCEPTED,
            by=desk.first,
            at=when,
            checked_by=desk.second,
            checked_at=when,
        )
    else:
        act.authority, act.serial = AUTHORITY, f"{when:%Y%m%d}-{signatory.pk:06}"
    seal(act)
    act.save()


def held_ceremony(desk: Desk, signed: list[Agreement]) -> None:
    """The eleven, in turn, under their item of the founding assembly."""
    item = ceremony_item(desk, ahead=False)
    if item is None:
        return
    began = at(desk.body.day, 10)
    ceremony = Ceremony.objects.create(
        item=item,
        state=Ceremony.State.DONE,
        started_at=began,
        ended_at=began + timedelta(minutes=3 * len(signed)),
    )
    Turn.objects.bulk_create(
        Turn(ceremony=ceremony, agreement=agreement, order=order, called_at=began)
        for order, agreement in enumerate(signed, start=1)
    )


# --- what is being signed -----------------------------------------------------------------------


def add_projects(desk: Desk) -> None:
    """Field-engineer projects of schools with firms that joined them, frozen for the ceremony."""
    schools = desk.body.of_kind("college", "university")
    firms = [unit for unit in desk.body.of_kind("enterprise") if unit.invented]
    for school, firm, programme in zip(cycle(schools), firms[:9], cycle(PROGRAMMES), strict=False):
        fact = {
            "kind": Agreement.Kind.FIELD_ENGINEERS,
            "title_zh": f"{school.name_zh}与{firm.name_zh}现场工程师培养协议",
            "title_en": f"Field engineers: {school.name_en} and {firm.name_en}",
            "parties": [(school.name_zh, "学校"), (firm.name_zh, "企业")],
            "terms": {"programme": programme},
            "stage": "signing",
        }
        agreements.add_draft(desk.body, fact, desk.first, desk.now)


def current_signing(desk: Desk, agreement: Agreement, number: int) -> None:
    """Open, with one party ahead of the others, at every stage in turn."""
    process = prepared(desk, agreement)
    services.open_process(process, by=desk.first)
    people = list(process.signatories.order_by("pk"))
    stage = number % 4
    if stage in (1, 2):
        sign(people[-1] if stage == 1 else people[0])
    if stage == 3:
        by = desk.first if number % 8 == 3 else desk.second
        day = desk.now.date() - timedelta(days=1)
        acts.enter_scan(people[0], by=by, upload=page(), signed_on=day)


def refused_signing(desk: Desk) -> None:
    """One that a firm refused; it is being negotiated again."""
    school = desk.body.of_kind("secondary", "college")[0]
    firm = [unit for unit in desk.body.of_kind("enterprise") if unit.invented][-1]
    fact = {
        "kind": Agreement.Kind.STAFF_TRAINING,
        "title_zh": f"{school.name_zh}与{firm.name_zh}职工培训协议",
        "title_en": f"Staff training: {school.name_en} and {firm.name_en}",
        "parties": [(school.name_zh, "学校"), (firm.name_zh, "企业")],
        "stage": "signing",
    }
    agreement = agreements.add_draft(desk.body, fact, desk.first, desk.now)
    process = prepared(desk, agreement)
    services.open_process(process, by=desk.first)
    signatory = process.signatories.get(organisation=firm)
    why = "培训费支付期限与公司预算周期不符，请改为分两期支付。"
    acts.refuse(signatory, by=agreements.speaker(firm), why=why)


def coming_ceremony(desk: Desk) -> None:
    """A dozen for the coming council meeting."""
    item = ceremony_item(desk, ahead=True)
    if item is None:
        return
    opened = desk.body.consortium.agreements.filter(state=Agreement.State.SIGNING)
    prepare_ceremony(item, list(opened.order_by("pk")[:12]), by=desk.first)


# --- what is needed more than once --------------------------------------------------------------


def ceremony_item(desk: Desk, *, ahead: bool) -> Item | None:
    meetings = desk.body.consortium.meetings.order_by("starts_at")
    when = meetings.filter(starts_at__gt=desk.now) if ahead else meetings
    items = Item.objects.filter(meeting__in=when, kind=Item.Kind.CEREMONY)
    return items.order_by("meeting__starts_at").first()


def prepared(desk: Desk, agreement: Agreement) -> Process:
    rows = [
        Signatory(organisation=unit, **person(unit))
        for unit in units_of(agreement.party_set.select_related("organisation"))
    ]
    last = desk.now.date() + timedelta(days=20)
    return services.prepare(agreement, rows, by=desk.first, deadline=last)


def named(process: Process, unit: Organisation, **fields: str) -> Signatory:
    facts = person(unit) | fields
    return Signatory.objects.create(process=process, organisation=unit, **facts)


def person(unit: Organisation) -> dict[str, object]:
    user = agreements.speaker(unit)
    title = "院长" if unit.is_school else TITLES.get(unit.kind, "负责人")
    return {"user": user, "name": user.name, "title": title}


def sign(signatory: Signatory) -> None:
    user = signatory.user
    assert user is not None
    proof = Proof(user, subject_of(signatory), Act.Factor.TOTP)
    acts.sign(signatory, by=user, proof=proof, sentence=sentence_of(signatory))


def sentence_of(signatory: Signatory) -> str:
    """What the people of an organisation sign under."""
    unit, agreement = signatory.organisation, signatory.process.agreement
    assert unit is not None
    return SENTENCE.format(title=agreement.title_zh, organisation=unit.name_zh)


def at(day: date, hour: int) -> datetime:
    return make_aware(datetime.combine(day, time(hour)))


def page() -> SimpleUploadedFile:
    return SimpleUploadedFile("签署页.png", drawn_page(), "image/png")


@cache
def drawn_page() -> bytes:
    """What a scanner might give: a white page with lines, a stroke of the pen and a red seal."""
    across, down = np.meshgrid(np.arange(420), np.arange(594))
    paper = np.full((594, 420, 3), 252, np.uint8)
    lines = (down % 26 == 0) & (down > 60) & (down < 380) & (across > 50) & (across < 370)
    stroke = abs(down - 460 - 14 * np.sin(across / 9) * np.cos(across / 31)) < 1.6
    distance = np.hypot(across - 270, down - 470)
    paper[lines], paper[stroke & (across > 110) & (across < 220)] = (190, 190, 190), (20, 30, 90)
    paper[(abs(distance - 52) < 2.5) | ((distance < 9) & (distance > 6))] = (205, 40, 45)
    rows = np.insert(paper.reshape(594, -1), 0, 0, axis=1).tobytes()
    head = struct.pack(">IIBBBBB", 420, 594, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
