"""Admission tickets: who sits where and when, and the code that opens the paper."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from silian.education.sittings.models import Candidate
from silian.kernel.documents.services import pdf_of
from silian.kernel.ui.formats import moment


def address_of(candidate: Candidate) -> str:
    """What the code on a ticket leads to; what follows the # is never sent to a server."""
    return f"{settings.SITE_URL}/sit/#n={candidate.number}&c={candidate.code}"


def paper_of(candidate: Candidate) -> bytes:
    """One ticket as a PDF, in the reader's language."""
    exam, room = candidate.exam, candidate.room
    facts = [
        (_("full name"), str(candidate.person)),
        (_("ID card number"), candidate.person.id_masked),
        (_("ticket number"), candidate.number),
        (_("Code on the ticket"), candidate.code),
        (_("opens"), moment(exam.opens_at)),
        (_("minutes to answer"), str(exam.minutes)),
        (_("exam room"), f"{room} {room.place}".strip() if room else ""),
        (_("seat number"), str(candidate.seat or "")),
    ]
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    bring = _("Bring your identity card and this ticket. Show the code to nobody.")
    return pdf_of(
        f"{exam.rules}\n\n{bring}",
        title=_("Admission ticket: %(exam)s") % {"exam": exam.title},
        language=language,
        facts=facts,
        qr=address_of(candidate),
    )
