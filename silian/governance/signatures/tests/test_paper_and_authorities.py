import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.agreements.models import Agreement
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.governance.signatures import services
from silian.governance.signatures.evidence import holds
from silian.governance.signatures.models import Act, Scan
from silian.governance.signatures.receivers import scans_to_check
from silian.governance.signatures.tests.factories import AUTHORITIES, make_receipt, make_scan
from silian.governance.signatures.tests.test_on_screen import at_once, sign
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
from silian.kernel.files.tests.factories import PDF, PNG, make_upload
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def process() -> Process:
    agreement = make_frozen()
    process = make_process(agreement)
    make_signatory(process, user=None, name="许总")
    make_signatory(process, parties_of(agreement)[1])
    return process


@pytest.fixture
def paper(process: Process) -> Signatory:
    return process.signatories.get(user=None)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, process: Process, *args: object) -> str:
    return reverse(f"signatures:{name}", args=[process.agreement.consortium, *args])


def hand_in(client: Client, signatory: Signatory, **changes: object):
    typed = {"file": make_upload("签字页.png", PNG), "signed_on": f"{clock.today()}"}
    return client.post(url("scan_new", signatory.process, signatory.pk), typed | changes)


# --- paper ----------------------------------------------------------------------------------------


def test_a_scan_counts_when_a_second_person_has_checked_it(
    process: Process, paper: Signatory
) -> None:
    consortium = process.agreement.consortium
    first, second = make_secretary(consortium), make_secretary(consortium)
    hand_in(signed_in(first), paper)
    scan = Scan.objects.get()
    paper.refresh_from_db()
    assert (scan.state, paper.state) == ("waiting", "checking")
    assert not Act.objects.exists()
    assert "waits for your check" in Notice.objects.get(to=second).text
    assert [todo.url for todo in scans_to_check(second)] == [scan.get_absolute_url()]
    assert not list(scans_to_check(first))

    page = signed_in(first).get(scan.get_absolute_url()).text
    assert "A second person checks it" in page
    assert signed_in(first).post(url("scan_accept", process, scan.pk)).status_code == 403

    checker = signed_in(second)
    assert paper.process.document.sha256 in checker.get(scan.get_absolute_url()).text
    checker.post(url("scan_accept", process, scan.pk))
    act = Act.objects.get()
    assert (act.method, act.name, act.scan) == ("paper", "许总", scan)
    assert holds(act)
    paper.refresh_from_db()
    assert paper.state == "signed"
    assert checker.post(url("scan_accept", process, scan.pk)).status_code == 403


def test_a_rejected_scan_may_be_replaced(process: Process, paper: Signatory) -> None:
    consortium = process.agreement.consortium
    staff = make_staff(paper.organisation)
    checker = signed_in(make_secretary(consortium))
    hand_in(signed_in(staff), paper)
    reject = url("scan_reject", process, Scan.objects.get().pk)
    assert "Please give a reason." in checker.post(reject, follow=True).text
    checker.post(reject, {"reason": "没有盖章"})
    paper.refresh_from_db()
    assert paper.state == "waiting"
    assert "没有盖章" in Notice.objects.get(to=staff).text
    hand_in(signed_in(staff), paper)
    assert list(Scan.objects.values_list("state", flat=True)) == ["waiting", "rejected"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"file": ""}, "This field is required."),
        ({"file": make_upload("签字页.docx", b"PK")}, "Only these types of file"),
        ({"file": make_upload("签字页.pdf", PNG)}, "content is not that of"),
        ({"signed_on": "2999-01-01"}, "This day is in the future."),
    ],
)
def test_what_is_no_scan_is_refused(
    paper: Signatory, change: dict[str, object], complaint: str
) -> None:
    page = hand_in(signed_in(make_staff(paper.organisation)), paper, **change)
    assert complaint in page.text
    assert not Scan.objects.exists()


def test_no_two_scans_and_no_other_act_while_one_waits(process: Process) -> None:
    signatory = process.signatories.exclude(user=None).get()
    secretary = make_secretary(process.agreement.consortium)
    hand_in(signed_in(secretary), signatory)
    assert hand_in(signed_in(secretary), signatory).status_code == 403
    with pytest.raises(IllegalMove):
        sign(signatory)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_scan(signatory)


def test_the_database_knows_that_two_persons_check(paper: Signatory) -> None:
    scan = make_scan(paper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(state="accepted", checked_by=scan.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(state="accepted")


def test_scans_are_seen_by_the_party_and_the_secretariat(
    process: Process, paper: Signatory
) -> None:
    scan = make_scan(paper)
    file = url("scan_file", process, scan.pk)
    other_party = process.signatories.exclude(user=None).get().user
    for user in (make_staff(paper.organisation), make_secretary(process.agreement.consortium)):
        client = signed_in(user)
        assert client.get(scan.get_absolute_url()).status_code == 200
        assert client.get(file)["Content-Type"] == "image/png"
    for user in (other_party, make_user(), make_secretary(make_consortium())):
        client = signed_in(user)
        assert client.get(scan.get_absolute_url()).status_code == 404
        assert client.get(file).status_code == 404
        assert client.post(url("scan_accept", process, scan.pk)).status_code == 404
    party = signed_in(make_staff(paper.organisation))
    assert party.post(url("scan_accept", process, scan.pk)).status_code == 403
    assert party.post(url("scan_reject", process, scan.pk), {"reason": "x"}).status_code == 403
    assert hand_in(signed_in(other_party), paper).status_code == 403


def test_who_signed_does_not_check_their_own_page(process: Process) -> None:
    signatory = process.signatories.exclude(user=None).get()
    scan = make_scan(signatory)
    both = make_secretary(process.agreement.consortium)
    Signatory.objects.filter(pk=signatory.pk).update(user=both)
    assert signed_in(both).post(url("scan_accept", process, scan.pk)).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_checkers_at_once_make_one_act() -> None:
    agreement = make_frozen()
    process = make_process(agreement)
    signatory = make_signatory(process, user=None)
    make_signatory(process, parties_of(agreement)[1])
    scan = make_scan(signatory)
    people = [make_secretary(agreement.consortium) for _ in range(3)]
    steps = [
        lambda by=by: services.accept_scan(Scan.objects.get(pk=scan.pk), by=by) for by in people[:2]
    ]
    steps.append(lambda: services.reject_scan(Scan.objects.get(pk=scan.pk), by=people[2], why="x"))
    assert len(at_once(*steps)) == 2
    scan.refresh_from_db()
    assert Act.objects.count() == (1 if scan.state == "accepted" else 0)


# --- papers ---------------------------------------------------------------------------------------


def test_the_sheet_for_signing_by_hand(process: Process) -> None:
    client = signed_in(process.signatories.exclude(user=None).get().user)
    page = client.get(url("sheet", process, process.pk))
    assert page.content.startswith(b"%PDF-")
    Agreement.objects.update(state="draft", frozen=None, check_code=None)
    assert client.get(url("sheet", process, process.pk)).status_code == 403
    assert signed_in(make_user()).get(url("sheet", process, process.pk)).status_code == 404


def test_the_certificate_is_made_once_when_all_have_signed() -> None:
    process = make_signing()
    client = signed_in(make_secretary(process.agreement.consortium))
    assert client.get(url("certificate", process, process.pk)).status_code == 404
    for signatory in process.signatories.all():
        sign(signatory)
    first = b"".join(client.get(url("certificate", process, process.pk)).streaming_content)
    again = b"".join(client.get(url("certificate", process, process.pk)).streaming_content)
    process.refresh_from_db()
    assert first.startswith(b"%PDF-") and first == again
    assert process.certificate.name.endswith("签署证书.pdf")
    assert process.document_id == Agreement.objects.get().frozen_id
    stranger = signed_in(make_user())
    assert stranger.get(url("certificate", process, process.pk)).status_code == 404


def test_the_page_shows_where_something_was_changed() -> None:
    process = make_signing()
    signatory = process.signatories.first()
    act = sign(signatory)
    client = signed_in(signatory.user)
    assert "Seal fits" in client.get(process.get_absolute_url()).text
    changes = [{"name": "somebody else"}, {"sha256": "0" * 64}, {"at": clock.now()}]
    changes += [{"evidence": act.evidence.replace("mail", "totp")}, {"key": "x"}]
    for change in changes:
        before = {name: getattr(act, name) for name in change}
        Act.objects.filter(pk=act.pk).update(**change)
        assert "The seal does not fit" in client.get(process.get_absolute_url()).text
        Act.objects.filter(pk=act.pk).update(**before)
    assert "Seal fits" in client.get(process.get_absolute_url()).text


def test_a_party_that_is_renamed_breaks_no_seal() -> None:
    signatory = make_signing().signatories.first()
    act = sign(signatory)
    signatory.organisation.name_zh = "新名称"
    signatory.organisation.save()
    assert holds(Act.objects.get(pk=act.pk))


def test_another_secret_key_does_not_break_old_seals(settings) -> None:
    process = make_signing()
    first, second = process.signatories.all()
    old = sign(first)
    settings.SECRET_KEY = "another secret key of fifty letters and more, surely"
    new = sign(second)
    assert old.key != new.key
    assert holds(old) and holds(new)


def test_the_page_of_a_signing_takes_the_same_queries_for_30_signatories() -> None:
    process = make_signing()
    client = signed_in(make_secretary(process.agreement.consortium))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(process.get_absolute_url())
        return len(found)

    sign(process.signatories.first())
    queries()
    short = queries()
    for _ in range(28):
        make_signatory(process)
    assert queries() == short


# --- outside authorities ---------------------------------------------------------------------


@pytest.fixture
def outside(settings, process: Process) -> Signatory:
    settings.SIGNING_AUTHORITIES = AUTHORITIES
    return process.signatories.exclude(user=None).get()


def test_a_receipt_of_an_authority_counts(outside: Signatory) -> None:
    client = signed_in(outside.user)
    address = url("receipt_new", outside.process, outside.pk, "test")
    assert address in client.get(outside.get_absolute_url()).text
    page = client.get(address).text
    assert f"https://ca.example/{outside.process.document.sha256}" in page
    client.post(address, {"receipt": make_receipt(outside, serial="S-0")})
    act = Act.objects.get()
    assert (act.method, act.authority, act.serial) == ("authority", "test", "S-0")
    assert holds(act)


def test_a_receipt_that_does_not_fit_proves_nothing(outside: Signatory) -> None:
    client = signed_in(outside.user)
    address = url("receipt_new", outside.process, outside.pk, "test")
    good = make_receipt(outside)
    before = (clock.now() - timedelta(days=30)).isoformat()
    later = (clock.now() + timedelta(days=1)).isoformat()
    for receipt, complaint in [
        ("nonsense", "damaged or forged"),
        (good.replace(outside.name, "他人"), "damaged or forged"),
        (make_receipt(outside, sha256="0" * 64), "another document"),
        (make_receipt(outside, name="他人"), "The receipt is of 他人"),
        (make_receipt(outside, organisation="他校"), "The receipt is of"),
        (make_receipt(outside, signed_at=before), "not made while"),
        (make_receipt(outside, signed_at=later), "not made while"),
    ]:
        page = client.post(address, {"receipt": receipt})
        assert complaint in page.text
        assert not Act.objects.exists()


def test_a_receipt_is_used_once(outside: Signatory) -> None:
    serial = "S-1"
    receipt = make_receipt(outside, serial=serial)
    facts = {"authority": "test", "receipt": receipt}
    services.accept_receipt(outside, by=outside.user, **facts)
    other = make_signatory(outside.process, outside.organisation)
    receipt = make_receipt(other, serial=serial)
    address = url("receipt_new", other.process, other.pk, "test")
    page = signed_in(other.user).post(address, {"receipt": receipt})
    assert "This receipt has been used already." in page.text


def test_an_unknown_authority_does_not_exist(process: Process) -> None:
    signatory = process.signatories.exclude(user=None).get()
    address = url("receipt_new", process, signatory.pk, "test")
    assert signed_in(signatory.user).get(address).status_code == 404


def test_a_scan_may_be_a_pdf(paper: Signatory) -> None:
    client = signed_in(make_secretary(paper.process.agreement.consortium))
    hand_in(client, paper, file=make_upload("签字页.pdf", PDF))
    assert "Open the scan" in client.get(Scan.objects.get().get_absolute_url()).text


def test_the_check_of_the_documentation_finds_what_fits_and_what_does_not(tmp_path: Path) -> None:
    """The program in docs/signing.md is run as it stands there."""
    process = make_signing()
    for signatory in process.signatories.all():
        sign(signatory)
    process.refresh_from_db()
    client = signed_in(make_secretary(process.agreement.consortium))
    answer = client.get(url("evidence", process, process.pk))
    page = (Path(settings.ROOT) / "docs" / "signing.md").read_text()
    (tmp_path / "check.py").write_text(re.search(r"```python\n(.*?)```", page, re.S)[1])
    (tmp_path / "agreement.pdf").write_bytes(process.document.content.read())
    (tmp_path / "other.pdf").write_bytes(PDF + b" ")
    (tmp_path / "evidence.json").write_bytes(answer.content)
    forged = answer.content.replace(b"mail", b"totp")
    (tmp_path / "forged.json").write_bytes(forged)

    def run(*files: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "check.py", *files]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    good = run("evidence.json", "agreement.pdf")
    assert good.returncode == 0 and len(good.stdout.splitlines()) == 2
    assert "another document" in run("evidence.json", "other.pdf").stderr
    assert "InvalidSignature" in run("forged.json", "agreement.pdf").stderr
