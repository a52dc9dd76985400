"""Which examiner may judge what, and whose team is too small for a candidate.

Whoever shows or counts scores asks here: an examiner who must not judge a candidate is left out
for that candidate, and the others of the station are enough (readiness).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from silian.education.examiners.models import Examiner
from silian.education.examiners.policy import may_examine, may_face
from silian.education.practicals.models import Entrant, Practical, Station
from silian.kernel.verdicts import Verdict

Barred = dict[int, dict[int, str]]  # by candidate, then by examiner: why


def days_of(practical: Practical) -> tuple[date, date]:
    """The day of the first turn and that of the last."""
    rows = practical.stations.aggregate(last=Max("turns__during__endswith"))
    last = rows["last"] or practical.begins_at
    return localtime(practical.begins_at).date(), localtime(max(last, practical.begins_at)).date()


def may_judge(examiner: Examiner, practical: Practical, entrant: Entrant | None = None) -> Verdict:
    """May ``examiner`` judge in this exam at all, and this candidate?"""
    fit = _fit(examiner, practical, days_of(practical), _taking(practical))
    return fit and _apart(examiner, entrant)


def _taking(practical: Practical) -> set[int]:
    """Accounts of those who take this exam."""
    known = practical.entrants.filter(person__user__isnull=False)
    return set(known.values_list("person__user", flat=True))


def _fit(
    examiner: Examiner, practical: Practical, days: tuple[date, date], taking: set[int]
) -> Verdict:
    if examiner.user_id in taking:
        return Verdict(_("They take this exam themselves."))
    verdicts = (
        may_examine(examiner, practical.occupation, practical.level, on=day) for day in days
    )
    return next((verdict for verdict in verdicts if not verdict), Verdict())


def _apart(examiner: Examiner, entrant: Entrant | None) -> Verdict:
    return may_face(examiner, entrant.person, entrant.organisation_id) if entrant else Verdict()


def unfit(practical: Practical, examiners: Iterable[Examiner]) -> dict[int, str]:
    """By examiner: who must not judge in this exam, and why. They come with their cards."""
    days, taking = days_of(practical), _taking(practical)
    found = {one: _fit(one, practical, days, taking) for one in examiners}
    return {
        one.pk: _("%(name)s: %(reason)s") % {"name": one, "reason": verdict.reason}
        for one, verdict in found.items()
        if not verdict
    }


def barred(practical: Practical, station: Station | None = None) -> Barred:
    """Which examiners must not judge which candidates, in the whole exam or at one station."""
    stations = [station] if station else practical.stations.all()
    rows = Examiner.objects.filter(stations__station__in=stations).distinct()
    examiners = list(rows.prefetch_related("relations"))
    found: Barred = defaultdict(dict)
    for entrant in practical.entrants.select_related("person"):
        for examiner in examiners:
            verdict = _apart(examiner, entrant)
            if not verdict:
                found[entrant.pk][examiner.pk] = verdict.reason
    return dict(found)


def judges_of(station: Station, entrant: Entrant) -> list[Examiner]:
    """Who of a station's team judges this candidate, the chief first."""
    panel = station.panel.select_related("examiner").prefetch_related("examiner__relations")
    return [one.examiner for one in panel if _apart(one.examiner, entrant)]
