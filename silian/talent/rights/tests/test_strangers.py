"""A stranger cannot learn from any address that a person exists: what is there and hidden answers
to the letter as what is not there.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.search.services import find, reindex
from silian.talent.consents.models import Consent, Question
from silian.talent.consents.services import ask_guardian
from silian.talent.consents.tests.factories import make_child, make_consent
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_school, make_student
from silian.talent.records.models import Entry
from silian.talent.records.services import ask_to_confirm
from silian.talent.records.tests.factories import make_entry
from silian.talent.rights import services

pytestmark = pytest.mark.django_db
OURS = re.compile(r"silian\.talent\.(profiles|consents|records|rights)\.")
GONE = 987654321  # a key that no row has
CHANGES = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|/[0-9a-f]{64}/')


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the apps that hold people, with its converters."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        elif isinstance(one, URLPattern) and OURS.match(one.callback.__module__):
            yield route, one.pattern.converters


ADDRESSES = [
    (route, names)
    for route, names in patterns()
    if any(isinstance(one, IntConverter) for one in names.values())
]
TEXTS = {"kind": "skill", "purpose": "record", "answer": "confirm", "ending": "json"}


class World:
    """One person with everything, whose keys strangers try."""

    def __init__(self) -> None:
        self.pupil: Student = make_student(name="独孤求败")
        person = self.pupil.person
        child = make_student(self.pupil.school, person=make_child(name="独孤小败"))
        self.entry: Entry = make_entry(person)
        self.consent: Consent = make_consent(person)
        self.asked: Organisation = make_organisation()
        ask_to_confirm(self.entry, of=self.asked, by=self.pupil.user)
        self.question: Question = ask_guardian(child.person, "recommendation", by=child.person.user)
        facts = {"wrong": "错", "right": "对", "by": self.pupil.user}
        self.correction = services.ask_correction(self.pupil, **facts)

    def keys(self, route: str) -> dict[str, object]:
        """What each place of the address names in this world."""
        by_route: list[tuple[str, models.Model]] = [
            ("guardians", self.question),
            ("me/corrections", self.correction),
            ("corrections", self.correction),
            ("confirmations", self.entry),
            ("me/record", self.entry),
            ("me/consents", self.consent),
            ("people", self.pupil.person),
            ("students", self.pupil),
        ]
        found = next((row.pk for part, row in by_route if part in route), 0)
        return {
            "pk": found,
            "student": self.pupil.pk,
            "entry": self.entry.pk,
            "school_id": self.pupil.school_id,
            "side": self.asked.pk,
        }


def strangers() -> dict[str, User | None]:
    """Nobody, a student and the staff of another school, a firm, a secretariat."""
    consortium, school = make_consortium(), make_school()
    make_membership(consortium, school)
    return {
        "nobody": None,
        "student": make_student(school).user,
        "school": make_staff(school),
        "firm": make_staff(make_organisation()),
        "secretariat": make_secretary(consortium),
    }


def filled(route: str, names: Any, values: dict[str, object]) -> str:
    address = route
    for name, converter in names.items():
        number = isinstance(converter, IntConverter)
        value = values[name] if number else TEXTS.get(name, "0" * 64)
        address = re.sub(rf"<\w+:{name}>", str(value), address)
    return f"/{address}"


def answer(client: Client, method: str, address: str) -> tuple[int, str]:
    """Status, target and text, without what differs every time and without the address itself."""
    response = getattr(client, method)(address)
    text = CHANGES.sub("", response.text).replace(address, "#")
    location = unquote(response.headers.get("Location", "")).replace(address, "#")
    return response.status_code, location + text


@pytest.mark.parametrize(
    ("method", "who"), [("get", "nobody"), ("get", "student"), ("get", "firm"), ("post", "school")]
)
def test_hidden_and_absent_answer_alike(client: Client, method: str, who: str) -> None:
    world = World()
    if stranger := strangers()[who]:
        client.force_login(stranger)
    for route, names in ADDRESSES:
        there = world.keys(route)
        hidden = answer(client, method, filled(route, names, there))
        nothing = answer(client, method, filled(route, names, dict.fromkeys(there, GONE)))
        assert hidden == nothing, route
        assert "独孤" not in hidden[1]
        assert not stranger or hidden[0] in (404, 405), route


def test_nobody_else_finds_them_or_is_told_of_them() -> None:
    World()
    reindex(Student)
    for stranger in strangers().values():
        if stranger:
            assert not find(stranger, "独孤求败").total
            assert not Notice.objects.filter(to=stranger, params__icontains="独孤").exists()


def test_the_walk_covers_every_address_of_people() -> None:
    routes = {route for route, _names in ADDRESSES}
    assert len(routes) >= 25
    assert any(route.startswith("people/<int:pk>") for route in routes)
    assert not [name for _route, names in ADDRESSES for name in names if name not in known()]


def known() -> set[str]:
    return {*TEXTS, "pk", "student", "entry", "school_id", "side"}
