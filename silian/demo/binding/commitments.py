"""What the agreements of the demo led to: obligations, contributions, evaluations.

Dates follow from the day of signing and from today, the rest from commitments.toml.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from silian.demo.binding import changes
from silian.demo.binding.changes import DATA, Bond, at_work
from silian.demo.cast.founding import Founded
from silian.governance.agreements.checks import years_after
from silian.governance.agreements.models import Agreement
from silian.governance.commitments.models import Assessment, Commitment, Evaluation
from silian.governance.contributions.models import Confirmation, Entry, Pledge
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import secretaries_of
from silian.kernel.accounts.models import User

State = Commitment.State
GRADES = ["good", "excellent", "good", "sufficient"]
EVALUATED = 12  # the month in which a year is concluded


def add_commitments(body: Founded, today: date) -> None:
    """All that follows from what a body has signed."""
    secretary = secretaries_of(body.consortium).order_by("pk").first()
    assert secretary is not None
    changes.add_later_ones(body, secretary, today)
    signed = body.consortium.agreements.filter(signed_on__isnull=False, amends=None)
    for place, agreement in enumerate(signed.order_by("pk")):
        bond = Bond.of(agreement, today)
        add_obligations(bond, DATA["kinds"][agreement.kind])
        add_ledger(bond, DATA["kinds"][agreement.kind], place)
        add_evaluations(bond, secretary, place)
    changes.add_what_is_on_the_way(body, secretary, today)


def add_obligations(bond: Bond, facts: dict[str, Any]) -> None:
    for fact in facts["commitments"]:
        last = bond.agreement.expires_on
        for number, due in enumerate(days_of(bond, fact)):
            if last and due > last:
                break
            row = Commitment(
                agreement=bond.agreement,
                kind=fact.get("kind", "obligation"),
                owner=bond.side(fact["owner"]),
                checker=bond.other(fact["owner"]),
                due=due,
                yearly=fact.get("yearly", False),
                **{name: fact[name] for name in fact if name.endswith(("_zh", "_en"))},
            )
            settle(row, bond, fact.get("fate", "met"), first=number == 0)
            row.save()


def days_of(bond: Bond, fact: dict[str, Any]) -> Iterator[date]:
    """The day of a commitment; a yearly one has a day each year, up to the next one."""
    due = bond.after(fact["months"])
    yield due
    while fact.get("yearly") and due < bond.until:
        due = years_after(due, 1)
        yield due


def settle(row: Commitment, bond: Bond, fate: str, *, first: bool) -> None:
    """What became of ``row``: the first of its kind was met, the latest is as ``fate`` says."""
    if row.due > bond.until:
        return
    latest = not row.yearly or years_after(row.due, 1) > bond.until
    if not latest or (row.yearly and first and fate != "met"):
        fate = "met"
    if fate == "late":
        return
    row.report = f"{row.title_zh}:已按约定完成,材料见附件清单。"
    facts = {"met": State.MET, "missed": State.MISSED, "reported": State.REPORTED}
    row.__dict__["state"] = facts[fate]
    if fate == "missed":
        row.report, row.answer = "", "设备采购延期,未按期投入使用。"
    if fate != "reported":
        row.settled_on = min(row.due + timedelta(days=5), bond.until)


def add_ledger(bond: Bond, facts: dict[str, Any], place: int) -> None:
    """Pledges, and what was given of them in parts, the latest still to be confirmed."""
    entries, answers = [], []
    for number, fact in enumerate(facts["pledges"]):
        pledge = Pledge.objects.create(
            agreement=bond.agreement,
            giver=bond.side(fact["giver"]),
            receiver=bond.other(fact["giver"]),
            kind=fact["kind"],
            unit=fact["unit"],
            amount=fact["amount"],
            due=bond.after(fact["months"]),
            text_zh=fact["text_zh"],
            text_en=fact["text_en"],
        )
        for part, amount in enumerate(fact["parts"], start=1):
            on = bond.after(fact["months"] * part / (len(fact["parts"]) + 1))
            if on <= bond.until:
                entry = given(bond, pledge, Decimal(amount), on, f"{fact['text_zh']},第{part}批")
                entries.append(entry)
                last = part == len(fact["parts"]) and (place + number) % 4 == 0
                if not last:
                    answers.append(
                        Confirmation(entry=entry, accepted=True, **answered(bond, entry))
                    )
    Entry.objects.bulk_create(entries)
    Confirmation.objects.bulk_create(answers)
    if entries and place == 0:
        take_back(bond, entries[0])


def given(bond: Bond, pledge: Pledge, amount: Decimal, on: date, text: str) -> Entry:
    same = "agreement giver receiver kind unit".split()
    facts: dict[str, Any] = {name: getattr(pledge, name) for name in same}
    by, at = bond.voices[pledge.giver_id], at_work(on)
    return Entry(pledge=pledge, amount=amount, on=on, text=text, by=by, at=at, **facts)


def answered(bond: Bond, entry: Entry) -> dict[str, Any]:
    return {"by": bond.voices[entry.receiver_id], "at": entry.at + timedelta(days=3)}


def take_back(bond: Bond, first: Entry) -> None:
    """One delivery that was entered twice: objected to, and reversed."""
    pledge = first.pledge
    assert pledge is not None
    twice = given(bond, pledge, first.amount, first.on, f"{first.text}(重复录入)")
    twice.save()
    Confirmation.objects.create(
        entry=twice, accepted=False, reason="与上一笔为同一批,请撤回。", **answered(bond, twice)
    )
    back = given(bond, pledge, -first.amount, first.on + timedelta(days=6), "重复录入,予以冲销")
    back.reverses = twice
    back.save()


def add_evaluations(bond: Bond, secretary: User, place: int) -> None:
    """Each year that is over was concluded; this year some have answered."""
    signed = bond.agreement.signed_on
    assert signed
    for year in range(signed.year, bond.until.year + 1):
        over = date(year, EVALUATED, 20)
        if over <= bond.until:
            row = Evaluation(agreement=bond.agreement, year=year, answer_until=over)
            row.__dict__["state"] = Evaluation.State.CONCLUDED
            row.grade = GRADES[(place + year) % len(GRADES)]
            row.conclusion, row.concluded_on = DATA["answers"]["conclusion"], over
            row.save()
            assess(bond, row, [bond.school, bond.firm], over - timedelta(days=9), place)
        elif bond.agreement.state == Agreement.State.SIGNED and place % 2 == 0:
            until = bond.today + timedelta(days=20)
            row = Evaluation.objects.create(agreement=bond.agreement, year=year, answer_until=until)
            assess(bond, row, [bond.school], bond.today - timedelta(days=2), place)


def assess(bond: Bond, row: Evaluation, units: list[Organisation], on: date, place: int) -> None:
    said = DATA["answers"]
    Assessment.objects.bulk_create(
        Assessment(
            evaluation=row,
            organisation=unit,
            performance=4 + (place + number) % 2,
            cooperation=5 - place % 2,
            benefit=4,
            results=said["results"][number % 2],
            difficulties=said["difficulties"] if number else "",
            by=bond.voices[unit.pk],
            at=at_work(on),
        )
        for number, unit in enumerate(units)
    )
