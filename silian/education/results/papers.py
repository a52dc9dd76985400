"""The list of results on paper, to be signed and filed."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from silian.education.results.lines import RESULTS, Line, said
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import part_names
from silian.education.skillappraisals.models import Appraisal
from silian.engines.passing import Result
from silian.kernel.documents.services import grid, pdf_of
from silian.kernel.ui import formats


def list_of(appraisal: Appraisal, lines: Iterable[Line]) -> bytes:
    parts = part_names(appraisal.terms)
    heads = [_("number of the entry"), _("full name"), *(str(PartKind(n).label) for n in parts)]
    rows = [
        [
            line.entry.number,
            str(line.entry.person),
            *(said(line.parts.get(name)) for name in parts),
            str(RESULTS[Result(line.result)][0]),
        ]
        for line in lines
    ]
    signed = " ".join(
        f"{who}: ________________"
        for who in (_("Compiled by"), _("Checked by"), _("Head of the assessment body"))
    )
    facts = [
        (_("plan number"), appraisal.number),
        (_("occupation"), appraisal.occupation.name),
        (_("skill level"), appraisal.get_level_display()),
        (_("assessment body"), appraisal.organiser.name),
        (_("exam on"), str(formats.readable(appraisal.exam_on))),
    ]
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return pdf_of(
        f"{grid([*heads, _('result')], rows)}\n\n{signed}",
        title=_("Results: %(appraisal)s") % {"appraisal": appraisal.title},
        language=language,
        facts=facts,
    )
