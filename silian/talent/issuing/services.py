"""Drafting a batch, showing it in public, answering objections, issuing it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.clock import working_day
from silian.kernel.events import AchievementEarned
from silian.kernel.jobs import services as jobs
from silian.kernel.jobs.models import Job
from silian.kernel.notices.services import notify
from silian.kernel.persons.models import Person
from silian.kernel.persons.services import people_named
from silian.kernel.states import move
from silian.talent.credentials import services as credentials
from silian.talent.credentials.models import Certificate
from silian.talent.credentials.policy import officers_for
from silian.talent.issuing import policy
from silian.talent.issuing.models import Achievement, Batch, Candidate, Objection

State = Batch.State


@transaction.atomic
def take_note(fact: AchievementEarned) -> Achievement:
    """Keep what somebody earned; what is told again is brought up to date.

    What is taken back leaves a draft. Where the certificate was issued already, its officers are
    told to decide.
    """
    names = "family consortium_id issuer_id person_id title_zh title_en on occupation_id level"
    facts = {name: getattr(fact, name) for name in [*names.split(), "hours", "holds"]}
    found, _new = Achievement.objects.update_or_create(source=fact.source, defaults=facts)
    if not found.holds and (candidate := Candidate.objects.filter(achievement=found).first()):
        _taken_back(candidate)
    return found


def _taken_back(candidate: Candidate) -> None:
    batch = candidate.batch
    if batch.state == State.DRAFT:
        candidate.delete()
        return
    message = gettext_noop("What a certificate of “%(batch)s” stands on was taken back. Decide.")
    subject = candidate.certificate or batch
    officers = officers_for(batch.consortium, batch.kind.issuer)
    notify(officers, message, url=subject.get_absolute_url(), batch=both(batch, "title"))


@transaction.atomic
def save_batch(batch: Batch, *, by: User) -> Batch:
    new = batch.pk is None
    if new:
        batch.by = by
    batch.save()
    action = gettext_noop("Batch drafted") if new else gettext_noop("Batch changed")
    record(batch, action, by=by)
    return batch


@transaction.atomic
def take_achievements(batch: Batch, *, by: User) -> int:
    """Put everybody on the list whose achievement waits and fits; return how many."""
    rows = [
        Candidate(
            batch=batch,
            person=one.person,
            family=one.family,
            level=one.level,
            hours=one.hours,
            event_zh=one.title_zh[:150] if one.family == "contest" else "",
            on=one.on,
            achievement=one,
        )
        for one in policy.waiting(batch).select_for_update(of=("self",))
    ]
    before = batch.candidates.count()
    Candidate.objects.bulk_create(rows, ignore_conflicts=True)  # who is on the list already
    made = batch.candidates.count() - before
    record(batch, gettext_noop("Candidates taken over"), by=by, count=made)
    return made


@transaction.atomic
def add_candidates(
    batch: Batch,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: User,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Put people on the list by name and number, with what each has earned."""
    people = people_named([(row["name"], row["id_number"]) for row in rows])
    facts = "level hours event_zh event_en on photo".split()
    candidates = [
        Candidate(
            batch=batch,
            person=person,
            family=batch.kind.family,
            **{name: row[name] for name in facts if row.get(name)},
        )
        for person, row in zip(people, rows, strict=True)
    ]
    Candidate.objects.bulk_create(candidates, batch_size=500)
    record(batch, gettext_noop("Candidates entered"), by=by, count=len(candidates))
    progress(len(candidates))
    return len(candidates)


@transaction.atomic
def remove_candidate(candidate: Candidate, *, by: User) -> None:
    """Off the draft; an achievement waits again."""
    record(candidate.batch, gettext_noop("Candidate removed"), by=by, name=candidate.person.name)
    candidate.delete()


@transaction.atomic
def hand_over(batch: Batch, *, until: date | None = None, by: User) -> None:
    """Show it in public for the days of its kind, or until a later day; without days it goes to
    the officer at once."""
    today = clock.today()
    days = batch.kind.publicity_days
    if days:
        last = max(working_day(today, days), until or today)
        move(batch, State.PUBLICITY, by=by, public_from=today, public_until=last, remark="")
        message = gettext_noop("“%(batch)s” is in publicity. It is issued when its days are over.")
    else:
        move(batch, State.READY, by=by, remark="")
        message = gettext_noop("“%(batch)s” waits for you to issue it.")
    _tell(officers_for(batch.consortium, batch.kind.issuer), message, batch)


@transaction.atomic
def return_batch(batch: Batch, *, reason: str, by: User) -> None:
    """A draft again; its days of publicity begin anew when it is handed over again."""
    move(batch, State.DRAFT, by=by, why=reason, remark=reason)
    _tell([batch.by], gettext_noop("“%(batch)s” was returned for changes."), batch)


@transaction.atomic
def drop_batch(batch: Batch, *, reason: str, by: User) -> None:
    """Nothing comes of it; achievements wait again."""
    batch.candidates.update(achievement=None)
    move(batch, State.DROPPED, by=by, why=reason, remark=reason)


@transaction.atomic
def object_to(batch: Batch, *, text: str, contact: str, place: int | None = None) -> Objection:
    """Somebody objects, with a name or without one."""
    objection = Objection.objects.create(batch=batch, text=text, contact=contact, place=place)
    record(batch, gettext_noop("Objection received"), by=None)
    message = gettext_noop("Somebody objects to “%(batch)s”. Please answer.")
    _tell(officers_for(batch.consortium, batch.kind.issuer), message, batch)
    return objection


@transaction.atomic
def answer_objection(objection: Objection, *, upheld: bool, answer: str, by: User) -> None:
    to = Objection.State.UPHELD if upheld else Objection.State.REFUSED
    move(objection, to, by=by, why=answer, answer=answer, answered_by=by)


@transaction.atomic
def strike(candidate: Candidate, *, reason: str, by: User) -> None:
    """Off a list that is public: it stays readable why."""
    Candidate.objects.filter(pk=candidate.pk, certificate=None).update(struck=reason)
    facts = {"name": candidate.person.name, "why": reason}
    record(candidate.batch, gettext_noop("Candidate struck from the list"), by=by, **facts)


@transaction.atomic
def start_issuing(batch: Batch, *, by: User) -> Job:
    """Have it issued in the background; the page shows how far it is."""
    task = app.tasks["silian.talent.issuing.tasks.issue"]
    title, url = gettext_noop("Issuing certificates"), batch.get_absolute_url()
    job = jobs.start(task, title=title, by=by, url=url, batch=batch.pk, officer=by.pk)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    record(batch, gettext_noop("Issuing started"), by=by)
    return job


@transaction.atomic
def issue_batch(
    batch: Batch, *, by: User, progress: Callable[[int], None] = lambda done: None
) -> list[Certificate]:
    """Issue a certificate to everybody on the list: all or nobody, and once."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    verdict = policy.may_be_issued(batch)
    if not verdict:
        raise ValidationError(verdict.reason)
    move(batch, State.ISSUED, by=by, issued_by=by, issued_on=clock.today())
    candidates = list(batch.candidates.filter(struck="").select_related("person").order_by("pk"))
    holders = [_holder(candidate) for candidate in candidates]
    issued = credentials.issue(batch.kind, holders, by=by, progress=progress)
    for candidate, certificate in zip(candidates, issued, strict=True):
        candidate.certificate = certificate
    Candidate.objects.bulk_update(candidates, ["certificate"], batch_size=500)
    _tell(people_of(batch.kind.issuer), gettext_noop("“%(batch)s” was issued."), batch)
    return issued


def _holder(candidate: Candidate) -> credentials.Holder:
    person: Person = candidate.person
    return credentials.Holder(
        person=person,
        earned_on=candidate.on,
        level=candidate.level,
        hours=candidate.hours,
        event_zh=candidate.event_zh,
        event_en=candidate.event_en,
        photo=candidate.photo,
    )


def _tell(people: Iterable[User], message: str, batch: Batch) -> None:
    notify(people, message, url=batch.get_absolute_url(), batch=both(batch, "title"))


@transaction.atomic
def forget_achievements(person: Person) -> None:
    """What has not become a certificate is deleted."""
    person.candidacies.filter(certificate=None).delete()
    person.achievements.filter(candidate=None).delete()
