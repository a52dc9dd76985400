"""How places are given and given up. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move
from silian.talent.cohorts import rules
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.services import tell_sides
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round
from silian.talent.selections.models import Handover, Interview, Selection, Side

State, Choice = Learner.State, Learner.Choice
Choices = Mapping[int, tuple[str, int | None]]  # by learner: the decision and the place in line


@transaction.atomic
def apply(cohort: Cohort, student: Student, *, statement: str, by: User) -> Learner:
    """A student asks for a place."""
    [learner] = _enter(cohort, [student], statement=statement)
    record(learner, gettext_noop("Applied for a place"), by=by)
    people = people_of(cohort.school)
    _tell(people, gettext_noop("A student applied for “%(cohort)s”."), cohort)
    return learner


@transaction.atomic
def enter_learners(cohort: Cohort, students: Iterable[Student], *, by: User) -> int:
    """The school names its class; the enterprise still has to agree with it."""
    learners = _enter(cohort, students, choice=Choice.TAKE)
    record(cohort, gettext_noop("Learners entered"), by=by, count=len(learners))
    return len(learners)


@transaction.atomic
def choose(cohort: Cohort, choices: Choices, *, by: User, side: str) -> None:
    """Write down what is in mind for each application; a change asks the other side anew."""
    selection = _held(cohort, side)
    changed = []
    for learner in cohort.learners.filter(state=State.APPLIED, pk__in=choices):
        choice, order = choices[learner.pk]
        order = order if choice == Choice.WAIT else None
        if (learner.choice, learner.order) != (choice, order):
            learner.choice, learner.order = choice, order
            changed.append(learner)
    Learner.objects.bulk_update(changed, ["choice", "order"])
    if changed and (selection.school_agrees or selection.enterprise_agrees):
        selection.school_agrees = selection.enterprise_agrees = False
        selection.save()
    _refuse_too_many(cohort)


@transaction.atomic
def pass_on(cohort: Cohort, *, note: str, by: User, side: str) -> bool:
    """Agree with the list and pass it to the other side; True once both agree and it counts."""
    selection = _held(cohort, side)
    open_rows = cohort.learners.filter(state=State.APPLIED)
    if open_rows.filter(choice="").exists() or not open_rows.exists():
        raise ValidationError(_("Decide on every application first."))
    _refuse_too_many(cohort)
    _write_handover(selection, side, note, by)
    setattr(selection, f"{side}_agrees", True)
    other = Side.ENTERPRISE if side == Side.SCHOOL else Side.SCHOOL
    if getattr(selection, f"{other}_agrees"):
        _settle(cohort, selection, by=by)
        return True
    selection.turn, selection.since = other, clock.now()
    selection.save()
    firms = cohort.firms if other == Side.ENTERPRISE else [cohort.school]
    people = {person for unit in firms for person in people_of(unit)}
    _tell(people, gettext_noop("The list of “%(cohort)s” waits for your decision."), cohort)
    return False


@transaction.atomic
def fill_place(cohort: Cohort, *, by: User) -> Learner:
    """Give a free place to the next on the waiting list."""
    _lock(cohort)
    waiting = cohort.learners.filter(state=State.WAITING).order_by("order", "number").first()
    if waiting is None or cohort.learners.placed().count() >= cohort.quota:
        raise ValidationError(_("There is no free place, or nobody waits for one."))
    _select(waiting, by=by)
    tell_sides(cohort, gettext_noop("A free place in “%(cohort)s” was given to the next in line."))
    return waiting


@transaction.atomic
def import_placements(cohort: Cohort, found: Round, *, by: User) -> int:
    """Take over whom a round placed at a firm of the cohort: both sides have confirmed them."""
    _lock(cohort)
    known = cohort.learners.values("student")
    placements = Placement.objects.filter(
        round=found,
        state=Placement.State.CONFIRMED,
        student__school=cohort.school,
        seat__position__organisation__in=[firm.pk for firm in cohort.firms],
    ).exclude(student__in=known)
    placed = list(placements.select_related("student__person", "student__user").order_by("pk"))
    free = cohort.quota - cohort.learners.placed().count()
    if len(placed) > free:
        words = {"placed": len(placed), "free": max(free, 0)}
        raise ValidationError(_("%(placed)s placements do not fit into %(free)s places.") % words)
    by_student = {placement.student_id: placement for placement in placed}
    for learner in _enter(cohort, [placement.student for placement in placed]):
        learner.placement = by_student[learner.student_id]
        learner.save(update_fields=["placement"])
        _select(learner, by=by)
    record(cohort, gettext_noop("Placements taken over"), by=by, count=len(placed), round=found.pk)
    return len(placed)


@transaction.atomic
def leave(learner: Learner, *, reason: str, by: User) -> None:
    """Give up an application or a place; nobody has to give more than a reason."""
    facts = {"left_on": clock.today(), "reason": reason}
    move(learner, State.LEFT, by=by, why=reason, **facts)
    cohort = learner.cohort
    _tell(people_of(cohort.school), gettext_noop("Somebody has left “%(cohort)s”."), cohort)


@transaction.atomic
def set_interviews(
    cohort: Cohort, learners: Iterable[Learner], *, at: datetime, place: str, by: User
) -> int:
    """Call applicants to an interview; each is told when and where."""
    called = list(learners)
    for learner in called:
        Interview.objects.update_or_create(learner=learner, defaults={"at": at, "place": place})
    record(cohort, gettext_noop("Interviews set"), by=by, count=len(called), place=place)
    people = User.objects.filter(enrolments__cohort_places__in=called)
    _tell(people, gettext_noop("You are called to an interview for “%(cohort)s”."), cohort)
    return len(called)


@transaction.atomic
def enter_scores(cohort: Cohort, scores: Mapping[int, dict[str, Any]], *, by: User) -> int:
    """Keep the scores of interviews, by learner."""
    for key, facts in scores.items():
        Interview.objects.update_or_create(learner_id=key, defaults=facts)
    record(cohort, gettext_noop("Scores of interviews entered"), by=by, count=len(scores))
    return len(scores)


def _enter(cohort: Cohort, students: Iterable[Student], **facts: Any) -> list[Learner]:
    """New learners with the next numbers; the cohort is held meanwhile."""
    _lock(cohort)
    last = cohort.learners.aggregate(n=Max("number"))["n"] or 0
    rows = [
        Learner(cohort=cohort, student=student, number=number, **facts)
        for number, student in enumerate(students, start=last + 1)
    ]
    return Learner.objects.bulk_create(rows)


def _settle(cohort: Cohort, selection: Selection, *, by: User) -> None:
    """Both sides agree: every decision takes effect at once, or none."""
    _lock(cohort)
    for learner in cohort.learners.filter(state=State.APPLIED).select_related("student__person"):
        if learner.choice == Choice.TAKE:
            _select(learner, by=by)
        else:
            wait = learner.choice == Choice.WAIT
            move(learner, State.WAITING if wait else State.REFUSED, by=by)
            told = (
                gettext_noop("You are on the waiting list of “%(cohort)s”.")
                if wait
                else gettext_noop("You got no place in “%(cohort)s”.")
            )
            _tell(_account(learner), told, cohort)
    selection.school_agrees = selection.enterprise_agrees = False
    selection.turn, selection.settled_at = Side.SCHOOL, clock.now()
    selection.save()
    record(cohort, gettext_noop("Both sides agreed on the list"), by=by)
    tell_sides(cohort, gettext_noop("Both sides agreed on the list of “%(cohort)s”."))


def _select(learner: Learner, *, by: User) -> None:
    rules.enforce_for_learner(learner)
    elsewhere = Learner.objects.filter(student=learner.student_id, state=State.SELECTED)
    if elsewhere.exists():
        message = _("%(code)s has a place in another cohort already.")
        raise ValidationError(message % {"code": learner.code})
    move(learner, State.SELECTED, by=by, order=None)
    message = gettext_noop("You have a place in “%(cohort)s”.")
    _tell(_account(learner), message, learner.cohort)


def _account(learner: Learner) -> list[User]:
    return [learner.student.user] if learner.student.user else []


def _refuse_too_many(cohort: Cohort) -> None:
    taken = cohort.learners.filter(state=State.APPLIED, choice=Choice.TAKE).count()
    free = cohort.quota - cohort.learners.placed().count()
    if taken > free:
        words = {"taken": taken, "free": max(free, 0)}
        raise ValidationError(_("%(taken)s are to be taken, and %(free)s places are free.") % words)


def _held(cohort: Cohort, side: str) -> Selection:
    """The list, held for this transaction; ValidationError where the other side has it."""
    Selection.objects.get_or_create(cohort=cohort)
    selection = Selection.objects.select_for_update().get(cohort=cohort)
    if selection.turn != side:
        raise ValidationError(_("The list is with the other side."))
    return selection


def _write_handover(selection: Selection, side: str, note: str, by: User) -> None:
    rows = selection.cohort.learners.filter(state=State.APPLIED)
    count = {choice: rows.filter(choice=choice).count() for choice in Choice}
    Handover.objects.create(
        selection=selection,
        side=side,
        taken=count[Choice.TAKE],
        waiting=count[Choice.WAIT],
        refused=count[Choice.REFUSE],
        note=note,
        by=by,
    )
    record(selection.cohort, gettext_noop("List passed on"), by=by, side=side, why=note)


def _lock(cohort: Cohort) -> None:
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _tell(people: Iterable[User], message: str, cohort: Cohort) -> None:
    url = reverse("selections:desk", args=[cohort.consortium, cohort.pk])
    notify(people, message, url=url, cohort=both(cohort, "title"))
