"""What waits for those who are asked to confirm; what the platform holds on a person."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.kernel.accounts.models import User
from silian.kernel.audit.models import Entry as Act
from silian.kernel.notices import todos
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import Todo
from silian.kernel.persons.models import Person
from silian.kernel.ui import formats
from silian.talent.consents.services import withdraw
from silian.talent.profiles.services import forget_person
from silian.talent.records import learning as _learning  # noqa: F401  registers what it knows
from silian.talent.records import policy
from silian.talent.records.holdings import Holding, Row, register
from silian.talent.records.services import forget_record

ACTS = 1000  # of the record that an export lists


@todos.source
def entries_to_confirm(user: User) -> Iterable[Todo]:
    """An organisation: entries that people ask it to confirm."""
    for side in policy.visible_sides(user):
        count = policy.visible_to_confirm(user, side).count()
        url = reverse("records:to_confirm", args=[side.pk])
        yield Todo(_("Confirm entries of records"), url, count=count, place=side.name)


# --- what is held -------------------------------------------------------------------------


def said(facts: Mapping[str, Any]) -> dict[str, str]:
    """Values as a person reads them."""
    return {name: str(formats.readable(value)) for name, value in facts.items() if value}


def who(person: Person) -> Iterator[Row]:
    user = person.user
    facts = {
        _("full name"): person.name,
        _("gender"): person.get_gender_display() if person.gender else "",
        _("date of birth"): person.born_on,
        _("ID card number"): person.id_masked,
        _("guardian"): person.guardian_name,
        _("guardian's phone"): person.guardian_phone,
        _("guardian's e-mail"): person.guardian_email,
        _("user name"): user.username if user else "",
        _("e-mail"): user.email if user else "",
        _("mobile phone"): user.phone if user else "",
    }
    yield said(facts)


def enrolments(person: Person) -> Iterator[Row]:
    for student in person.enrolments.select_related("school", "programme"):
        facts = {
            _("school"): student.school.name,
            _("student number"): student.number,
            _("programme"): student.programme.name,
            _("class"): student.class_name,
            _("year of entry"): f"{student.entered}",
            _("year of graduation"): f"{student.graduates}",
            _("overall points"): student.points,
            _("e-mail"): student.email,
            _("mobile phone"): student.phone,
            _("state"): student.get_state_display(),
        }
        yield said(facts)


def entries(person: Person) -> Iterator[Row]:
    for entry in person.entries.select_related("skill", "confirmer", "evidence"):
        facts = {
            _("kind"): entry.get_kind_display(),
            _("title"): entry.name,
            _("mastery"): entry.get_level_display() if entry.level else "",
            _("school, firm or issuer"): entry.place,
            _("number of the certificate"): entry.number,
            _("from"): entry.started,
            _("until"): entry.ended,
            _("what was done"): entry.text,
            _("evidence"): entry.evidence.name if entry.evidence else "",
            _("source"): entry.source,
        }
        yield said(facts)


def interests(person: Person) -> Iterator[Row]:
    interest = getattr(person, "interest", None)
    if interest:
        facts = {
            _("kinds of work"): "、".join(interest.kind_names),
            _("occupations"): "、".join(str(one) for one in interest.occupations.all()),
            _("regions"): "、".join(str(one) for one in interest.regions.all()),
            _("free from"): interest.free_from,
            _("what else matters to me"): interest.note,
        }
        yield said(facts)


def consents(person: Person) -> Iterator[Row]:
    for consent in person.consents.select_related("recipient"):
        facts = {
            _("purpose"): consent.get_purpose_display(),
            _("recipient"): consent.recipient.name if consent.recipient else "",
            _("kinds of data"): "、".join(consent.covered),
            _("version of the wording"): consent.version,
            _("given"): consent.given_at,
            _("withdrawn"): consent.withdrawn_at,
            _("guardian who consented"): consent.by_guardian,
            _("wording"): consent.text,
        }
        yield said(facts)


def views(person: Person) -> Iterator[Row]:
    for view in person.views.select_related("by", "organisation"):
        facts = {
            _("when"): view.at,
            _("who"): str(view.by),
            _("for whom"): view.organisation.name if view.organisation else "",
            _("what was seen"): view.seen,
            _("taken as a file"): _("yes") if view.as_file else "",
        }
        yield said(facts)


def notices(person: Person) -> Iterator[Row]:
    for notice in Notice.objects.filter(to=person.user) if person.user else ():
        yield said({_("when"): notice.at, _("what"): notice.text})


def acts(person: Person) -> Iterator[Row]:
    done = Act.objects.filter(by=person.user).order_by("-pk") if person.user else Act.objects.none()
    for act in done[:ACTS]:
        yield said({_("when"): act.at, _("action"): act.act, _("what"): act.label})


def withdraw_all(person: Person) -> None:
    for consent in person.consents.running().select_related("person", "recipient"):
        withdraw(consent, by=None)


def forget_notices(person: Person) -> None:
    """One's own go. In those of organisations that knew the person, the name is blanked."""
    if person.user:
        Notice.objects.filter(to=person.user).delete()
    names = {person.name, *person.enrolments.values_list("name", flat=True)} - {""}
    knew = person.enrolments.values_list("school").union(
        person.consents.values_list("recipient"), person.views.values_list("organisation")
    )
    sides = [key for (key,) in knew if key]
    told = Notice.objects.filter(to__roles__organisation__in=sides).distinct()
    for name in names:
        for notice in told.annotate(said=Cast("params", TextField())).filter(said__contains=name):
            notice.params = {k: "—" if v == name else v for k, v in notice.params.items()}
            notice.save(update_fields=["params"])


HELD = [
    Holding("person", gettext_lazy("Who I am"), who, forget_person),
    Holding(
        "enrolments",
        gettext_lazy("Enrolments"),
        enrolments,
        stays=gettext_lazy(
            "While a school teaches you, it has to keep its register of students: your name, "
            "number and class stay in its roster until you graduate or leave. After that only "
            "programme, year and school stay, without anything that tells who it was."
        ),
    ),
    # before what is told of, so that it is forgotten after it
    Holding(
        "notices",
        gettext_lazy("Notices"),
        notices,
        forget_notices,
        stays=gettext_lazy(
            "What organisations were told about you stays with them as a notice, without your name."
        ),
    ),
    Holding("record", gettext_lazy("Entries of my record"), entries, forget_record),
    Holding("interest", gettext_lazy("What I look for"), interests, forget_record),
    Holding(
        "consents",
        gettext_lazy("Consents"),
        consents,
        withdraw_all,
        stays=gettext_lazy(
            "All are withdrawn. That they were given and withdrawn is kept without your name, as "
            "proof that what was done was allowed (PIPL Art. 14 and 69)."
        ),
    ),
    Holding(
        "views",
        gettext_lazy("Who saw me"),
        views,
        stays=gettext_lazy(
            "Who opened data is kept without your name, so that misuse can still be followed up "
            "(PIPL Art. 54 and 56)."
        ),
    ),
    Holding(
        "acts",
        gettext_lazy("The record of what I did here"),
        acts,
        stays=gettext_lazy(
            "The law asks for logs of at least six months (Cybersecurity Law), and nobody can "
            "change an entry without breaking the chain. Entries keep the words of their day."
        ),
    ),
]
for one in HELD:
    register(one)
