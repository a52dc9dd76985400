"""The paper of a certificate: a PDF in both languages with its code, one or many."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from silian.kernel.documents.services import drawn, sheet_of
from silian.kernel.files import services as files
from silian.talent.credentials.models import Certificate
from silian.talent.verification.services import code_of

LAYOUT = Path(__file__).parent / "typesetting" / "certificate.typ"


def paper_of(certificates: Iterable[Certificate]) -> bytes:
    """One PDF with a page for each of ``certificates``."""
    rows = list(certificates)
    pictures = {_picture(row): files.read(row.photo) for row in rows if row.photo}
    said = {"papers": [_said(row) for row in rows], "check": _address()}
    return sheet_of(LAYOUT, said, pictures=pictures)


def _address() -> str:
    return f"{settings.SITE_URL}{reverse('verification:check')}"


def _picture(certificate: Certificate) -> str:
    photo = certificate.photo
    return f"{photo.pk}.{photo.name.rsplit('.', 1)[-1].lower()}" if photo else ""


def _said(certificate: Certificate) -> dict[str, object]:
    kind = certificate.kind
    copy = certificate.copies.last()
    with override("en"):
        english = _facts(certificate)
    with override("zh-hans"):
        chinese = _facts(certificate)
    pairs = zip(chinese, english, strict=True)
    return {
        "title": [kind.title_zh, kind.title_en],
        "name": certificate.name,
        "about": [kind.about_zh, kind.about_en],
        "facts": [[zh[0], en[0], zh[1], en[1]] for zh, en in pairs],
        "issuer": [kind.issuer.name_zh, kind.issuer.name_en],
        "signer": kind.signer,
        "on": _day(certificate, "zh-hans"),
        "qr": drawn(code_of(certificate)),
        "photo": _picture(certificate),
        "version": certificate.version,
        "copy": copy.on.isoformat() if copy else "",
    }


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    """Labelled facts in the language that is active; the same ones in both."""
    return [(label, text) for label, text, there in _all_facts(certificate) if there]


def _all_facts(certificate: Certificate) -> Iterator[tuple[str, str, bool]]:
    kind, occupation = certificate.kind, certificate.kind.occupation
    until = certificate.expires_on
    masked = certificate.person.id_masked if kind.shows_number else ""
    yield _("Number"), certificate.number, True
    yield _("Occupation"), occupation.name if occupation else "", bool(occupation)
    yield _("Level reached"), certificate.level_name, bool(certificate.level)
    yield _("Class hours"), f"{certificate.hours or ''}", bool(certificate.hours)
    yield _("Contest or occasion"), certificate.event, bool(certificate.event_zh)
    yield _("ID card number"), masked, bool(masked)
    yield _("Earned on"), formats.date_format(certificate.earned_on), True
    yield _("Valid until"), formats.date_format(until) if until else "", bool(until)


def _day(certificate: Certificate, language: str) -> str:
    with override(language):
        return str(formats.date_format(certificate.issued_on))
