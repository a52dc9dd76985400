"""What the rules look at, and the one door that every internship passes.

``findings(internship, step)`` says what it breaks. ``clear(internship, step)`` raises RulesBroken
where something hinders, and otherwise leaves the stamp without which the database lets no
internship stand (``models.Clearance``).
"""

from collections.abc import Iterable

from silian.governance.agreements.models import Agreement
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.signing.models import Signatory
from silian.talent.internships.models import Clearance, Internship
from silian.talent.safeguards.models import SiteCheck
from silian.talent.statutes.checks import Facts
from silian.talent.statutes.rules import START, Finding, RulesBroken, applied, judged


def findings(internship: Internship, step: str = START) -> list[Finding]:
    """What ``internship`` breaks, with the reasons given for what may be broken."""
    facts = facts_of(internship)
    rows = internship.waivers.select_related("by", "approved_by") if internship.pk else []
    waivers = {(waiver.rule, waiver.version): waiver for waiver in rows}
    return judged(facts, applied(facts, internship.consortium, step), waivers)


def clear(internship: Internship, step: str) -> Clearance:
    """Let ``internship`` pass in this transaction, or raise RulesBroken.

    The unit is held until the transaction ends: two that would pass its cap together are counted
    one after the other.
    """
    Organisation.objects.select_for_update().get(pk=internship.unit_id)
    if hindering := [finding for finding in findings(internship, step) if finding.hinders]:
        raise RulesBroken(hindering)  # type: ignore[arg-type]  # it asks for their messages alone
    rules = applied(facts_of(internship), internship.consortium, step)
    versions = {rule.id: rule.version for rule in rules}
    return Clearance.objects.create(internship=internship, rules=versions)


def facts_of(internship: Internship) -> Facts:
    """Gather what the checks look at."""
    student, unit = internship.student, internship.unit
    same = "kind starts_on ends_on hours_a_day hours_a_week labour_grade hazardous barred_minors"
    same += " barred_women agent charges independent pay wage probation_wage pay_form pay_cycle"
    same += " payee scheme post_staff"
    own = {name: getattr(internship, name) for name in same.split()}
    policy = internship.insurance
    liable = policy and policy.kind == policy.Kind.LIABILITY
    unusual = internship.night_shifts or internship.overtime or internship.rest_days
    beside = beside_of(internship)
    return Facts(
        **own,
        entered=student.entered,
        born_on=student.person.born_on,
        gender=student.person.gender,
        student_code=student.programme.code,
        post_codes=post_codes(internship),
        industry=unit.industry.code if unit.industry else "",
        staff=unit.staff_count,
        interns=len(beside) + 1,
        post_interns=sum(post == internship.post for post in beside) + 1,
        unusual_hours=unusual,
        exempted=bool(internship.exemption.strip()),
        mentors=frozenset(_mentors(internship)),
        has_tasks=bool(internship.tasks.strip()),
        insured=(policy.starts_on, policy.ends_on) if policy and liable else None,
        id_checked=internship.id_checked_on is not None,
        unit_checked=_was_checked(internship),
        signed=is_signed(internship),
        guardian_signed=_guardian_signed(internship),
    )


def beside_of(internship: Internship) -> list[str]:
    """The posts of those at the same unit at the same time, in every consortium."""
    others = Internship.objects.standing().filter(
        unit=internship.unit_id,
        starts_on__lte=internship.ends_on,
        ends_on__gte=internship.starts_on,
    )
    return list(others.exclude(pk=internship.pk).values_list("post", flat=True))


def post_codes(internship: Internship) -> frozenset[str]:
    """What the post is for: the programmes its position takes, or the category that was stated."""
    taken = (
        internship.position.programmes.values_list("code", flat=True) if internship.position else []
    )
    return frozenset(taken) or frozenset(filter(None, [internship.category]))


def _mentors(internship: Internship) -> Iterable[str]:
    sides = [("school", internship.school_mentor_id, internship.student.school_id)]
    sides += [("unit", internship.unit_mentor_id, internship.unit_id)]
    for side, user, organisation in sides:
        held = Role.objects.running().filter(user=user, organisation=organisation)
        if user and held.exclude(kind=Role.Kind.STUDENT).exists():
            yield side


def _was_checked(internship: Internship) -> bool:
    found = SiteCheck.objects.filter(
        school=internship.student.school_id,
        unit=internship.unit_id,
        checked_on__lte=internship.starts_on,
        valid_until__gte=internship.starts_on,
    ).first()
    return found is not None and found.result == SiteCheck.Result.FIT


def is_signed(internship: Internship) -> bool:
    agreement = internship.agreement
    return agreement is not None and agreement.state == Agreement.State.SIGNED


def _guardian_signed(internship: Internship) -> bool:
    return (
        Signatory.objects.filter(
            process__agreement=internship.agreement_id,
            process__state="complete",
            state=Signatory.State.SIGNED,
            organisation=None,
        )
        .exclude(guardian_of="")
        .exists()
    )
