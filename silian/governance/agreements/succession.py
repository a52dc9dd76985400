"""What comes after an agreement: an amendment, a renewal, its end."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.agreements.checks import date_in
from silian.governance.agreements.models import Agreement, Party, Version
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.kernel import events
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import Entry
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State, End = Agreement.State, Agreement.End
AMENDMENT = ("补充协议", "amendment")
RENEWAL = ("续签", "renewal")
OWN_TERMS = ("registration_number", "registered_on")  # what no successor takes over


@transaction.atomic
def amend(agreement: Agreement, *, by: User) -> Agreement:
    """A draft that changes ``agreement``: the same parties, its latest text to be reworded."""
    draft = _successor(agreement, AMENDMENT, by=by, amends=agreement)
    draft.expires_on = agreement.expires_on
    return _saved(draft, agreement, by=by)


@transaction.atomic
def renew(agreement: Agreement, *, by: User) -> Agreement:
    """A draft that follows ``agreement``: as long as it was, from the day after its last one."""
    draft = _successor(agreement, RENEWAL, by=by, renews=agreement)
    if agreement.expires_on:
        starts = agreement.expires_on + timedelta(days=1)
        first = date_in(agreement.terms.get("starts_on")) or agreement.signed_on
        draft.expires_on = starts + (agreement.expires_on - first) if first else None
        draft.terms |= {"starts_on": starts.isoformat()}
    return _saved(draft, agreement, by=by)


@transaction.atomic
def take_effect(agreement: Agreement, *, by: User | None) -> None:
    """What the signing of ``agreement`` does to the one that it amends or renews."""
    if original := agreement.amends:
        original = Agreement.objects.select_for_update().get(pk=original.pk)
        facts: dict[str, Any] = {"amendment": agreement.title_zh, "key": agreement.pk}
        if agreement.expires_on != original.expires_on:
            facts |= {"expired": original.expires_on, "expires": agreement.expires_on}
            original.expires_on = agreement.expires_on
            original.save(update_fields=["expires_on"])
        record(original, gettext_noop("Agreement amended"), by=by, **facts)


def latest_text(agreement: Agreement) -> str:
    """The words of its last version; nothing where it was signed on paper alone."""
    last = agreement.versions.order_by("-number").first()
    return last.text if last else ""


def differences(original: Agreement, later: Agreement) -> list[tuple[str, Any, Any]]:
    """Which facts differ: what, how it was, how it is.

    What ``original`` ran until before it was amended stands in its record, not on its row.
    """
    amended = Entry.objects.about(original).filter(detail__key=later.pk).first()
    expired = amended.detail.get("expired") if amended else None
    rows: list[tuple[str, Any, Any]] = [
        (_("expires on"), date_in(expired) or original.expires_on, later.expires_on),
        (_("parties"), _names(original), _names(later)),
    ]
    return [row for row in rows if row[1] != row[2]]


def _names(agreement: Agreement) -> str:
    parties = agreement.party_set.select_related("organisation").order_by("order")
    return "、".join(party.name for party in parties)


@transaction.atomic
def end_early(agreement: Agreement, *, by: User | None, on: date, why: str) -> None:
    """End a signed agreement before its term is over."""
    close(agreement, by=by, on=on, why=why, end=End.EARLY)


@transaction.atomic
def replace(agreement: Agreement, *, by: User | None, on: date) -> None:
    """End an agreement because its renewal has begun."""
    close(agreement, by=by, on=on, why="", end=End.REPLACED)


@transaction.atomic
def close(agreement: Agreement, *, by: User | None, on: date, why: str, end: str) -> None:
    """End ``agreement`` and the amendments that were signed to it, and tell the apps above."""
    was_signed = agreement.state == State.SIGNED
    move(agreement, State.ENDED, by=by, why=why, ended_on=on, end=end)
    if was_signed:
        for amendment in agreement.amendments.signed():
            move(amendment, State.ENDED, by=by, why=why, ended_on=on, end=end)
        fact = events.AgreementEnded(agreement.pk, agreement.consortium_id, on, end)
        events.agreement_ended.send(Agreement, fact=fact)
    if why:
        message = gettext_noop("The agreement “%(agreement)s” has ended: %(why)s")
    else:
        message = gettext_noop("The agreement “%(agreement)s” has ended.")
    _tell_parties(agreement, message, why=why)


def _successor(
    agreement: Agreement, mark: tuple[str, str], *, by: User, **link: Agreement
) -> Agreement:
    """A draft that begins as ``agreement`` ended up; only what is in force has successors."""
    found = Agreement.objects.select_for_update().filter(pk=agreement.pk, state=State.SIGNED)
    if not found.exists():
        raise IllegalMove(f"{agreement} is not in force")
    zh, en = mark
    number = Agreement.objects.filter(**link).count() + 1
    ordinal = "" if number == 1 else str(number)
    return Agreement(
        consortium=agreement.consortium,
        kind=agreement.kind,
        title_zh=f"{agreement.title_zh[:180]}({zh}{ordinal})",
        title_en=f"{agreement.title_en[:180]} ({en}{ordinal and ' '}{ordinal})"
        if agreement.title_en
        else "",
        summary_zh=agreement.summary_zh,
        summary_en=agreement.summary_en,
        terms={k: v for k, v in (agreement.terms or {}).items() if k not in OWN_TERMS},
        **link,
    )


def _saved(draft: Agreement, original: Agreement, *, by: User) -> Agreement:
    draft.save()
    Party.objects.bulk_create(
        Party(agreement=draft, organisation=p.organisation, part=p.part, order=p.order)
        for p in original.party_set.select_related("organisation")
    )
    if latest := original.versions.first():
        Version.objects.create(agreement=draft, number=1, text=latest.text, by=by)
    record(draft, gettext_noop("Draft made"), by=by, original=original.title_zh)
    _tell_parties(draft, gettext_noop("A draft waits for you: %(agreement)s"))
    return draft


def _tell_parties(agreement: Agreement, message: str, **params: Any) -> None:
    parties = Organisation.objects.filter(agreements=agreement)
    people = [person for party in parties for person in people_of(party)]
    title = both(agreement, "title")
    notify(people, message, url=agreement.get_absolute_url(), agreement=title, **params)
