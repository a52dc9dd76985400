"""Setting up, opening, starting and ending a cohort. Each function is one thing somebody does."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.policy import units_of
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.codes.models import Code
from silian.kernel.notices.services import notify
from silian.kernel.states import move
from silian.talent.cohorts import rules
from silian.talent.cohorts.models import Cohort, Learner, Waiver

KINDS = {kind: kind for kind in "order_class field_engineers apprenticeship commissioned".split()}


def from_agreement(agreement: Agreement) -> Cohort:
    """A blank cohort with what ``agreement`` says already; not saved."""
    parties = units_of(agreement.party_set.select_related("organisation"))
    terms = agreement.terms or {}
    cohort = Cohort(consortium=agreement.consortium, agreement=agreement)
    cohort.kind = KINDS.get(agreement.kind, Cohort.Kind.TALENT_PROGRAMME)
    cohort.school = next((p for p in parties if p.is_school), None)  # type: ignore[assignment]
    cohort.enterprise = next((p for p in parties if not p.is_school), None)  # type: ignore[assignment]
    cohort.class_name = str(terms.get("class_name") or "")[:60]
    cohort.quota = rules.agreed_head_count(agreement) or 30
    cohort.title_zh = " ".join([cohort.class_name or agreement.title_zh])[:150]
    return cohort


@transaction.atomic
def save_cohort(
    cohort: Cohort, *, partners: Iterable[Organisation], open_to: Iterable[Code], by: User
) -> Cohort:
    """Keep a new or changed cohort."""
    new = cohort.pk is None
    if new:
        cohort.stated_by = by
    cohort.save()
    cohort.partners.set(partners)
    cohort.open_to.set(open_to)
    record(cohort, gettext_noop("Cohort set up") if new else gettext_noop("Cohort changed"), by=by)
    return cohort


@transaction.atomic
def pass_warning(cohort: Cohort, rule: rules.Rule, *, reason: str, by: User) -> Waiver:
    """Keep why the cohort is to be opened although it goes against a warning."""
    facts = {"reason": reason, "by": by, "at": clock.now()}
    waiver, _new = Waiver.objects.update_or_create(
        cohort=cohort, rule=rule.id, version=rule.version, defaults=facts
    )
    record(cohort, gettext_noop("Warning passed"), by=by, rule=rule.id, why=reason)
    return waiver


@transaction.atomic
def submit_cohort(cohort: Cohort, *, by: User) -> None:
    """Hand it in for review; what the rules forbid is not handed in."""
    rules.enforce(cohort)
    move(cohort, Cohort.State.SUBMITTED, by=by, remark="")
    message = gettext_noop("“%(cohort)s” was handed in for review.")
    tell(secretaries_of(cohort.consortium), message, cohort)


@transaction.atomic
def return_cohort(cohort: Cohort, *, reason: str, by: User) -> None:
    move(cohort, Cohort.State.PREPARED, by=by, why=reason, remark=reason)
    tell_sides(cohort, gettext_noop("“%(cohort)s” was returned for changes."))


@transaction.atomic
def open_cohort(cohort: Cohort, *, by: User) -> None:
    """Approve it: its page is public and students can apply."""
    rules.enforce(cohort)
    move(cohort, Cohort.State.SELECTING, by=by)
    tell_sides(cohort, gettext_noop("“%(cohort)s” is open for applications."))


@transaction.atomic
def start_cohort(cohort: Cohort, *, by: User) -> None:
    """The class begins; who neither has nor awaits a place is told so."""
    move(cohort, Cohort.State.RUNNING, by=by)
    for learner in cohort.learners.filter(state=Learner.State.APPLIED):
        move(learner, Learner.State.REFUSED, by=by)
    message = gettext_noop("“%(cohort)s” has begun.")
    tell_sides(cohort, message)
    tell(learners_of(cohort), message, cohort)


@transaction.atomic
def finish_cohort(cohort: Cohort, *, by: User) -> None:
    """The class is over: whoever still has a place has completed it."""
    move(cohort, Cohort.State.FINISHED, by=by)
    for learner in cohort.learners.filter(state=Learner.State.SELECTED):
        move(learner, Learner.State.COMPLETED, by=by)
    for learner in cohort.learners.filter(state=Learner.State.WAITING):
        move(learner, Learner.State.REFUSED, by=by)
    tell_sides(cohort, gettext_noop("“%(cohort)s” is finished. Please enter its result."))


@transaction.atomic
def cancel_cohort(cohort: Cohort, *, reason: str, by: User) -> None:
    """It does not take place, or ends before its time; its learners are told why."""
    people = list(learners_of(cohort))
    move(cohort, Cohort.State.CANCELLED, by=by, why=reason)
    for learner in cohort.learners.open():
        move(
            learner,
            Learner.State.LEFT,
            by=by,
            why=reason,
            left_on=clock.today(),
            reason=reason,
        )
    message = gettext_noop("“%(cohort)s” was cancelled: %(reason)s")
    tell_sides(cohort, message, reason=reason)
    tell(people, message, cohort, reason=reason)


def learners_of(cohort: Cohort) -> Iterable[User]:
    """The accounts of those who applied, wait or learn."""
    return User.objects.filter(
        is_active=True, enrolments__cohort_places__in=cohort.learners.open()
    ).distinct()


def tell_sides(cohort: Cohort, message: str, **words: str) -> None:
    """Tell the people of the school and of every enterprise."""
    people = {person for side in [cohort.school, *cohort.firms] for person in people_of(side)}
    tell(people, message, cohort, **words)


def tell(people: Iterable[User], message: str, cohort: Cohort, **words: str) -> None:
    notify(people, message, url=cohort.get_absolute_url(), cohort=both(cohort, "title"), **words)
