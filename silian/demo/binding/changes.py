"""Agreements that the demo's bodies signed after their founding, and how agreements change."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils.timezone import make_aware

from silian.demo.binding.agreements import named, seat, speaker, terms, word
from silian.demo.cast.founding import Founded
from silian.governance.agreements import succession
from silian.governance.agreements.checks import years_after
from silian.governance.agreements.models import Agreement, Version
from silian.governance.agreements.policy import unit_of
from silian.governance.changes.models import EarlyEnd, EarlyEndAnswer, Registration
from silian.governance.changes.policy import seller_of
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User

DATA = tomllib.loads((Path(__file__).parent / "data" / "commitments.toml").read_text())


@dataclass(frozen=True)
class Bond:
    """An agreement with its two sides, as far as the demo's day has come."""

    agreement: Agreement
    school: Organisation
    firm: Organisation
    today: date
    voices: dict[int, User]  # who speaks for a side

    @classmethod
    def of(cls, agreement: Agreement, today: date) -> "Bond":
        units = list(agreement.parties.order_by("party__order"))
        school = next((unit for unit in units if unit.is_school), units[0])
        firm = next((u for u in units if u != school and not u.is_school), units[-1])
        voices = {unit.pk: speaker(unit) for unit in (school, firm)}
        return cls(agreement, school, firm, today, voices)

    def side(self, name: str) -> Organisation:
        return self.school if name == "school" else self.firm

    def other(self, name: str) -> Organisation:
        return self.firm if name == "school" else self.school

    def after(self, months: float) -> date:
        assert self.agreement.signed_on
        return self.agreement.signed_on + timedelta(days=round(months * 30.44))

    @property
    def until(self) -> date:
        """The last day on which something can have happened."""
        return min(self.today, self.agreement.ended_on or self.today)


def add_later_ones(body: Founded, secretary: User, today: date) -> None:
    """What a body signed after its founding."""
    for fact in DATA["later"]:
        if fact["body"] == body.consortium.slug:
            add_later(body, fact, secretary, today)


def add_later(body: Founded, fact: dict[str, Any], secretary: User, today: date) -> None:
    """An agreement signed after the founding, with what has become of it."""
    units = [named(body, fact["school"]), named(body, fact["firm"])]
    signed = body.day + timedelta(days=fact["days"])
    if signed >= today:
        return
    own = {"seller": fact["school"]} if fact["kind"] == "technical_service" else {}
    agreement = Agreement.objects.create(
        consortium=body.consortium,
        kind=fact["kind"],
        title_zh=fact["title_zh"],
        title_en=fact["title_en"],
        state=Agreement.State.SIGNED,
        signed_on=signed,
        expires_on=years_after(signed, fact["years"]),
        terms=terms(fact["kind"], own, units),
    )
    seat(agreement, zip(units, ["学校", "企业"], strict=True))
    word(agreement, secretary)
    if "registration" in fact:
        register(agreement, fact["registration"])
    if "amended" in fact:
        add_amendment(body, agreement, fact["amended"], secretary, today)
    if "ended" in fact:
        end(body, agreement, fact["ended"], today)


def register(agreement: Agreement, number: str) -> None:
    seller = seller_of(agreement)
    assert seller and agreement.signed_on
    day = agreement.signed_on + timedelta(days=12)
    facts = {"registered_on": day, "by": speaker(seller), "at": at_work(day)}
    Registration.objects.create(agreement=agreement, seller=seller, number=number, **facts)


def add_amendment(
    body: Founded, original: Agreement, fact: dict[str, Any], secretary: User, today: date
) -> None:
    """Signed by the same parties: it prolongs the term and rewords a clause."""
    signed = body.day + timedelta(days=fact["days"])
    if signed >= today:
        return
    assert original.expires_on
    amendment = Agreement.objects.create(
        consortium=body.consortium,
        kind=original.kind,
        title_zh=fact["title_zh"],
        title_en=fact["title_en"],
        state=Agreement.State.SIGNED,
        signed_on=signed,
        expires_on=years_after(original.expires_on, fact["years"]),
        terms=original.terms,
        amends=original,
    )
    parties = original.party_set.select_related("organisation").order_by("order")
    seat(amendment, [(unit_of(party), party.part) for party in parties])
    text = succession.latest_text(original).replace(fact["was"], fact["becomes"])
    Version.objects.create(agreement=amendment, number=1, text=text, by=secretary)
    succession.take_effect(amendment, by=secretary)


def end(body: Founded, agreement: Agreement, fact: dict[str, Any], today: date) -> None:
    """Ended early: the firm asked, the school agreed."""
    last = body.day + timedelta(days=fact["days"])
    if last >= today:
        return
    bond = Bond.of(agreement, today)
    row = EarlyEnd(agreement=agreement, organisation=bond.firm, reason=fact["reason"])
    row.last_day, row.answer_until = last, last - timedelta(days=30)
    row.__dict__["state"] = EarlyEnd.State.DONE
    row.at = at_work(last - timedelta(days=50))
    row.save()
    EarlyEndAnswer.objects.create(
        early_end=row,
        organisation=bond.school,
        agrees=True,
        text="同意,请协助落实学生安置。",
        by=bond.voices[bond.school.pk],
        at=at_work(last - timedelta(days=40)),
    )
    ended = {"state": Agreement.State.ENDED, "ended_on": last, "end": Agreement.End.EARLY}
    Agreement.objects.filter(pk=agreement.pk).update(**ended)


def add_what_is_on_the_way(body: Founded, secretary: User, today: date) -> None:
    """A renewal that is negotiated, and an early end that waits for its answer."""
    running = body.consortium.agreements.signed()
    if found := running.filter(title_zh=DATA["renewal"]["title_zh"]).first():
        succession.renew(found, by=secretary)
    if found := running.filter(title_zh=DATA["early_end"]["title_zh"]).first():
        bond = Bond.of(found, today)
        EarlyEnd.objects.create(
            agreement=found,
            organisation=bond.firm,
            reason=DATA["early_end"]["reason"],
            last_day=today + timedelta(days=60),
            answer_until=today + timedelta(days=9),
        )


def at_work(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(10, 30)))
