import re
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.proofs import services
from silian.kernel.proofs.models import OneTimeCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_user(email="li@example.com", language="en")


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_comes_by_mail_and_works_once(person: User) -> None:
    services.send_code(person, person, about="an agreement")
    sent = re.search(r"\d{6}", mail.outbox[0].subject)
    assert sent and "an agreement" in mail.outbox[0].body

    assert services.prove(person, person, code=f" {sent[0]} ").factor == "mail"
    with pytest.raises(ValidationError, match="still works"):
        services.prove(person, person, code=sent[0])


def test_only_a_digest_of_the_code_is_kept(person: User) -> None:
    code = services.send_code(person, person, about="x")
    row = OneTimeCode.objects.values().get()
    assert code not in str(row["digest"]) and len(row["digest"]) == 64


def test_after_five_tries_the_right_code_is_refused_too(person: User) -> None:
    code = services.send_code(person, person, about="x")
    for _attempt in range(5):
        with pytest.raises(ValidationError, match="not the code"):
            services.prove(person, person, code=other_than(code))
    with pytest.raises(ValidationError, match="still works"):
        services.prove(person, person, code=code)


def test_a_code_works_for_ten_minutes(person: User, settings) -> None:
    code = services.send_code(person, person, about="x")
    settings.CLOCK = (clock.now() + timedelta(minutes=11)).isoformat()
    with pytest.raises(ValidationError, match="still works"):
        services.prove(person, person, code=code)


def test_a_code_confirms_only_what_it_was_sent_for(person: User) -> None:
    code = services.send_code(person, person, about="x")
    for user, thing in ((person, make_user()), (make_user(email="x@example.com"), person)):
        with pytest.raises(ValidationError, match="still works"):
            services.prove(user, thing, code=code)


def test_codes_cannot_be_asked_for_without_end(person: User, settings) -> None:
    services.send_code(person, person, about="x")
    with pytest.raises(ValidationError, match="less than a minute"):
        services.send_code(person, person, about="x")
    start = clock.now()
    for minute in range(1, 20):
        settings.CLOCK = (start + timedelta(minutes=2 * minute)).isoformat()
        services.send_code(person, person, about="x")
    settings.CLOCK = (start + timedelta(minutes=50)).isoformat()
    with pytest.raises(ValidationError, match="Too many"):
        services.send_code(person, person, about="x")


def test_a_newer_code_replaces_the_older(person: User, settings) -> None:
    old = services.send_code(person, person, about="x")
    settings.CLOCK = (clock.now() + timedelta(minutes=2)).isoformat()
    new = services.send_code(person, person, about="x")
    if old != new:
        with pytest.raises(ValidationError, match="not the code"):
            services.prove(person, person, code=old)
    assert services.prove(person, person, code=new).purpose == f"accounts.User:{person.pk}"


def test_nothing_is_proven_by_nothing(person: User) -> None:
    with pytest.raises(ValidationError, match="Confirm"):
        services.prove(person, person)
    assert services.ways_of(make_user()) == set()  # no address, no factor


@pytest.mark.django_db(transaction=True)
def test_a_code_tried_by_many_at_once_is_spent_once(person: User) -> None:
    code = services.send_code(person, person, about="x")
    proven: list[str] = []

    def attempt() -> None:
        with suppress(ValidationError):
            proven.append(services.prove(person, person, code=code).factor)
        connection.close()

    people = [threading.Thread(target=attempt) for _ in range(6)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert proven == ["mail"]
    assert OneTimeCode.objects.get().tries <= 5
