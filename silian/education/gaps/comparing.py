"""Gathering what is compared, and comparing it again from what a snapshot kept."""

import hashlib
import json
from typing import Any

from django.db.models import Q, QuerySet

from silian.education.programmes.models import Programme
from silian.education.standards.models import Edition, Standard, Taught
from silian.engines.gaps import LEAST_HOURS, Asked, Gap, Given, compare
from silian.governance.consortia.models import Consortium
from silian.industry.demand.models import Position, SkillNeed

Inputs = dict[str, Any]


def demand_for(programme: Programme, consortium: Consortium) -> QuerySet[Position]:
    """Live positions that name the programme or one of its occupations.

    Live is what is published and what its employer still confirms when asked.
    """
    occupations = programme.occupations.values("pk")
    fits = Q(occupation__in=occupations) | Q(occupation__parent__in=occupations)
    if programme.code_id:
        fits |= Q(
            pk__in=Position.programmes.through.objects.filter(code=programme.code_id).values(
                "position"
            )
        )
    return Position.objects.published().filter(fits, lowered_on=None, consortium=consortium)


def in_force(programme: Programme, consortium: Consortium) -> QuerySet[Edition]:
    return Edition.objects.filter(
        standard__programme=programme,
        standard__consortium=consortium,
        state=Edition.State.PUBLISHED,
    )


def gather(programme: Programme, consortium: Consortium) -> Inputs:
    """Everything the comparison rests on, as plain data that can be kept."""
    needs = SkillNeed.objects.filter(position__in=demand_for(programme, consortium))
    needs = needs.select_related("skill", "position__organisation").order_by("position", "skill")
    taught = Taught.objects.filter(unit__edition__in=in_force(programme, consortium))
    taught = taught.select_related("skill", "unit__edition__standard").order_by("unit", "skill")
    counted = _without_doubles(list(taught))
    skills = {need.skill_id: need.skill for need in needs}
    skills |= {row.skill_id: row.skill for row in counted}
    return {
        "least_hours": LEAST_HOURS,
        "postings": list({need.position_id: _posting(need.position) for need in needs}.values()),
        "units": list({row.unit_id: _unit(row) for row in counted}.values()),
        "needs": [[need.skill_id, need.position_id, need.level] for need in needs],
        "taught": [[row.skill_id, row.unit_id, row.level] for row in counted],
        "skills": {str(key): [s.name_zh, s.name_en] for key, s in sorted(skills.items())},
    }


def _without_doubles(rows: list[Taught]) -> list[Taught]:
    """A plan lists the course whose standard tells the units: hours of both are not added."""
    detailed = {row.skill_id for row in rows if _kind(row) == Standard.Kind.COURSE}
    return [
        row for row in rows if _kind(row) == Standard.Kind.COURSE or row.skill_id not in detailed
    ]


def _kind(row: Taught) -> str:
    return row.unit.edition.standard.kind


def _posting(position: Position) -> dict[str, Any]:
    return {
        "id": position.pk,
        "title_zh": position.title_zh,
        "title_en": position.title_en,
        "organisation_zh": position.organisation.name_zh,
        "organisation_en": position.organisation.name_en,
        "heads": position.places,
        "confirmed_on": str(position.confirmed_on),
    }


def _unit(row: Taught) -> dict[str, Any]:
    unit, edition = row.unit, row.unit.edition
    return {
        "id": unit.pk,
        "title_zh": unit.title_zh,
        "title_en": unit.title_en,
        "standard_id": edition.standard_id,
        "standard_zh": edition.standard.title_zh,
        "standard_en": edition.standard.title_en,
        "edition_id": edition.pk,
        "hours": unit.theory_hours + unit.practice_hours,
    }


def digest_of(inputs: Inputs) -> str:
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def compared(inputs: Inputs) -> Gap:
    """The result that these inputs give, today and whenever they are read again."""
    heads = {posting["id"]: posting["heads"] for posting in inputs["postings"]}
    hours = {unit["id"]: unit["hours"] for unit in inputs["units"]}
    return compare(
        [Asked(skill, key, heads[key], level) for skill, key, level in inputs["needs"]],
        [Given(skill, key, hours[key], level) for skill, key, level in inputs["taught"]],
        least_hours=inputs["least_hours"],
    )
