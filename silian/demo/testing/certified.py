"""The certificates that came of the demo's final appraisal, by a batch as they come about."""

from datetime import datetime, time

from django.utils.timezone import get_default_timezone

from silian.education.results.services import source_of
from silian.education.skillappraisals.models import Appraisal
from silian.kernel.accounts.models import User
from silian.talent.credentials.models import Certificate
from silian.talent.issuing.models import Achievement, Batch, Candidate


def certified(last: Certificate) -> list[Certificate]:
    """The certificates of that kind, level and day."""
    rows = last.kind.certificates.filter(
        level=last.level, earned_on=last.earned_on, version=1, state=last.state
    )
    found = {one.person_id: one for one in rows.select_related("person").order_by("pk")}
    return list(found.values())


def add_certified(appraisal: Appraisal, last: Certificate, clerk: User) -> None:
    """What was earned, and the batch that made certificates of it."""
    batch = Batch.objects.create(
        consortium=appraisal.consortium,
        kind=last.kind,
        title_zh=f"{appraisal.title_zh}证书",
        by=clerk,
        drafted_at=datetime.combine(appraisal.exam_on, time(9), get_default_timezone()),
        state=Batch.State.ISSUED,
        issued_by=last.issued_by,
        issued_on=last.issued_on,
    )
    by_person = {one.person_id: one for one in certified(last)}
    earned = Achievement.objects.bulk_create(
        Achievement(
            source=source_of(entry),
            family="skill_level",
            consortium=appraisal.consortium,
            issuer=appraisal.organiser,
            person_id=entry.person_id,
            title_zh=appraisal.title_zh,
            title_en=appraisal.title_en,
            on=appraisal.exam_on,
            occupation=appraisal.occupation,
            level=appraisal.level,
        )
        for entry in appraisal.entries.filter(person__in=by_person)
    )
    Candidate.objects.bulk_create(
        Candidate(
            batch=batch,
            person_id=one.person_id,
            family=one.family,
            level=one.level,
            on=one.on,
            achievement=one,
            certificate=by_person[one.person_id],
        )
        for one in earned
    )
