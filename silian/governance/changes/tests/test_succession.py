"""Amendments, renewals, registrations, and the pages of the rules."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from silian.governance.agreements import services as agreements
from silian.governance.agreements import succession
from silian.governance.agreements.models import Agreement, RuleSetting, Waiver
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.changes import services
from silian.governance.changes.models import Registration
from silian.governance.changes.tests.factories import make_three
from silian.governance.charters.tests.factories import other_todos
from silian.governance.commitments.tests.factories import make_signed
from silian.governance.drafting.tests.factories import make_version
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
State = Agreement.State


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(agreement: Agreement, verb: str, *more: str) -> str:
    return reverse(f"changes:{verb}", args=[agreement.consortium, agreement.pk, *more])


def parties(agreement: Agreement) -> list[Organisation]:
    return [party.organisation for party in agreement.party_set.order_by("order")]


def test_an_amendment_begins_as_its_original_and_moves_its_term() -> None:
    agreement = make_three(terms={"purpose": "共建"}, state=State.DRAFT, expires_on=None)
    make_version(agreement, "第一条　合作一年。")
    expires = clock.today() + timedelta(days=300)
    Agreement.objects.filter(pk=agreement.pk).update(
        state=State.SIGNED, signed_on=clock.today(), expires_on=expires
    )
    staff = make_staff(parties(agreement)[1])
    answer = signed_in(staff).post(url(agreement, "amend"))
    draft = Agreement.objects.get(amends=agreement)
    assert answer.status_code == 302 and answer.url == draft.get_absolute_url()
    assert parties(draft) == parties(agreement) and draft.kind == agreement.kind
    assert draft.terms == {"purpose": "共建"} and draft.expires_on == expires
    assert succession.latest_text(draft) == "第一条　合作一年。"
    assert signed_in(staff).post(url(agreement, "amend")).status_code == 403  # one at a time

    make_version(draft, "第一条　合作两年。")
    later = expires + timedelta(days=365)
    Agreement.objects.filter(pk=draft.pk).update(expires_on=later)
    draft.refresh_from_db()
    agreements.conclude(draft, by=None, on=clock.today())
    agreement.refresh_from_db()
    assert agreement.expires_on == later
    assert succession.differences(agreement, draft) == [("expires on", expires, later)]
    page = signed_in(staff).get(url(draft, "compare")).content.decode()
    assert "<del>一</del>" in page and "<ins>两</ins>" in page
    shown = Client().get(agreement.get_absolute_url()).content.decode()
    assert draft.get_absolute_url() in shown and url(draft, "compare") not in shown


def test_an_amendment_ends_with_its_original_and_has_no_successors() -> None:
    agreement = make_three()
    amendment = make_signed(agreement.consortium, amends=agreement, parties=parties(agreement))
    by = make_staff(parties(agreement)[0])
    for verb in ("amend", "renew", "early_end_new"):
        assert signed_in(by).post(url(amendment, verb)).status_code == 403
    succession.end_early(agreement, by=by, on=clock.today(), why="停产")
    amendment.refresh_from_db()
    assert amendment.state == State.ENDED and amendment.end == "early"


def test_a_renewal_is_as_long_and_replaces_when_it_begins(settings: LazySettings) -> None:
    today = clock.today()
    terms = {"starts_on": f"{today - timedelta(days=335)}", "registration_number": "1"}
    agreement = make_three(expires_on=today + timedelta(days=30), terms=terms)
    secretary = make_secretary(agreement.consortium)
    signed_in(secretary).post(url(agreement, "renew"))
    renewal = Agreement.objects.get(renews=agreement)
    starts = today + timedelta(days=31)
    assert renewal.terms == {"starts_on": starts.isoformat()}
    assert renewal.expires_on == starts + timedelta(days=365)
    assert signed_in(secretary).post(url(agreement, "renew")).status_code == 403
    agreements.conclude(renewal, by=None, on=today)
    assert services.replace_renewed() == 0
    settings.CLOCK = (clock.now() + timedelta(days=31)).isoformat()
    assert services.replace_renewed() == 1 and services.replace_renewed() == 0
    agreement.refresh_from_db()
    assert (agreement.state, agreement.end) == (State.ENDED, "replaced")


def test_what_is_not_in_force_has_no_successor() -> None:
    ended = make_three(state=State.ENDED)
    with pytest.raises(IllegalMove):
        succession.amend(ended, by=make_staff(parties(ended)[0]))
    assert signed_in(make_secretary(ended.consortium)).post(url(ended, "renew")).status_code == 403


def test_expiry_warnings_are_of_originals_alone() -> None:
    soon = clock.today() + timedelta(days=9)
    agreement = make_three(expires_on=soon)
    make_signed(agreement.consortium, amends=agreement, expires_on=soon)
    assert list(Agreement.objects.expiring_within(30)) == [agreement]


# --- registration -----------------------------------------------------------------------


def contract() -> Agreement:
    seller = make_organisation(Organisation.Kind.COLLEGE)
    return make_signed(
        parties=[seller, make_organisation()],
        kind=Agreement.Kind.TECHNICAL_SERVICE,
        terms={"seller": seller.pk},
    )


def test_a_technology_contract_is_registered_once_by_its_seller() -> None:
    agreement = contract()
    seller, buyer = parties(agreement)
    staff = make_staff(seller)
    assert [todo.label for todo in other_todos(staff)] == ["Technology contract to register"]
    facts = {"number": "2026370100000123", "registered_on": f"{clock.today()}"}
    for user in (make_staff(buyer), make_secretary(agreement.consortium)):
        assert signed_in(user).post(url(agreement, "register"), facts).status_code == 403
    assert signed_in(staff).post(url(agreement, "register"), facts).status_code == 302
    assert other_todos(staff) == []
    assert signed_in(staff).post(url(agreement, "register"), facts).status_code == 403
    with pytest.raises(IllegalMove):
        services.register(agreement, by=staff, number="2", registered_on=clock.today())
    assert "2026370100000123" in Client().get(agreement.get_absolute_url()).content.decode()

    other = contract()
    answer = signed_in(make_staff(parties(other)[0])).post(url(other, "register"), facts)
    assert answer.context["form"].errors.keys() == {"number"}


def test_the_database_keeps_one_registration_a_number_and_a_contract() -> None:
    first, second = contract(), contract()
    by = make_staff(parties(first)[0])
    services.register(first, by=by, number="77", registered_on=clock.today())
    facts = {"seller": parties(second)[0], "registered_on": clock.today(), "by": by}
    for wrong in ({"agreement": second, "number": "77"}, {"agreement": first, "number": "78"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Registration.objects.create(**(facts | wrong))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_registration_has_a_day_between_signing_and_now(days: int) -> None:
    agreement = contract()
    facts = {"number": "5", "registered_on": f"{clock.today() + timedelta(days=days)}"}
    answer = signed_in(make_staff(parties(agreement)[0])).post(url(agreement, "register"), facts)
    assert answer.context["form"].errors.keys() == {"registered_on"}


# --- rules ------------------------------------------------------------------------------


def short_draft() -> Agreement:
    consortium = make_consortium()
    school = make_organisation(Organisation.Kind.COLLEGE)
    units = [make_membership(consortium, school).organisation]
    units.append(make_membership(consortium).organisation)
    terms = {"takes_interns": True, "starts_on": f"{clock.today()}"}
    expires = clock.today() + timedelta(days=300)
    return make_agreement(consortium, units, terms=terms, expires_on=expires)


def test_a_warning_is_shown_with_its_source_and_passed_by_the_secretariat() -> None:
    draft = short_draft()
    secretary, staff = make_secretary(draft.consortium), make_staff(parties(draft)[0])
    page = signed_in(staff).get(draft.get_absolute_url()).content.decode()
    assert "generally lasts 3 years" in page and "教职成〔2018〕1号" in page
    waive = url(draft, "waive", "interns.three-years")
    assert signed_in(staff).post(waive, {"reason": "x"}).status_code == 403
    signed_in(secretary).post(waive, {"reason": " "})
    assert not Waiver.objects.exists()
    signed_in(secretary).post(waive, {"reason": "首期试点"})
    assert "首期试点" in signed_in(staff).get(draft.get_absolute_url()).content.decode()
    assert signed_in(secretary).post(waive, {"reason": "x"}).status_code == 403
    kept = url(draft, "waive", "parties.two")
    assert signed_in(secretary).post(kept, {"reason": "x"}).status_code == 404


def test_the_secretariat_sets_what_is_configurable_and_others_read() -> None:
    draft = short_draft()
    consortium = draft.consortium
    index = reverse("changes:rule_index", args=[consortium])
    edit = reverse("changes:rule_edit", args=[consortium, "interns.three-years"])
    staff, secretary = make_staff(parties(draft)[0]), make_secretary(consortium)
    assert signed_in(staff).get(index).status_code == 200
    assert signed_in(staff).get(edit).status_code == 403
    answer = signed_in(secretary).post(edit, {"level": "block", "years": "0"})
    assert answer.context["form"].errors.keys() == {"years"}
    signed_in(secretary).post(edit, {"level": "block", "years": "2"})
    setting = RuleSetting.objects.get()
    assert setting.numbers == {"years": 2} and setting.by == secretary
    page = signed_in(staff).get(index).content.decode()
    assert "lasts 2 years" in page
    fixed = reverse("changes:rule_edit", args=[consortium, "parties.two"])
    assert signed_in(secretary).get(fixed).status_code == 403
    unknown = reverse("changes:rule_edit", args=[consortium, "no.such-rule"])
    assert signed_in(secretary).get(unknown).status_code == 404
