"""The register of examiners. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.examiners.models import Card, Examiner, Relation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files.content import IMAGES, PDF
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person

SCANS = frozenset({PDF, *IMAGES})
AHEAD = timedelta(days=60)  # so long before a card runs out, its holder is told


@transaction.atomic
def save_examiner(examiner: Examiner, *, by: User) -> Examiner:
    new = examiner.pk is None
    examiner.save()
    text = gettext_noop("Examiner registered") if new else gettext_noop("Examiner changed")
    record(examiner, text, by=by)
    if new:
        told = gettext_noop("You are in the register of examiners of %(body)s.")
        body = {"zh": examiner.consortium.name_zh, "en": examiner.consortium.name_en}
        notify([examiner.user], told, url=examiner.get_absolute_url(), body=body)
    return examiner


@transaction.atomic
def save_card(card: Card, *, by: User, scan: "UploadedFile[bytes] | None" = None) -> Card:
    """A card and its scan, which is kept encrypted; when it runs out is told anew."""
    if scan:
        card.document = store(scan, by=by, kinds=SCANS, sealed=True)
    card.warned_at = None
    card.save()
    facts = {"number": card.number, "until": card.valid_until.isoformat()}
    record(card.examiner, gettext_noop("Card of the examiner entered"), by=by, **facts)
    return card


@transaction.atomic
def remove_card(card: Card, *, by: User) -> None:
    text = gettext_noop("Card of the examiner removed")
    record(card.examiner, text, by=by, number=card.number)
    card.delete()


@transaction.atomic
def register_examiners(consortium: Any, rows: Iterable[Mapping[str, Any]], *, by: User) -> int:
    """Examiners with a card each, from a list; who is in the register gets the card added."""
    count = 0
    for row in rows:
        known = Examiner.objects.filter(consortium=consortium, user=row["user"]).first()
        examiner = known or Examiner(consortium=consortium, user=row["user"])
        if known is None or known.organisation != row["organisation"]:
            examiner.organisation = row["organisation"]
            save_examiner(examiner, by=by)
        names = "number occupation highest valid_from valid_until".split()
        save_card(Card(examiner=examiner, **{name: row[name] for name in names}), by=by)
        count += 1
    return count


@transaction.atomic
def declare_relation(
    examiner: Examiner, name: str, id_number: str, kind: str, *, by: User
) -> Relation:
    """Somebody whom the examiner does not judge, found by their number where they are entered."""
    person = identity.holder_of(id_number)
    if person is None:
        person = Person(name=name)
        identity.set_number(person, id_number)
        person.save()
    return relate(examiner, person, kind, by=by)


@transaction.atomic
def relate(examiner: Examiner, person: Person, kind: str, *, by: User) -> Relation:
    facts = {"kind": kind, "by": by, "at": clock.now()}
    relation, _new = Relation.objects.get_or_create(
        examiner=examiner, person=person, defaults=facts
    )
    # the record is read by more people than the relation is
    record(examiner, gettext_noop("A relation of the examiner stated"), by=by)
    return relation


@transaction.atomic
def withdraw_relation(relation: Relation, *, by: User) -> None:
    record(relation.examiner, gettext_noop("A relation of the examiner withdrawn"), by=by)
    relation.delete()


@transaction.atomic
def warn_of_ends() -> int:
    """Tell holders once, two months ahead, that a card runs out and no other follows it."""
    today = clock.today()
    rows = Card.objects.select_for_update(of=("self",)).ending(today, today + AHEAD)
    cards = list(rows.filter(warned_at=None).select_related("examiner__user", "occupation"))
    for card in cards:
        text = gettext_noop("Your examiner's card for %(occupation)s is valid until %(day)s.")
        notify(
            [card.examiner.user],
            text,
            url=card.examiner.get_absolute_url(),
            occupation={"zh": card.occupation.name_zh, "en": card.occupation.name_en},
            day=card.valid_until.isoformat(),
        )
    Card.objects.filter(pk__in=[card.pk for card in cards]).update(warned_at=clock.now())
    return len(cards)
