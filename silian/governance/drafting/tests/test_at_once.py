"""Two people at one table in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from silian.governance.agreements.models import Agreement
from silian.governance.drafting import services
from silian.governance.drafting.tests.factories import make_agreed, make_draft
from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[Agreement], object], on: Agreement) -> list[object]:
    """What each of ``verbs`` gives or raises, begun in the same moment on rows of their own."""
    start = Barrier(len(verbs))

    def done(verb: Callable[[Agreement], object]) -> object:
        try:
            agreement = Agreement.objects.get(pk=on.pk)
            start.wait()
            return verb(agreement)
        except (services.Outdated, IllegalMove, services.NotReady) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(done, verbs))


def test_of_two_versions_written_at_once_one_is_told() -> None:
    draft = make_draft(make_consortium())
    user = make_secretary(draft.consortium)
    answers = at_once(
        lambda a: services.add_version(a, text="一", by=user, after=0),
        lambda a: services.add_version(a, text="二", by=user, after=0),
        on=draft,
    )
    assert [type(answer).__name__ for answer in answers].count("Outdated") == 1
    assert draft.versions.count() == 1


def test_what_is_frozen_and_reworded_at_once_is_one_of_both() -> None:
    agreement = make_agreed(make_consortium())
    user = make_secretary(agreement.consortium)
    at_once(
        lambda a: services.freeze(a, by=user),
        lambda a: services.add_version(a, text="二", by=user, after=1),
        on=agreement,
    )
    agreement.refresh_from_db()
    frozen, reworded = agreement.state == "signing", agreement.versions.count() == 2
    assert frozen != reworded


def test_two_freezings_at_once_make_one_document() -> None:
    agreement = make_agreed(make_consortium())
    user = make_secretary(agreement.consortium)
    answers = at_once(*[lambda a: services.freeze(a, by=user)] * 2, on=agreement)
    assert sum(isinstance(answer, IllegalMove) for answer in answers) == 1
    agreement.refresh_from_db()
    assert agreement.number.endswith("-001")


def test_two_agreements_frozen_at_once_have_two_numbers() -> None:
    consortium = make_consortium()
    first, second = make_agreed(consortium), make_agreed(consortium)
    user = make_secretary(consortium)
    at_once(
        lambda _a: services.freeze(Agreement.objects.get(pk=first.pk), by=user),
        lambda _a: services.freeze(Agreement.objects.get(pk=second.pk), by=user),
        on=first,
    )
    numbers = Agreement.objects.values_list("number", flat=True)
    assert sorted(number[-3:] for number in numbers) == ["001", "002"]
