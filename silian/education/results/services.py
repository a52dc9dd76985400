"""Publishing results, correcting them, appeals. Each function is one thing somebody does."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.panels.policy import chief_for
from silian.education.results import policy
from silian.education.results.computing import as_kept, computed
from silian.education.results.models import Appeal, Outcome
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import part_names
from silian.education.skillappraisals.models import Appraisal, Entry, Exemption
from silian.education.skillappraisals.policy import office_of, people_for
from silian.education.skillappraisals.services import tell
from silian.engines import passing
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.clock import working_day
from silian.kernel.events import AchievementEarned, achievement_earned
from silian.kernel.files import services as files
from silian.kernel.states import move

State = Appraisal.State
ANSWER_DAYS = 10  # working days in which an appeal is answered


@transaction.atomic
def draft(appraisal: Appraisal, *, by: User) -> None:
    """Marks are in: what they come to is looked through before it is published."""
    move(appraisal, State.DRAFTED, by=by)


@transaction.atomic
def reopen(appraisal: Appraisal, *, by: User) -> None:
    """Something is still to be marked."""
    move(appraisal, State.UNDER_WAY, by=by)


@transaction.atomic
def publish(appraisal: Appraisal, *, by: User) -> int:
    """Freeze what marks come to as the first version of everybody's result, and tell them."""
    entries = list(policy.appraised(appraisal).select_for_update(of=("self",)))
    found = computed(appraisal, entries)
    if any(one.result == passing.Result.INCOMPLETE for one in found.values()):
        raise ValidationError(_("Something is missing of a candidate."))
    today = clock.today()
    days: dict[str, Any] = {
        "public_from": today,
        "public_until": working_day(today, appraisal.terms["publicity_days"]),
        "appeals_until": working_day(today, appraisal.terms["appeal_days"]),
    }
    move(appraisal, State.PUBLICITY, by=by, **days)
    rows = [_outcome(entry, found[entry.pk], by) for entry in entries]
    Outcome.objects.bulk_create(rows, batch_size=500)
    _tell_candidates(appraisal, gettext_noop("Your result of “%(appraisal)s” is there."))
    _tell_firms(appraisal)
    return len(rows)


def _outcome(entry: Entry, found: passing.Outcome, by: User, **facts: Any) -> Outcome:
    said = {"result": str(found.result), "grade": str(found.grade), "parts": as_kept(found.parts)}
    return Outcome(entry=entry, by=by, **said, **facts)


@transaction.atomic
def correct(entry: Entry, *, reason: str, by: User) -> Outcome:
    """Publish what marks come to now as a further version; certificates are told of it."""
    Entry.objects.select_for_update().get(pk=entry.pk)
    before = policy.latest_of(entry)
    found = computed(entry.appraisal, [entry])[entry.pk]
    if before is None or not policy.differs(before, found):
        raise ValidationError(_("Nothing differs from what is published."))
    if found.result == passing.Result.INCOMPLETE:
        raise ValidationError(_("Something is missing of a candidate."))
    outcome = _outcome(entry, found, by, reason=reason, version=before.version + 1)
    outcome.save()
    words = {"was": before.result, "to": outcome.result, "why": reason}
    record(entry, gettext_noop("Result corrected"), by=by, version=outcome.version, **words)
    message = gettext_noop("Your result of “%(appraisal)s” was corrected: %(reason)s")
    tell(entry.appraisal, people_for(entry), message, reason=reason)
    if entry.appraisal.state == State.PUBLISHED and (before.passed or outcome.passed):
        tell_achievement(entry, holds=outcome.passed)
    return outcome


@transaction.atomic
def finish(appraisal: Appraisal, *, by: User) -> int:
    """Results are final; whoever passed can get a certificate. How many are they?"""
    verdict = policy.may_finish(by, appraisal)
    if not verdict:
        raise ValidationError(verdict.reason)
    move(appraisal, State.PUBLISHED, by=by, final_on=clock.today())
    outcomes = policy.latest(appraisal)
    passed = [one for one in policy.appraised(appraisal) if outcomes[one.pk].passed]
    for entry in passed:
        tell_achievement(entry, holds=True)
    _tell_candidates(appraisal, gettext_noop("Results of “%(appraisal)s” are final."))
    return len(passed)


def tell_achievement(entry: Entry, *, holds: bool) -> None:
    appraisal = entry.appraisal
    fact = AchievementEarned(
        source=source_of(entry),
        family="skill_level",
        consortium_id=appraisal.consortium_id,
        issuer_id=appraisal.organiser_id,
        person_id=entry.person_id,
        title_zh=appraisal.title_zh,
        title_en=appraisal.title_en,
        on=appraisal.exam_on,
        occupation_id=appraisal.occupation_id,
        level=appraisal.level,
        holds=holds,
    )
    achievement_earned.send(Appraisal, fact=fact)


def source_of(entry: Entry) -> str:
    """By which an achievement is known again."""
    return f"skillappraisals.Entry:{entry.pk}"


@transaction.atomic
def grant_earlier(appraisal: Appraisal, *, by: User) -> int:
    """Exempt everybody from the parts that they passed here before and that count still."""
    entries = {one.person_id: one for one in policy.appraised(appraisal)}
    held = set(Exemption.objects.filter(entry__appraisal=appraisal).values_list("entry", "part"))
    earlier = Outcome.objects.filter(
        entry__person__in=entries,
        entry__appraisal__consortium=appraisal.consortium_id,
        entry__appraisal__occupation=appraisal.occupation_id,
        entry__appraisal__level=appraisal.level,
        entry__appraisal__state=State.PUBLISHED,
        entry__appraisal__exam_on__gte=since(appraisal),
    ).exclude(entry__appraisal=appraisal)
    made = 0
    for outcome in earlier.newest().select_related("entry__appraisal"):
        entry = entries[outcome.entry.person_id]
        for one in outcome.parts:
            key = (entry.pk, one["part"])
            wanted = one["part"] in part_names(appraisal.terms) and one["came"] == "passed"
            if wanted and not one["earlier"] and key not in held:
                held.add(key)
                _exempt(entry, outcome, one, by)
                made += 1
    record(appraisal, gettext_noop("Earlier passes taken over"), by=by, count=made)
    return made


def _exempt(entry: Entry, outcome: Outcome, taken: dict[str, Any], by: User) -> None:
    earlier = outcome.entry.appraisal
    Exemption.objects.create(
        entry=entry,
        part=taken["part"],
        points=taken["points"],
        passed_on=earlier.exam_on,
        grounds=f"{earlier.number} {earlier.title_zh}"[:200],
        by=by,
    )


def since(appraisal: Appraisal) -> date:
    """The first day on which a part may have been passed to count still."""
    months = appraisal.exam_on.year * 12 + appraisal.exam_on.month - 1
    year, month = divmod(months - appraisal.terms["valid_months"], 12)
    return date(year, month + 1, min(appraisal.exam_on.day, 28))


# --- appeals ----------------------------------------------------------------------------
@transaction.atomic
def appeal(
    outcome: Outcome, *, part: str, text: str, papers: Sequence[Any] = (), by: User
) -> Appeal:
    if not (verdict := policy.may_appeal(by, outcome)):
        raise ValidationError(verdict.reason)
    due = working_day(clock.today(), ANSWER_DAYS)
    made = Appeal.objects.create(outcome=outcome, part=part, text=text, due=due, by=by)
    for upload in papers:
        made.papers.add(files.store(upload, by=by))
    record(made, gettext_noop("Appeal filed"), by=by, part=part)
    appraisal = outcome.entry.appraisal
    message = gettext_noop("Somebody appeals against a result of “%(appraisal)s”.")
    tell(appraisal, office_of(appraisal), message, url=made.get_absolute_url())
    return made


@transaction.atomic
def assign(appeal: Appeal, reviewer: User, *, by: User) -> None:
    """Somebody who has not marked the part looks at it."""
    if not policy.possible_reviewers(appeal).filter(pk=reviewer.pk).exists():
        raise ValidationError(_("Who has marked this part does not decide on it."))
    move(appeal, Appeal.State.REVIEWED, by=by, reviewer=reviewer)
    message = gettext_noop("An appeal against a result of “%(appraisal)s” is yours to decide.")
    tell(appeal.outcome.entry.appraisal, [reviewer], message, url=appeal.get_absolute_url())


@transaction.atomic
def decide(appeal: Appeal, *, upheld: bool, answer: str, by: User) -> None:
    """The candidate is told. What was marked wrong is corrected where it was marked; the result
    follows by a correction."""
    if not (verdict := policy.may_decide(by, appeal)):
        raise ValidationError(verdict.reason)
    to = Appeal.State.UPHELD if upheld else Appeal.State.REJECTED
    move(appeal, to, by=by, why=answer[:300], answer=answer, answered_at=clock.now())
    appraisal = appeal.outcome.entry.appraisal
    message = gettext_noop("Your appeal against a result of “%(appraisal)s” was decided.")
    tell(appraisal, [appeal.by], message, url=appeal.get_absolute_url())
    if upheld:
        message = gettext_noop("An appeal was upheld in “%(appraisal)s”. Have the marks corrected.")
        tell(appraisal, office_of(appraisal), message, url=appeal.get_absolute_url())
        _tell_chief(appeal)


def _tell_chief(appeal: Appeal) -> None:
    """A review is corrected by the chief of its panel, and by nobody of the office."""
    entry = appeal.outcome.entry
    chief = chief_for(entry) if appeal.part == PartKind.REVIEW else None
    if chief:
        message = gettext_noop("An appeal was upheld in “%(appraisal)s”. Rule on the points anew.")
        tell(entry.appraisal, [chief], message, url=review_of(entry))


def review_of(entry: Entry) -> str:
    """Where the chief of the panel rules on the candidate's points."""
    return reverse("panels:review", args=[entry.appraisal.consortium, entry.appraisal_id, entry.pk])


@transaction.atomic
def withdraw(appeal: Appeal, *, by: User) -> None:
    move(appeal, Appeal.State.WITHDRAWN, by=by)


# --- telling ----------------------------------------------------------------------------
def _tell_candidates(appraisal: Appraisal, message: str) -> None:
    people = policy.appraised(appraisal).order_by().values("person")
    accounts = User.objects.filter(person__in=people, is_active=True)
    tell(appraisal, accounts, message, url=reverse("results:own_results"))


def _tell_firms(appraisal: Appraisal) -> None:
    firms = policy.appraised(appraisal).exclude(organisation=None).order_by()
    acting = Role.objects.running().filter(
        Q(organisation__in=firms.values("organisation")), kind__in=Role.ACTING
    )
    accounts = User.objects.filter(pk__in=acting.values("user"), is_active=True)
    message = gettext_noop("Results of people whom you entered for “%(appraisal)s” are there.")
    tell(appraisal, accounts, message)
