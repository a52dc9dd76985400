"""What a signature leaves: its sealed facts, and the papers that are made of them."""

import json
from datetime import UTC
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from silian.governance.signatures.models import Act
from silian.governance.signing.models import Process, Signatory
from silian.kernel import clock, seals
from silian.kernel.documents.services import pdf_of
from silian.kernel.files.content import PDF
from silian.kernel.files.models import StoredFile
from silian.kernel.files.services import store
from silian.kernel.ui.formats import day, moment

# Facts of the act itself. A party's name or somebody's account may be called otherwise later.
UNCHANGING = "document_sha256 name method factor sentence at authority serial scan_sha256".split()


def facts_of(act: Act) -> dict[str, str]:
    """What the seal vouches for; every value is a text, and names are as they are now."""
    signatory, scan = act.signatory, act.scan
    agreement = signatory.process.agreement
    facts = {
        "agreement": agreement.number or str(agreement.pk),
        "check_code": agreement.check_code,
        "document_sha256": act.sha256,
        "party": _party(signatory),
        "party_credit_code": signatory.organisation and signatory.organisation.credit_code,
        "name": act.name,
        "job_title": signatory.title,
        "account": act.user and act.user.username,
        "method": act.method,
        "factor": act.factor,
        "sentence": act.sentence,
        "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "authority": act.authority,
        "serial": act.serial,
        "scan_sha256": scan and scan.file.sha256,
        "entered_by": scan and scan.by.username,
        "checked_by": scan and scan.checked_by and scan.checked_by.username,
    }
    return {name: str(value) for name, value in facts.items() if value}


def seal(act: Act) -> None:
    """Put the installation's seal on ``act``, which is not saved here."""
    sealed = seals.seal(facts_of(act))
    act.evidence, act.key, act.seal = sealed.text, sealed.key, sealed.seal


def holds(act: Act) -> bool:
    """Does the seal fit, and does the row still say what was sealed?"""
    if not seals.holds(act.evidence, act.key, act.seal):
        return False
    then, now = json.loads(act.evidence), facts_of(act)
    return all(then.get(fact) == now.get(fact) for fact in UNCHANGING)


def acts_of(process: Process) -> list[Act]:
    rows = Act.objects.filter(signatory__process=process)
    return list(
        rows.select_related(
            "user",
            "signatory__organisation",
            "signatory__process__agreement",
            "scan__file",
            "scan__by",
            "scan__checked_by",
        )
    )


def evidence_of(process: Process) -> dict[str, Any]:
    """For whoever checks with a program: each act's sealed text, key and seal."""
    document = process.document
    return {
        "format": "silian-signatures-1",
        "document": {"name": str(document), "sha256": document.sha256 if document else ""},
        "signatures": [
            {"facts": act.evidence, "key": act.key, "seal": act.seal} for act in acts_of(process)
        ],
    }


@transaction.atomic
def certificate_of(process: Process) -> StoredFile:
    """The certificate of a complete signing; made once, when somebody first asks for it."""
    process = Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if process.certificate is None:
        content = certificate(process)
        upload = SimpleUploadedFile(f"{process.agreement.title_zh}-签署证书.pdf", content)
        process.certificate = store(upload, by=None, kinds=frozenset({PDF}))
        process.save(update_fields=["certificate"])
    return process.certificate


def certificate(process: Process) -> bytes:
    """Who signed what, how and when: Chinese, as the agreement's own text counts."""
    agreement, document = process.agreement, process.document
    with override("zh-hans"):
        facts = [
            (_("Title of the agreement"), agreement.title_zh),
            (_("Number"), agreement.number),
            (_("SHA-256 of the signed PDF"), document.sha256 if document else ""),
            (_("All had signed"), moment(process.closed_at) if process.closed_at else ""),
        ]
        said = [_section(act) for act in acts_of(process)]
        title = _("Certificate of signing")
        note = _("This certificate does not change the signed text. It says what was recorded.")
        text = "\n\n".join([note, *said])
    day_closed = process.closed_at.date() if process.closed_at else clock.today()
    return pdf_of(text, title=title, facts=[f for f in facts if f[1]], on=day_closed)


def _section(act: Act) -> str:
    signatory = act.signatory
    lines = [
        (_("Party"), _party(signatory)),
        (_("Signatory"), " ".join(filter(None, [act.name, signatory.title]))),
        (_("Way of signing"), act.get_method_display()),
        (_("When"), moment(act.at)),
        (_("Second factor"), act.get_factor_display()),
        (_("Confirmed sentence"), act.sentence),
        (_("Certificate authority"), act.authority and f"{act.authority} {act.serial}"),
        (_("Seal of the signature"), act.seal),
        (_("Public key"), act.key),
    ]
    if act.scan:
        lines[5:5] = [
            (_("Signed on paper on"), day(act.scan.signed_on)),
            (_("Entered by"), str(act.scan.by)),
            (_("Checked by"), str(act.scan.checked_by)),
            (_("SHA-256 of the scan"), act.scan.file.sha256),
        ]
    rows = [f"- {label}: {_plain(value)}" for label, value in lines if value]
    return "\n".join([f"## {_plain(_party(signatory))}", "", *rows])


def sheet(process: Process, signatories: list[Signatory]) -> bytes:
    """A page to be signed by hand, which names the frozen PDF by its SHA-256."""
    agreement, document = process.agreement, process.document
    with override("zh-hans"):
        title = _("Signature sheet")
        facts = [
            (_("Title of the agreement"), agreement.title_zh),
            (_("Number"), agreement.number),
            (_("SHA-256 of the signed PDF"), document.sha256 if document else ""),
        ]
        intro = _("With our signatures we agree to the text of the PDF named above.")
        line = "\\_" * 24
        places = [
            f"## {_plain(_party(s))}\n\n{_plain(s.name)} {_plain(s.title)}\n\n"
            f"{_('Signature and seal')}: {line}\n\n{_('Date')}: {line}"
            for s in signatories
        ]
    text = "\n\n".join([intro, *places])
    return pdf_of(text, title=title, facts=[f for f in facts if f[1]])


def _party(signatory: Signatory) -> str:
    unit = signatory.organisation
    return unit.name_zh if unit else signatory.party_name


def _plain(text: str) -> str:
    """``text`` with what Markdown would read as marks taken as letters."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#+-!|$^~@" else letter for letter in text)
