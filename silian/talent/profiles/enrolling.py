"""A school's sheet compared with what is known: who is new, who changed, who is missing, and
which rows cannot be right. The dry run shows it, the import does it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.kernel import vault
from silian.kernel.persons.identity import holders_of, may_be_one, same_name
from silian.kernel.persons.models import Person
from silian.talent.profiles.models import Student

GUARDIAN = "guardian_name guardian_phone guardian_email".split()


@dataclass
class Match:
    """One row of the sheet with the student and the people it may be about."""

    row: Mapping[str, Any]
    student: Student | None  # who has this number, or had another one at this school before
    holder: Person | None  # who has the identity number, as far as the school knows
    doubt: Person | None = None  # who has it elsewhere and cannot be taken for this student


@dataclass
class Comparison:
    """What a sheet means for a school."""

    matches: list[Match] = field(default_factory=list)
    missing: int = 0  # enrolled here, and not in the sheet

    @property
    def new(self) -> int:
        return sum(match.student is None for match in self.matches)

    @property
    def known(self) -> int:
        return len(self.matches) - self.new


def compare(rows: Sequence[Mapping[str, Any]], school: Organisation) -> Comparison:
    """Find for each row the student and the holder of the identity number."""
    students = list(school.students.select_related("person"))
    by_number = {student.number: student for student in students}
    in_sheet = {row["number"] for row in rows}
    renumbered = {
        student.person_id: student
        for student in students
        if student.state == Student.State.ENROLLED and student.number not in in_sheet
    }
    holders = known_numbers(school, (row["id_number"] for row in rows if row.get("id_number")))
    own = {student.person_id for student in students}
    found = Comparison()
    for row in rows:
        holder = holders.get(row.get("id_number") or "")
        student = by_number.get(row["number"])
        if student is None and holder is not None:
            student = renumbered.pop(holder.pk, None)
        person = student.person if student else None
        if holder and holder.pk not in own and not fits(person, holder, row["name"]):
            found.matches.append(Match(row, student, None, doubt=holder))
        else:
            found.matches.append(Match(row, student, holder))
    seen = {match.student.pk for match in found.matches if match.student}
    enrolled = [s for s in students if s.state == Student.State.ENROLLED]
    found.missing = sum(student.pk not in seen for student in enrolled)
    return found


def known_numbers(school: Organisation, numbers: Iterable[str]) -> dict[str, Person]:
    """Who has which number: a student of the school itself before anybody else."""
    doubted = Person.objects.filter(
        enrolments__school=school, id_sealed__isnull=False, id_digest=None
    )
    own = {vault.opened(bytes(person.id_sealed or b"")): person for person in doubted.distinct()}
    return holders_of(numbers) | own


def fits(person: Person | None, holder: Person, name: str) -> bool:
    """Can who has the number be the human being of this name, who may be ``person``?"""
    return same_name(holder.name, name) and (person is None or may_be_one(person, holder))


def faults(found: Comparison) -> Iterator[tuple[int, str, str]]:
    """Index, field and message of each row that cannot be right.

    Nothing tells whether somebody is known elsewhere: only the school's own students can be
    contradicted. Who is in doubt is entered as the school says (models.Doubt).
    """
    seen: set[str] = set()
    for index, match in enumerate(found.matches):
        number = match.row.get("id_number")
        if not number:
            continue
        if number in seen:
            yield index, "id_number", _("Another row has the same ID card number.")
        seen.add(number)
        if message := _fault(match):
            yield index, "id_number", message


def _fault(match: Match) -> str:
    holder = match.holder
    if holder and not same_name(holder.name, match.row["name"]):
        return _("The name does not fit this ID card number. Check both.")
    person = match.student.person if match.student else None
    if person is None:
        return ""
    if holder is None and person.id_sealed:
        return _("This student has another ID card number. Correct it on the student's page.")
    if holder and not may_be_one(person, holder):
        return _("This student number and this ID card number belong to two people.")
    return ""
