"""What of a practical exam is printed as a PDF: tickets, and score sheets to be filled in."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from silian.education.practicals.models import Criterion, Entrant, Station
from silian.kernel.documents.services import grid, pdf_of
from silian.kernel.ui.formats import moment, number


def address_of(entrant: Entrant) -> str:
    """What the code on a ticket leads to: the page on which the office checks who comes."""
    keys = [entrant.practical.consortium, entrant.practical_id, entrant.pk]
    return f"{settings.SITE_URL}{reverse('turns:entrant_detail', args=keys)}"


def ticket_of(entrant: Entrant) -> bytes:
    """One ticket in the reader's language, with all turns."""
    practical = entrant.practical
    facts = [
        (_("full name"), str(entrant.person)),
        (_("ID card number"), entrant.person.id_masked),
        (_("ticket number"), entrant.number),
        (_("number drawn"), str(entrant.draw or "")),
        (_("skill level"), f"{practical.occupation.name} · {practical.get_level_display()}"),
        (_("first turn begins"), moment(practical.begins_at)),
    ]
    heads = [_("begins"), _("minutes to work"), _("station"), _("place"), _("desk")]
    turns = entrant.turns.select_related("station")
    rows = [
        (moment(t.during.lower), t.station.minutes, t.station.name, t.station.place, t.desk)
        for t in turns
    ]
    bring = _("Bring your identity card and this ticket. At the stations only your number counts.")
    return pdf_of(
        f"{grid(heads, rows)}\n\n{practical.rules}\n\n{bring}",
        title=_("Admission ticket: %(exam)s") % {"exam": practical.title},
        language=_language(),
        facts=facts,
        qr=address_of(entrant),
    )


def score_sheet(station: Station) -> bytes:
    """The rubric of a station with room for what an examiner writes; no name, no number."""
    practical = station.practical
    heads = [
        _("No."),
        _("criterion"),
        _("kind"),
        _("points it is worth"),
        _("measured"),
        _("scored"),
    ]
    rows = [
        (n, _wording(one), one.get_kind_display(), number(one.points), one.unit, "")
        for n, one in enumerate(station.criteria.all(), start=1)
    ]
    signed = [(label, "") for label in (_("examiner"), _("chief examiner"), _("date"))]
    return pdf_of(
        f"{grid(heads, rows)}\n\n{grid([_('Signed by'), _('signature')], signed)}",
        title=_("Score sheet: %(station)s") % {"station": station.name},
        language=_language(),
        facts=[
            (_("practical exam"), practical.title),
            (_("place"), station.place),
            (_("minutes to work"), str(station.minutes)),
            (_("number drawn"), "＿＿＿＿＿＿"),
        ],
    )


def _wording(criterion: Criterion) -> str:
    """With its tolerance, and a mark where failing it fails the exam."""
    text = criterion.name
    if criterion.kind == Criterion.Kind.MEASURED:
        above, below = number(criterion.above or 0), number(criterion.below or 0)
        nominal = number(criterion.nominal or 0)
        text = f"{text}: {nominal} (+{above} / −{below}) {criterion.unit}"
    return f"★ {text}" if criterion.critical else text


def _language() -> str:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"
