"""What trainings and exams hold on a person, and what is seen of them on their pages.

They are kept below, in ``education``, which knows nothing of records.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from silian.education.answering.models import Attempt
from silian.education.coursework.models import Submission
from silian.education.enrolments.models import Enrolment
from silian.education.examiners.models import Relation
from silian.education.marking.models import Answer, Marking
from silian.education.practicals.models import Entrant, Practical
from silian.education.schemes.levels import PartKind
from silian.education.scoresheets.scores import practical_breakdown
from silian.education.sittings.models import Candidate
from silian.education.skillappraisals.models import Entry
from silian.kernel.persons.models import Person
from silian.kernel.ui.formats import readable
from silian.talent.profiles.sightings import pages
from silian.talent.records.holdings import Holding, Row, register

for training in "courses enrolments fees rollcalls coursework completions needs".split():
    pages[training] = gettext_noop("My training")
for exam in "sittings answering marking marksheets".split():
    pages[exam] = gettext_noop("An exam of mine")
for appraisal in "skillappraisals panels results".split():
    pages[appraisal] = gettext_noop("An appraisal of my skills")
for practical in "practicals rubrics turns".split():
    pages[practical] = gettext_noop("A practical exam of mine")
pages["examiners"] = gettext_noop("Who does not judge me")


def trainings_of(person: Person) -> Iterator[Row]:
    """Enrolments, with what was attended, paid and completed."""
    rows = Enrolment.objects.filter(person=person).select_related(
        "session__course", "organisation", "completion"
    )
    for one in rows.prefetch_related("marks__lesson", "submissions__task"):
        done = getattr(one, "completion", None)
        yield _said(
            {
                _("course"): one.session.course.title,
                _("enrolled by"): one.organisation.name if one.organisation else "",
                _("who pays"): one.get_payer_display(),
                _("price"): one.price,
                _("state"): one.get_state_display(),
                _("completed on"): done.completed_on if done else None,
                _("hours attended"): done.hours if done else None,
            }
            | {f"{mark.lesson}": mark.get_was_display() for mark in one.marks.all()}
            | {f"{_('homework')} {work.task}": _work(work) for work in one.submissions.all()}
        )


def _work(submission: Submission) -> str:
    said = [submission.text, submission.get_state_display(), submission.marks, submission.remark]
    return " · ".join(str(part) for part in said if part not in ("", None))


def receipts_of(person: Person) -> Iterator[Row]:
    for one in person.training_receipts.all():
        yield _said({_("number"): one.number, _("amount"): one.amount, _("paid on"): one.paid_on})


def exams_of(person: Person) -> Iterator[Row]:
    """Where and when somebody was to sit, and every answer as they wrote it."""
    rows = Candidate.objects.filter(person=person).select_related("exam", "room")
    for one in rows:
        attempt = Attempt.objects.filter(candidate=one).first()
        facts = {
            _("exam"): one.exam.title,
            _("ticket number"): one.number,
            _("exam room"): one.room.name if one.room else "",
            _("seat number"): one.seat,
            _("identity checked"): one.admitted_at,
            _("started"): attempt.started_at if attempt else None,
            _("how it ended"): attempt.get_end_display() if attempt else "",
        }
        lines = attempt.lines.order_by("opening", "number") if attempt else ()
        facts |= {f"{_('Item')} {line.item}": line.response for line in lines}
        yield _said(facts | _points(one))


def _points(candidate: Candidate) -> dict[str, object]:
    """What each answer is worth once all is marked, and what was corrected."""
    rows = Answer.objects.filter(
        sheet__attempt__candidate=candidate, sheet__marking__state=Marking.State.COMPLETE
    ).select_related("question")
    facts: dict[str, object] = {}
    for answer in rows.order_by("question__place").prefetch_related("corrections"):
        name = f"{_('points given')} {answer.question.item}"
        facts[name] = f"{answer.points:f} / {answer.worth:f}"
        for one in answer.corrections.all():
            facts[f"{name}, {readable(one.at)}"] = f"{one.was} → {one.points}: {one.why}"
    return facts


def appraisals_of(person: Person) -> Iterator[Row]:
    """What somebody entered for, every version of the result, and appeals with their answers."""
    rows = Entry.objects.filter(person=person).select_related("appraisal", "organisation")
    for one in rows.prefetch_related("outcomes__appeals", "exemptions"):
        yield _said(
            {
                _("skill level appraisal"): one.appraisal.title,
                _("number of the entry"): one.number,
                _("entered for"): one.organisation.name if one.organisation else "",
                _("why you may enter"): one.grounds,
                _("state"): one.get_state_display(),
            }
        )
        for outcome in one.outcomes.all():
            result: dict[str, object] = {
                _("result"): outcome.get_result_display(),
                _("version"): outcome.version,
                _("published"): outcome.at,
            }
            points = {str(PartKind(it["part"]).label): it["points"] for it in outcome.parts}
            yield _said(result | points)
            for appeal in outcome.appeals.all():
                yield _said({_("what is wrong"): appeal.text, _("answer"): appeal.answer})


def practicals_of(person: Person) -> Iterator[Row]:
    """Where and when somebody was to work."""
    rows = Entrant.objects.filter(person=person).select_related("practical", "organisation")
    for one in rows.prefetch_related("turns__station"):
        turns = {turn.station.name: turn.during.lower for turn in one.turns.all()}
        yield _said(
            {
                _("practical exam"): one.practical.title,
                _("ticket number"): one.number,
                _("entered for"): one.organisation.name if one.organisation else "",
                _("number drawn"): one.draw,
                _("identity checked"): one.admitted_at,
            }
            | turns
        )


def judged_of(person: Person) -> Iterator[Row]:
    """What practical exams that are over came to, station by station."""
    over = Practical.objects.filter(entrants__person=person, state=Practical.State.CLOSED)
    for practical in over:
        parts = practical_breakdown(practical, person.pk)
        facts: dict[str, object] = {_("practical exam"): practical.title}
        yield _said(facts | {one.turn.station.name: one.points for one in parts})


def relations_of(person: Person) -> Iterator[Row]:
    """Examiners who said that they do not judge this person; not why: that is the examiner's."""
    for one in Relation.objects.filter(person=person).select_related("examiner__user"):
        yield _said({_("examiner"): str(one.examiner), _("when"): one.at})


def _said(facts: Mapping[str, object]) -> Row:
    return {name: str(readable(value)) for name, value in facts.items() if value not in ("", None)}


for held in (
    Holding(
        name="trainings",
        title=gettext_lazy("Trainings"),
        rows=trainings_of,
        stays=gettext_lazy("Who was trained, and who paid, is accounted for to those who fund it."),
    ),
    Holding(
        name="training_receipts",
        title=gettext_lazy("Receipts of trainings"),
        rows=receipts_of,
        stays=gettext_lazy("Books are kept as long as the law asks."),
    ),
    Holding(
        name="exams",
        title=gettext_lazy("Exams"),
        rows=exams_of,
        stays=gettext_lazy("Papers and answers are the evidence of a certificate."),
    ),
    Holding(
        name="appraisals",
        title=gettext_lazy("Skill level appraisals"),
        rows=appraisals_of,
        stays=gettext_lazy("Results are the evidence of a certificate."),
    ),
    Holding(
        name="practical_exams",
        title=gettext_lazy("Practical exams"),
        rows=practicals_of,
        stays=gettext_lazy("Papers and answers are the evidence of a certificate."),
    ),
    Holding(
        name="practical_points",
        title=gettext_lazy("Points in practical exams"),
        rows=judged_of,
        stays=gettext_lazy("Papers and answers are the evidence of a certificate."),
    ),
    Holding(
        name="examiners_relations",
        title=gettext_lazy("Examiners who do not judge me"),
        rows=relations_of,
        stays=gettext_lazy("Whoever judged had to be impartial, and that must stay provable."),
    ),
):
    register(held)
