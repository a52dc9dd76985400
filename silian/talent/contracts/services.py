"""The three-party agreement of an internship: its terms, its signatories, and its offer."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop, override

from silian.governance.agreements.models import Agreement, Party, Version
from silian.governance.agreements.services import end_agreement
from silian.governance.drafting.models import Template
from silian.governance.drafting.places import filled
from silian.governance.drafting.samples import sample_text
from silian.governance.drafting.services import freeze
from silian.governance.roles.policy import people_of
from silian.governance.signing.models import Method, Signatory
from silian.governance.signing.services import open_process, prepare, representative
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import IllegalMove
from silian.talent.internships.facts import clear, facts_of
from silian.talent.internships.models import Internship
from silian.talent.statutes.checks import guardian_consents
from silian.talent.statutes.rules import OFFER, START, applied

KIND = Agreement.Kind.INTERNSHIP
COURT = "向学校所在地人民法院提起诉讼"


def asks_guardian(internship: Internship) -> bool:
    """Must a guardian consent? The rule that is in force on the first day says."""
    facts = replace(facts_of(internship), guardian_signed=False)
    every = applied(facts, internship.consortium, START)
    rules = [rule for rule in every if rule.check == "guardian_consents"]
    return any(guardian_consents(facts, rule.parameters) is not None for rule in rules)


@transaction.atomic
def offer(internship: Internship, *, by: User, unit_signatory: User | None = None) -> Agreement:
    """Draw the agreement up, freeze it as one PDF and ask all sides to sign it.

    Raises RulesBroken where a rule stands against it. What was offered before and refused or
    called off is given up.
    """
    held = Internship.objects.select_for_update().get(pk=internship.pk)
    if held.state != Internship.State.PREPARED:
        raise IllegalMove(f"{held} was moved meanwhile")
    clear(held, OFFER)
    former = held.agreement
    if former and former.state in (Agreement.State.SIGNING, Agreement.State.SIGNED):
        raise IllegalMove(f"{held} was offered meanwhile")
    if former and former.state == Agreement.State.DRAFT:
        end_agreement(former, by=by, on=clock.today(), why="")
    agreement = _drawn_up(held, by=by)
    internship.agreement = agreement
    internship.save(update_fields=["agreement"])
    freeze(agreement, by=by)
    process = prepare(agreement, list(_signatories(held, by, unit_signatory)), by=by)
    open_process(process, by=by)
    record(internship, gettext_noop("Agreement offered for signing"), by=by)
    return agreement


def _drawn_up(internship: Internship, *, by: User) -> Agreement:
    student, unit = internship.student, internship.unit
    template = Template.objects.filter(consortium=internship.consortium, kind=KIND).first()
    short = unit.short_name_zh or unit.name_zh
    agreement = Agreement(
        consortium=internship.consortium,
        kind=KIND,
        title_zh=f"学生实习三方协议（{short}，{internship.post}）"[:200],
        title_en=f"Three-party internship agreement ({unit.name_en or short})"[:200],
        expires_on=internship.ends_on,
    )
    agreement.terms = _terms(internship)
    agreement.save()
    for order, (side, part) in enumerate(((student.school, "学校"), (unit, "实习单位")), start=1):
        Party.objects.create(agreement=agreement, organisation=side, part=part, order=order)
    facts = {"person": student.name, "user": student.user, "part": "学生", "order": 3}
    Party.objects.create(agreement=agreement, **facts)
    text, _blank = filled(template.text if template else sample_text(KIND), agreement)
    Version.objects.create(agreement=agreement, number=1, text=text, by=by)
    return agreement


def _terms(internship: Internship) -> dict[str, Any]:
    """What the model contents of Art. 15 ask for, in the words of the contract: Chinese."""
    i, guardian = internship, asks_guardian(internship)
    with override("zh-hans"):
        hours = f"每日{i.hours_a_day or '—'}小时，每周{i.hours_a_week or '—'}小时"
        unusual = {"夜班": i.night_shifts, "加班": i.overtime, "休息日工作": i.rest_days}
        if named := "、".join(word for word, is_so in unusual.items() if is_so):
            hours += f"；因{i.exemption or '特殊需要'}安排{named}"
        cycle = i.get_pay_cycle_display()
        pay = f"每月{i.pay}元，{cycle}支付" if i.pay is not None else "不支付报酬"
        policy = i.insurance
        insured = f"{policy.insurer}，保单号{policy.number}" if policy else "由学校统一投保"
        weights = i.scheme
        terms = {
            "internship_kind": i.kind,
            "programme": i.student.programme.name_zh,
            "post": i.post,
            "place": i.place or i.unit.address,
            "starts_on": i.starts_on.isoformat(),
            "working_time": hours,
            "tasks": i.tasks,
            "mentors": f"学校{i.school_mentor}，实习单位{i.unit_mentor}",
            "pay": pay,
            "insurance": insured,
            "assessment": f"出勤{weights.get('attendance', 0)}%，过程{weights.get('process', 0)}%，"
            f"成果{weights.get('result', 0)}%",
            "guardian": i.guardian_name if guardian else "",
            "dispute": COURT,
        }
    return {name: value for name, value in terms.items() if value}


def _signatories(internship: Internship, by: User, unit_signatory: User | None) -> Any:
    """One of the school, one of the unit, the student, and the guardian where one is asked."""
    student, unit = internship.student, internship.unit
    yield Signatory(organisation=student.school, name=by.name, user=by)
    if unit_signatory and people_of(unit).filter(pk=unit_signatory.pk).exists():
        yield Signatory(organisation=unit, name=unit_signatory.name, user=unit_signatory)
    else:
        yield representative(unit)
    way = Method.ELECTRONIC if student.user else Method.PAPER
    yield Signatory(name=student.name, user=student.user, method=way)
    if asks_guardian(internship):
        email = internship.guardian_email
        yield Signatory(
            name=internship.guardian_name or f"{student.name}的家长",
            guardian_of=student.name,
            email=email,
            method=Method.LINK if email else Method.PAPER,
        )
