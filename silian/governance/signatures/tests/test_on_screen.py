import re
import threading
from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models.signals import post_save
from django.test import Client
from django.urls import reverse

from silian.governance.agreements.models import Agreement
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.governance.signatures import services
from silian.governance.signatures.evidence import holds
from silian.governance.signatures.models import Act
from silian.governance.signing.models import Process, Signatory
from silian.governance.signing.tests.factories import (
    make_frozen,
    make_process,
    make_signatory,
    make_signing,
    parties_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry, subject_of
from silian.kernel.notices.models import Notice
from silian.kernel.proofs.models import OneTimeCode
from silian.kernel.proofs.services import Proof
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_start() -> None:
    cache.clear()  # codes used and rate limits


@pytest.fixture
def process() -> Process:
    return make_signing()


@pytest.fixture
def signatory(process: Process) -> Signatory:
    return process.signatories.first()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(signatory: Signatory, verb: str = "sign") -> str:
    consortium = signatory.process.agreement.consortium
    return reverse(f"signatures:{verb}", args=[consortium, signatory.pk])


def proven(signatory: Signatory, user: User | None = None) -> Proof:
    return Proof(user or signatory.user, subject_of(signatory), "mail")


def sign(signatory: Signatory) -> Act:
    proof = proven(signatory)
    return services.sign(signatory, by=signatory.user, proof=proof, sentence="I sign.")


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


# --- factors ------------------------------------------------------------------------------------


def test_signing_with_an_authenticator_app(signatory: Signatory) -> None:
    secret = generate_totp_secret()
    TOTP.activate(signatory.user, secret)
    client = signed_in(signatory.user)
    page = client.get(address(signatory)).text
    assert signatory.process.document.sha256 in page
    assert "authenticator app shows now" in page
    assert "Send me a code" not in page

    code = code_for(secret)
    page = client.post(address(signatory), {"confirmed": "on", "code": code}, follow=True).text

    act = Act.objects.get()
    assert "You have signed." in page
    assert (act.user, act.name, act.factor) == (signatory.user, signatory.user.name, "totp")
    assert act.sha256 == signatory.process.document.sha256
    title, organisation = signatory.process.agreement.title_en, signatory.organisation.name_en
    assert act.sentence == f"I have read “{title}” in full and sign it for {organisation}."
    assert holds(act)
    signatory.refresh_from_db()
    assert signatory.state == "signed"


def test_signing_with_a_recovery_code(signatory: Signatory) -> None:
    TOTP.activate(signatory.user, generate_totp_secret())
    code = RecoveryCodes.activate(signatory.user).get_unused_codes()[0]
    signed_in(signatory.user).post(address(signatory), {"confirmed": "on", "code": code})
    assert Act.objects.get().factor == "recovery_codes"


def test_signing_with_a_code_by_mail(signatory: Signatory) -> None:
    client = signed_in(signatory.user)
    page = client.post(address(signatory, "send_code"), follow=True).text
    assert "The code has been sent." in page
    code = re.search(r"\d{6}", mail.outbox[0].subject)[0]
    assert code not in page
    assert signatory.process.agreement.title_en in mail.outbox[0].body
    client.post(address(signatory), {"confirmed": "on", "code": code})
    assert Act.objects.get().factor == "mail"


def test_a_demo_shows_the_code_and_says_so(signatory: Signatory, settings) -> None:
    settings.DEMO = True
    client = signed_in(signatory.user)
    page = client.post(address(signatory, "send_code"), follow=True).text
    assert "This is a demo and sends no mail." in page
    assert not mail.outbox
    code = re.search(r"The code is (\d{6})", page)[1]
    client.post(address(signatory), {"confirmed": "on", "code": code})
    assert Act.objects.exists()


def test_mail_is_no_way_round_an_authenticator_app(signatory: Signatory) -> None:
    TOTP.activate(signatory.user, generate_totp_secret())
    assert signed_in(signatory.user).post(address(signatory, "send_code")).status_code == 404
    assert not OneTimeCode.objects.exists()


def test_without_address_and_factor_the_page_says_what_to_do(signatory: Signatory) -> None:
    User.objects.filter(pk=signatory.user_id).update(email="")
    page = signed_in(signatory.user).get(address(signatory)).text
    assert "you need an authenticator app, a passkey or an e-mail address" in page


@pytest.mark.parametrize("given", [{"code": "000000"}, {"confirmed": "on"}, {}])
def test_half_a_signature_is_none(signatory: Signatory, given: dict[str, str]) -> None:
    client = signed_in(signatory.user)
    client.post(address(signatory, "send_code"))
    page = client.post(address(signatory), given)
    assert "Nothing is saved yet." in page.text
    assert not Act.objects.exists()


def test_a_wrong_code_is_refused_and_counted(signatory: Signatory) -> None:
    client = signed_in(signatory.user)
    client.post(address(signatory, "send_code"))
    code = re.search(r"\d{6}", mail.outbox[0].subject)[0]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    page = client.post(address(signatory), {"confirmed": "on", "code": wrong})
    assert "This is not the code that was sent." in page.text
    assert "checked" in page.text  # what was confirmed stays
    assert OneTimeCode.objects.get().tries == 1
    assert not Act.objects.exists()


def test_the_code_is_not_spent_where_the_intent_is_missing(signatory: Signatory) -> None:
    client = signed_in(signatory.user)
    client.post(address(signatory, "send_code"))
    code = re.search(r"\d{6}", mail.outbox[0].subject)[0]
    client.post(address(signatory), {"code": code})
    client.post(address(signatory), {"code": code, "confirmed": "on"})
    assert Act.objects.count() == 1


# --- who -----------------------------------------------------------------------------------------


def test_only_the_signatory_in_person_signs(process: Process, signatory: Signatory) -> None:
    consortium = process.agreement.consortium
    colleague = make_staff(signatory.organisation)
    other_party = process.signatories.last().user
    for user in (colleague, other_party, make_secretary(consortium)):
        client = signed_in(user)
        assert "Only the signatory in person signs here." in client.get(address(signatory)).text
        typed = {"confirmed": "on", "code": "123456"}
        assert client.post(address(signatory), typed).status_code == 403
        assert client.post(address(signatory, "send_code")).status_code == 403
        assert client.post(address(signatory, "refuse"), {"reason": "x"}).status_code == 403
    for user in (make_user(), make_secretary(make_consortium())):
        client = signed_in(user)
        assert client.get(address(signatory)).status_code == 404
        assert client.post(address(signatory), typed).status_code == 404
    assert Client().get(address(signatory)).status_code == 302


def test_who_left_the_party_signs_no_more(signatory: Signatory) -> None:
    signatory.user.roles.all().delete()
    answer = signed_in(signatory.user).post(address(signatory), {"confirmed": "on"})
    assert answer.status_code == 403
    user = User.objects.get(pk=signatory.user_id)
    with pytest.raises(IllegalMove, match="act for"):
        services.sign(signatory, by=user, proof=proven(signatory, user), sentence="x")


def test_a_proof_counts_for_its_own_signature_only(process: Process) -> None:
    first, second = process.signatories.all()
    for proof in (proven(second, first.user), proven(first, second.user)):
        with pytest.raises(IllegalMove, match="something else"):
            services.sign(first, by=first.user, proof=proof, sentence="x")
    assert not Act.objects.exists()


# --- the end -------------------------------------------------------------------------------------


def test_the_last_signature_concludes_the_agreement(process: Process) -> None:
    first, second = process.signatories.all()
    secretary = make_secretary(process.agreement.consortium)
    sign(first)
    agreement = Agreement.objects.get()
    assert agreement.state == "signing"
    sign(second)
    agreement.refresh_from_db()
    process.refresh_from_db()
    assert (agreement.state, agreement.signed_on) == ("signed", clock.today())
    assert process.state == "complete"
    assert process.document_id == agreement.frozen_id
    assert "All have signed" in Notice.objects.filter(to=secretary).last().text


def test_a_refusal_needs_a_reason_and_sends_the_agreement_back(
    process: Process, signatory: Signatory
) -> None:
    other = process.signatories.last()
    sign(other)
    client = signed_in(signatory.user)
    assert "Please give a reason." in client.post(address(signatory, "refuse"), follow=True).text
    client.post(address(signatory, "refuse"), {"reason": "付款期限不符"})
    process.refresh_from_db()
    assert (process.state, process.reason) == ("refused", f"{signatory.name}: 付款期限不符")
    assert Agreement.objects.get().state == "draft"
    said = Notice.objects.filter(to=other.user).last().text
    assert signatory.name in said and "付款期限不符" in said
    assert Act.objects.get().signatory == other  # what was signed stays on record
    assert client.post(address(signatory, "refuse"), {"reason": "x"}).status_code == 403


def test_several_signatories_of_one_party_all_sign() -> None:
    agreement = make_frozen()
    process = make_process(agreement, ordered=True)
    head = make_signatory(process, order=1)
    legal = make_signatory(process, order=1)
    other = make_signatory(process, parties_of(agreement)[1], order=2)
    sign(head)
    with pytest.raises(IllegalMove, match="Others sign first"):
        sign(other)
    sign(legal)
    sign(other)
    agreement.refresh_from_db()
    assert agreement.state == "signed"
    assert Act.objects.count() == 3


def test_nothing_is_signed_after_the_last_day(settings) -> None:
    process = make_signing(deadline=clock.today())
    settings.CLOCK = (clock.now() + timedelta(days=1)).isoformat()
    with pytest.raises(IllegalMove, match="last day"):
        sign(process.signatories.first())


def test_every_act_stands_in_the_record(signatory: Signatory) -> None:
    sign(signatory)
    entry = Entry.objects.get(action="Signed")
    assert entry.by == signatory.user
    assert entry.detail["sha256"] == signatory.process.document.sha256


# --- once ----------------------------------------------------------------------------------------


def test_a_second_click_and_a_second_window_get_the_same_act(signatory: Signatory) -> None:
    first = sign(signatory)
    assert sign(signatory) == first
    assert Act.objects.count() == 1
    page = signed_in(signatory.user).post(address(signatory), {"confirmed": "on", "code": "1"})
    assert "Signed on" in page.text


def test_the_database_takes_one_act_of_a_signatory(signatory: Signatory) -> None:
    act = sign(signatory)
    act.pk, act._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        act.save()


def test_an_act_without_its_evidence_is_refused_by_the_database(signatory: Signatory) -> None:
    act = sign(signatory)
    for missing in ({"factor": ""}, {"sentence": ""}, {"user": None}, {"method": "paper"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Act.objects.filter(pk=act.pk).update(**missing)


def test_an_error_in_the_middle_leaves_nothing(signatory: Signatory) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("power cut")

    post_save.connect(fail, sender=Act)
    try:
        with pytest.raises(RuntimeError):
            sign(signatory)
    finally:
        post_save.disconnect(fail, sender=Act)
    signatory.refresh_from_db()
    assert signatory.state == "waiting"
    assert not Act.objects.exists()
    assert not Entry.objects.filter(action="Signed").exists()
    sign(signatory)  # and can be done again
    assert Act.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_server_killed_in_the_middle_of_the_last_signature_loses_and_doubles_nothing() -> None:
    process = make_signing()
    first, second = process.signatories.all()
    sign(first)

    def die(**_: object) -> None:
        """What the database sees of a killed server: the connection is gone."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    post_save.connect(die, sender=Agreement)  # when the agreement has just been concluded
    try:
        with pytest.raises(OperationalError):
            sign(second)
    finally:
        post_save.disconnect(die, sender=Agreement)
        connection.close()
    assert Agreement.objects.get().state == "signing"
    assert Process.objects.get().state == "open"
    assert list(Act.objects.values_list("signatory", flat=True)) == [first.pk]

    sign(Signatory.objects.get(pk=second.pk))
    assert Agreement.objects.get().state == "signed"
    assert Act.objects.count() == 2


def at_once(*steps) -> list[str]:
    """Run ``steps`` in threads of their own; the names of the errors they ended with."""
    errors: list[str] = []

    def run(step) -> None:
        try:
            step()
        except Exception as error:
            errors.append(type(error).__name__)
        finally:
            connection.close()

    people = [threading.Thread(target=run, args=[step]) for step in steps]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_make_one_act() -> None:
    signatory = make_signing().signatories.first()
    errors = at_once(*[lambda: sign(signatory)] * 5)
    assert errors == []
    assert Act.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_all_parties_at_once_conclude_the_agreement_once() -> None:
    process = make_signing(parties=4)
    people = list(process.signatories.select_related("user"))
    errors = at_once(*[lambda s=s: sign(s) for s in people])
    assert errors == []
    assert Agreement.objects.get().state == "signed"
    assert Entry.objects.filter(action="State changed", detail__to="complete").count() == 1


@pytest.mark.django_db(transaction=True)
def test_signing_and_refusing_at_once_is_one_of_both() -> None:
    process = make_signing()
    first, second = process.signatories.select_related("user")
    errors = at_once(lambda: sign(first), lambda: services.refuse(second, by=second.user, why="x"))
    process.refresh_from_db()
    assert process.state == "refused"
    assert Agreement.objects.get().state == "draft"
    assert Act.objects.count() == 1 - len(errors)
