"""Who takes part in one body's standards, and the rows that wait to be written."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware

from silian.demo.cast.founding import Founded
from silian.education.authoring.models import Comment, Contributor
from silian.education.reviewing.models import Reviewer
from silian.education.standards.models import Edition, Section, Taught, Unit
from silian.governance.bodies.models import Appointment, Body
from silian.governance.members.models import Organisation
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User


@dataclass
class Story:
    """Who takes part in one body's standards, and the rows that are written at the end."""

    body: Founded
    today: date
    skills: dict[str, Skill]
    firms: list[Organisation]
    people: dict[int | None, User]  # who manages an organisation
    committee: Body
    reviewers: list[Appointment]
    sections: list[Section] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    taught: list[Taught] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    opinions: list[Reviewer] = field(default_factory=list)
    ends: list[Edition] = field(default_factory=list)  # as they stand after their story

    def waiting(self) -> list[list[Any]]:
        """The rows that are not written yet."""
        return [
            *(self.sections, self.units, self.taught, self.contributors),
            *(self.comments, self.opinions, self.ends),
        ]

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def at(self, ago: int, hour: int = 10) -> datetime:
        return make_aware(datetime.combine(self.day(ago), time(hour)))
