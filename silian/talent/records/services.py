"""What a person does with their record, and what those do who are asked to confirm a part."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files import services as files
from silian.kernel.notices.services import notify
from silian.kernel.persons.models import Person
from silian.kernel.persons.services import person_of
from silian.kernel.states import move
from silian.talent.records.models import Entry, Interest

State = Entry.State


@transaction.atomic
def save_entry(entry: Entry, *, by: User, evidence: "UploadedFile[bytes] | None" = None) -> Entry:
    """Keep a new or changed entry. What was confirmed, or asked for meanwhile, is the person's own
    word again: nobody confirms a text that they have not read."""
    if entry.pk:
        held = Entry.objects.select_for_update().get(pk=entry.pk)
        if held.state != State.STATED:
            move(held, State.STATED, by=by, confirmed_at=None)
        entry.refresh_from_db(fields=["state", "confirmed_at"])
    if evidence:
        entry.evidence = files.store(evidence, by=by)
    new = entry.pk is None
    entry.save()
    action = gettext_noop("Entry made") if new else gettext_noop("Entry changed")
    record(entry, action, by=by)
    return entry


@transaction.atomic
def delete_entry(entry: Entry, *, by: User) -> None:
    record(entry, gettext_noop("Entry deleted"), by=by)
    entry.delete()


@transaction.atomic
def ask_to_confirm(entry: Entry, *, of: Organisation, by: User) -> None:
    """Show this one entry to ``of``, which shall say whether it is so."""
    move(entry, State.ASKED, by=by, confirmer=of, answer="")
    url = reverse("records:to_confirm", args=[of.pk])
    message = gettext_noop("%(person)s asks %(side)s to confirm an entry of a record.")
    notify(people_of(of), message, url=url, person=entry.person.name, side=both(of))


def take_back(entry: Entry, *, by: User) -> None:
    move(entry, State.STATED, by=by, confirmer=None)


@transaction.atomic
def confirm(entry: Entry, *, by: User) -> None:
    move(entry, State.CONFIRMED, by=by, confirmed_at=clock.now())
    _answer(entry, gettext_noop("%(side)s confirmed “%(entry)s” in your record."))


@transaction.atomic
def refuse(entry: Entry, *, why: str, by: User) -> None:
    """It is not so; the person reads the reason."""
    move(entry, State.STATED, by=by, why=why, answer=why)
    _answer(entry, gettext_noop("%(side)s did not confirm “%(entry)s” in your record."))


def _answer(entry: Entry, message: str) -> None:
    if entry.person.user and entry.confirmer:
        told = {"side": both(entry.confirmer), "entry": entry.name}
        notify([entry.person.user], message, url=reverse("records:own_record"), **told)


@transaction.atomic
def save_interest(user: User, **facts: Any) -> Interest:
    """Keep what ``user`` looks for."""
    person: Person = person_of(user)
    many = {name: facts.pop(name) for name in ("occupations", "regions")}
    interest, _new = Interest.objects.update_or_create(person=person, defaults=facts)
    for name, chosen in many.items():
        getattr(interest, name).set(chosen)
    record(interest, gettext_noop("What I look for was changed"), by=user)
    return interest


@transaction.atomic
def forget_record(person: Person) -> None:
    """Delete what the person stated; evidence is removed as files that nobody uses are."""
    person.entries.all().delete()
    Interest.objects.filter(person=person).delete()
