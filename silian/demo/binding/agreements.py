"""The agreements of a body: those its article tells of, and what is on the table now."""

import hashlib
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import make_aware

from silian.demo.cast.founding import Founded
from silian.governance.agreements.models import Agreement, Comment, Party, Version
from silian.governance.agreements.policy import unit_of
from silian.governance.agreements.services import next_number
from silian.governance.drafting import paper, places, samples, services
from silian.governance.drafting.models import Consent, Template
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel.accounts.models import User
from silian.kernel.files import services as files

DATA = tomllib.loads((Path(__file__).parent / "data" / "agreements.toml").read_text())
State, Kind = Agreement.State, Agreement.Kind
TEMPLATES = {
    Kind.ORDER_CLASS: "订单班培养协议范本",
    Kind.APPRENTICESHIP: "学徒制培养协议范本",
    Kind.COMMISSIONED: "委托培养协议范本",
    Kind.TECHNICAL_SERVICE: "技术服务合同范本",
}
CLAUSE = "每学期末双方共同召开一次工作会议,通报进展并商定下一步安排。"
DAYS_TO_COME = 30  # until the terms on the table begin


def add_agreements(body: Founded, now: datetime) -> None:
    """What was signed on the founding day, the templates, and what is being negotiated."""
    secretary = secretaries_of(body.consortium).order_by("pk").first()
    assert secretary is not None
    for fact in body.facts.get("agreements", []):
        add_signed(body, fact, secretary, now.date())
    for kind, name in TEMPLATES.items():
        text = samples.sample_text(kind)
        Template.objects.create(
            consortium=body.consortium, kind=kind, name=name, text=text, by=secretary
        )
    drafts = [fact for fact in DATA["drafts"] if fact["body"] == body.consortium.slug]
    for fact in drafts:
        add_draft(body, fact, secretary, now)


def add_signed(body: Founded, fact: dict[str, Any], secretary: User, today: date) -> None:
    """One that the article tells of; where its term is over by now, it was fulfilled."""
    own = DATA["signed"].get(fact["title_zh"], {})
    units = [named(body, name) for name in fact.pop("parties")]
    units += body.of_kind("enterprise")[: fact.pop("invented_parties", 0)]
    signed, years = body.day, fact.pop("years")
    last = signed.replace(year=signed.year + years)
    over = last <= today
    agreement = Agreement.objects.create(
        consortium=body.consortium,
        state=State.ENDED if over else State.SIGNED,
        signed_on=signed,
        expires_on=last,
        ended_on=last if over else None,
        end=Agreement.End.FULFILLED if over else "",
        terms=terms(fact["kind"], own, units),
        **fact,
    )
    seat(agreement, zip(units, [*own.get("parts", []), *[""] * len(units)], strict=False))
    written = make_aware(datetime.combine(signed - timedelta(days=9), time(10)))
    version = word(agreement, secretary, at=written)
    if own.get("file"):
        print_document(agreement, version, secretary, signed)


def print_document(agreement: Agreement, version: Version, secretary: User, on: date) -> None:
    """The document as it was signed that day; the code is the same in every load."""
    agreement.number = next_number(agreement.consortium, on.year)
    agreement.check_code = hashlib.sha256(agreement.title_zh.encode()).hexdigest()[:20]
    pdf = paper.frozen_pdf(agreement, version, on=on)
    upload = SimpleUploadedFile(f"{agreement.number}.pdf", pdf, "application/pdf")
    agreement.frozen = files.store(upload, by=secretary)
    agreement.save()


def add_draft(body: Founded, fact: dict[str, Any], secretary: User, now: datetime) -> Agreement:
    """One that is on the table, as far as its stage says."""
    stage, first = fact["stage"], now.date() + timedelta(days=DAYS_TO_COME)
    parties = [(named(body, name, part), part) for name, part in fact["parties"]]
    agreement = Agreement(consortium=body.consortium, kind=fact["kind"])
    agreement.title_zh, agreement.title_en = fact["title_zh"], fact["title_en"]
    agreement.expires_on = first.replace(year=first.year + 3, day=min(first.day, 28))
    if stage != "begun":
        agreement.terms = terms(fact["kind"], fact, [unit for unit, _part in parties])
        agreement.terms["starts_on"] = first.isoformat()
    agreement.save()
    seat(agreement, parties)
    if stage == "begun":
        return agreement
    at = now - timedelta(days=12)
    version = word(agreement, secretary, at=at)
    if stage == "negotiating":
        version = negotiate(agreement, version, at)
    if stage in {"agreed", "signing"}:
        for party in agreement.party_set.all():
            Consent.objects.create(version=version, party=party, by=speaker(unit_of(party)))
    if stage == "signing":
        services.freeze(agreement, by=secretary)
    return agreement


def negotiate(agreement: Agreement, version: Version, at: datetime) -> Version:
    """The second party rewords it, the first asks back and then agrees."""
    first, second = agreement.party_set.all()[:2]
    asked = speaker(unit_of(second))
    Comment.objects.create(
        version=version,
        quote="各方的权利和义务",
        text="建议写明企业导师的课时和津贴标准。",
        organisation=second.organisation,
        by=asked,
        at=at + timedelta(days=2),
        settled_at=at + timedelta(days=5),
        settled_by=asked,
    )
    text = version.text.replace("前两个月", "前三个月").replace(
        "# 五、签署", f"{CLAUSE}\n\n# 五、签署"
    )
    note = "续签协商提前到三个月,增加学期会商"
    later = {"text": text, "note": note, "organisation": second.organisation, "by": asked}
    new = Version.objects.create(agreement=agreement, number=2, at=at + timedelta(days=5), **later)
    answer = speaker(unit_of(first))
    Comment.objects.create(
        version=new,
        quote="每学期末双方共同召开一次工作会议",
        text="同意。请联合体秘书处派人列席。",
        organisation=first.organisation,
        by=answer,
        at=at + timedelta(days=7),
    )
    Consent.objects.create(version=new, party=second, by=asked)
    return new


def word(agreement: Agreement, by: User, **when: datetime) -> Version:
    """The first version: the sample text of the kind, filled in."""
    text, _blank = places.filled(samples.sample_text(agreement.kind), agreement)
    facts = {"number": 1, "text": text, "note": "依据示范文本起草", "by": by}
    return Version.objects.create(agreement=agreement, **facts, **when)


def terms(kind: str, own: dict[str, Any], units: list[Organisation]) -> dict[str, Any]:
    said: dict[str, Any] = DATA["common"] | DATA["kinds"][kind] | own.get("terms", {})
    if seller := own.get("seller"):
        said["seller"] = next(str(unit.pk) for unit in units if unit.name_zh == seller)
    return said


def named(body: Founded, name: str, part: str = "") -> Organisation:
    """The unit of that name; without a name the first that fits its part."""
    if name:
        return next(unit for unit in body.units if unit.name_zh == name)
    kinds = ["enterprise"] if part == "企业" else ["college", "university"]
    return body.of_kind(*kinds)[0]


def seat(agreement: Agreement, parties: Iterable[tuple[Organisation, str]]) -> None:
    Party.objects.bulk_create(
        Party(agreement=agreement, organisation=unit, part=part, order=order)
        for order, (unit, part) in enumerate(parties, start=1)
    )


def speaker(unit: Organisation) -> User:
    person = people_of(unit).order_by("pk").first()
    assert person is not None
    return person
