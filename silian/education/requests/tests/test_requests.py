import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.education.requests import services
from silian.education.standards.models import ChangeRequest, Standard
from silian.education.standards.services import request_change
from silian.education.standards.tests.factories import make_edition, make_skill
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, standard: Standard, *more: object) -> str:
    return reverse(f"requests:{name}", args=[standard.consortium, standard.pk, *more])


def make_request(standard: Standard | None = None) -> ChangeRequest:
    standard = standard or make_edition(state="published").standard
    firm = make_membership(standard.consortium).organisation
    by = make_staff(firm)
    return request_change(standard, by=by, organisation=firm, text="Teach SPC", skill=make_skill())


def test_a_member_firm_asks_and_the_school_has_it_to_do() -> None:
    standard = make_edition(state="published").standard
    firm = make_membership(standard.consortium).organisation
    client = signed_in(make_staff(firm))

    empty = client.post(page("request_new", standard), {"text": "", "organisation": firm.pk})
    client.post(page("request_new", standard), {"text": "Teach SPC", "organisation": firm.pk})

    assert "This field is required." in empty.text
    asked = ChangeRequest.objects.get()
    assert (asked.organisation, asked.state) == (firm, "open")
    labels = {todo.label for todo in todos_of(make_staff(standard.programme.school))}
    assert "Change requests to answer" in labels
    assert "Teach SPC" in client.get(page("request_index", standard)).text


def test_who_is_no_member_cannot_ask_and_sees_no_request() -> None:
    asked = make_request()
    stranger = signed_in(make_staff(make_organisation()))
    other = signed_in(make_staff(make_membership(asked.standard.consortium).organisation))

    assert stranger.get(page("request_new", asked.standard)).status_code == 403
    for client in (stranger, other):
        assert client.get(asked.get_absolute_url()).status_code == 404
        assert "Teach SPC" not in client.get(page("request_index", asked.standard)).text
        inbox = reverse("requests:inbox", args=[asked.standard.consortium])
        assert "Teach SPC" not in client.get(inbox).text
    secretary = signed_in(make_secretary(asked.standard.consortium))
    assert secretary.get(asked.get_absolute_url()).status_code == 200
    assert secretary.post(asked.get_absolute_url(), {"outcome": "declined"}).status_code == 403


def test_the_school_adopts_it_in_an_edition_and_who_asked_is_told() -> None:
    asked = make_request()
    client = signed_in(make_staff(asked.standard.programme.school))
    edition = asked.standard.editions.get()

    refused = client.post(asked.get_absolute_url(), {"outcome": "adopted"})
    client.post(asked.get_absolute_url(), {"outcome": "adopted", "edition": edition.pk})

    assert "Say in which edition it stands." in refused.text
    asked.refresh_from_db()
    assert (asked.state, asked.adopted_in) == ("adopted", edition)
    assert Notice.objects.filter(to=asked.by, url=asked.get_absolute_url()).exists()
    assert "Adopted in Edition 1" in signed_in(asked.by).get(asked.get_absolute_url()).text
    with pytest.raises(IllegalMove):
        services.decline(asked, answer="x", by=asked.by)


def test_it_is_declined_only_with_a_reason() -> None:
    asked = make_request()
    client = signed_in(make_staff(asked.standard.programme.school))

    refused = client.post(asked.get_absolute_url(), {"outcome": "declined", "answer": " "})
    assert "Say why not." in refused.text
    client.post(asked.get_absolute_url(), {"outcome": "declined", "answer": "No hours left"})

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("declined", "No hours left")
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=asked.pk).update(answer="")


@pytest.mark.parametrize("of_one", [True, False])
def test_a_long_list_asks_no_more_than_a_short_one(of_one: bool) -> None:
    asked = make_request()
    standard = asked.standard
    client = signed_in(make_secretary(standard.consortium))
    inbox = reverse("requests:inbox", args=[standard.consortium])
    address = page("request_index", standard) if of_one else inbox

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    few = queries()
    for _n in range(29):
        make_request(standard)
    assert queries() == few
