"""Marking, deciding, and the certificate of practice."""

from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.documents.services import pdf_of
from silian.kernel.files.content import PDF
from silian.kernel.files.models import StoredFile
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove
from silian.kernel.ui.formats import day
from silian.talent.assessments import policy
from silian.talent.assessments.models import Assessment, Mark
from silian.talent.internships.models import Internship

GRADES = ((90, "excellent"), (75, "good"), (60, "passed"), (0, "failed"))


@transaction.atomic
def mark(internship: Internship, *, by: User, part: str, points: Decimal, remark: str = "") -> Mark:
    """Keep what an assessor gives; a second thought replaces the first."""
    facts = {"points": points, "remark": remark, "at": clock.now()}
    kept, _new = Mark.objects.update_or_create(
        internship=internship, part=part, by=by, defaults=facts
    )
    record(internship, gettext_noop("Marked"), by=by, part=part, points=str(points))
    return kept


@transaction.atomic
def decide(internship: Internship, *, by: User, summary: str = "") -> Assessment:
    """Compute the result by the scheme, and tell the student."""
    held = Internship.objects.select_for_update().get(pk=internship.pk)
    verdict = policy.may_decide(by, held)
    if not verdict:
        raise IllegalMove(verdict.reason)
    working = policy.working_of(held)
    weighed = (Decimal(w["weight"]) * Decimal(w["mean"]) for w in working.values())
    points = (sum(weighed, Decimal()) / 100).quantize(Decimal("0.01"))
    grade = next(name for least, name in GRADES if points >= least)
    assessment = Assessment.objects.create(
        internship=held, points=points, grade=grade, working=working, summary=summary, by=by
    )
    record(internship, gettext_noop("Result decided"), by=by, points=str(points))
    if held.student.user:
        url = f"{internship.get_absolute_url()}assessment/"
        notify(
            [held.student.user], gettext_noop("The result of your internship is there."), url=url
        )
    return assessment


@transaction.atomic
def certificate_of(assessment: Assessment) -> StoredFile:
    """The certificate of practice as PDF; made once, when somebody first asks for it."""
    held = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if held.certificate is None:
        upload = SimpleUploadedFile("实习证明.pdf", certificate(held))
        held.certificate = store(upload, by=None, kinds=frozenset({PDF}))
        held.save(update_fields=["certificate"])
    return held.certificate


def certificate(assessment: Assessment) -> bytes:
    """Who practised what, where, when, and with which result: Chinese."""
    internship = assessment.internship
    student = internship.student
    with override("zh-hans"):
        last = internship.ended_on or internship.ends_on
        facts = [
            (_("student"), student.name),
            (_("student number"), student.number),
            (_("school"), student.school.name_zh),
            (_("programme"), student.programme.name_zh),
            (_("unit"), internship.unit.name_zh),
            (_("post"), internship.post),
            (_("kind"), internship.get_kind_display()),
            (_("period"), f"{day(internship.starts_on)} – {day(last)}"),
            (_("result"), f"{assessment.points} · {assessment.get_grade_display()}"),
        ]
        parts = dict(Mark.Part.choices)
        head = f"| {_('part')} | {_('weight')} | {_('mean of the marks')} |\n| --- | --- | --- |"
        rows = [
            f"| {parts[name]} | {line['weight']}% | {line['mean']} |"
            for name, line in assessment.working.items()
        ]
        text = "\n\n".join(
            filter(None, [internship.tasks, "\n".join([head, *rows]), assessment.summary])
        )
        return pdf_of(text, title=_("Certificate of practice"), facts=facts, on=clock.today())
