"""Plans and course standards of the demo at every stage, with who wrote, said and asked what."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from silian.demo.cast.founding import Founded
from silian.demo.teaching.reviews import finish, found_committee
from silian.demo.teaching.story import Story
from silian.education.authoring.models import Comment, Contributor, Revision
from silian.education.programmes.models import Programme
from silian.education.reviewing.models import Reviewer
from silian.education.standards.models import (
    ChangeRequest,
    Edition,
    Section,
    Standard,
    Taught,
    Unit,
)
from silian.education.standards.sections import shipped
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User

FACTS = tomllib.loads((Path(__file__).parent / "data" / "standards.toml").read_text())
State = Edition.State
# What each stage of a story leaves behind, the first edition first: state, days since it began.
STAGES: dict[str, list[tuple[str, int]]] = {
    "force": [(State.PUBLISHED, 320)],
    "second": [(State.REPLACED, 560), (State.PUBLISHED, 170)],
    "revised": [(State.PUBLISHED, 400), (State.DRAFT, 24)],
    "review": [(State.REVIEW, 40)],
    "approved": [(State.APPROVED, 70)],
    "draft": [(State.DRAFT, 18)],
}
UNIT = ("title_zh", "title_en", "theory_hours", "practice_hours", "credits")


def add_standards(body: Founded, today: date) -> None:
    """The standards that the data names for this body."""
    mine = [fact for fact in FACTS["standard"] if fact["body"] == body.consortium.slug]
    story = begin(body, today)
    told = [(add_standard(story, fact), fact) for fact in mine]
    for number in (1, 2):  # an edition begins when the one before it is out
        for place, (standard, fact) in enumerate(told):
            if number <= len(STAGES[fact["stage"]]):
                add_edition(story, standard, fact, number, firm=story.firms[place % 2])
        write(story)
    for place, (standard, fact) in enumerate(told):
        for asked in fact.get("requests", []):
            add_request(story, standard, story.firms[5 - place % 2], asked)


def begin(body: Founded, today: date) -> Story:
    firms = body.of_kind("enterprise")[:6]
    units = [*firms, *(unit for unit in body.units if unit.is_school)]
    roles = Role.objects.filter(kind=Role.Kind.MANAGER, organisation__in=units)
    people = {role.organisation_id: role.user for role in roles.select_related("user")}
    committee, reviewers = found_committee(body, firms, people, today)
    skills = {skill.name_zh: skill for skill in Skill.objects.all()}
    return Story(body, today, skills, firms, people, committee, reviewers)


def add_standard(story: Story, fact: dict[str, Any]) -> Standard:
    programme = Programme.objects.select_related("school").get(
        school__name_zh=fact["school"], name_zh=fact["programme"]
    )
    return Standard.objects.create(
        consortium=story.body.consortium,
        programme=programme,
        kind=fact.get("kind", Standard.Kind.COURSE),
        title_zh=fact["title_zh"],
        title_en=fact["title_en"],
    )


def add_edition(
    story: Story, standard: Standard, fact: dict[str, Any], number: int, *, firm: Organisation
) -> None:
    """The latest says all that the data says; one before it lacks the last unit and a goal."""
    stages = STAGES[fact["stage"]]
    last, (state, ago) = number == len(stages), stages[number - 1]
    rows = units_of(standard, fact)[: None if last else -1]
    edition = Edition.objects.create(
        standard=standard,
        number=number,
        aims=fact["aims"] if last else "首版",
        hours=sum(row["theory_hours"] + row["practice_hours"] for row in rows),
        credits=sum(row["credits"] for row in rows),
    )
    add_sections(story, edition, fact, whole=last)
    for order, row in enumerate(rows, start=1):
        add_unit(story, edition, dict(row), order)
    add_people(story, edition, fact, firm, ago)
    finish(story, edition, state, ago)
    for said in fact.get("comments", []) if last else []:
        add_comment(story, edition, firm, said, ago - 4)


def add_sections(story: Story, edition: Edition, fact: dict[str, Any], *, whole: bool) -> None:
    plan = edition.standard.kind == Standard.Kind.PLAN
    texts = FACTS["plan"]["sections"] if plan else fact["sections"]
    author = story.people[edition.standard.programme.school_id]
    for kind in shipped()[edition.standard.kind]:
        text = texts.get(kind.key, "").strip()
        for word in ("focus", "work") if plan else ():
            text = text.replace(f"%({word})s", fact[word])
        if not whole and kind.key in ("goals", "profile"):
            text = text.rsplit("\n", 1)[0]
        facts: dict[str, Any] = {"version": 1, "by": author, "at": story.at(30)}
        story.sections.append(Section(edition=edition, kind=kind.key, text=text, **facts))


def units_of(standard: Standard, fact: dict[str, Any]) -> list[dict[str, Any]]:
    """The units of a course, or the courses of a plan: general, professional, practice."""
    own = [unit_of(row["unit"][:5], skills=row["unit"][5]) for row in fact["units"]]
    if standard.kind == Standard.Kind.COURSE:
        return own
    plan, part = FACTS["plan"], Unit.Part
    rows = [unit_of(row[:5], part=part.GENERAL, term=row[5]) for row in plan["general"]]
    rows += [row | {"part": part.PROFESSIONAL, "term": 2 + n // 3} for n, row in enumerate(own)]
    rows += [unit_of(row[:5], part=row[6], term=row[5], elective=True) for row in plan["electives"]]
    return rows + [unit_of(row[:5], part=part.PRACTICE, term=row[5]) for row in plan["practice"]]


def unit_of(values: list[Any], **more: Any) -> dict[str, Any]:
    return dict(zip(UNIT, values, strict=True)) | {"skills": {}} | more


def add_unit(story: Story, edition: Edition, row: dict[str, Any], order: int) -> None:
    skills = row.pop("skills")
    unit = Unit(edition=edition, order=order, line=line_of(edition, row["title_zh"]), **row)
    story.units.append(unit)
    story.taught += [
        Taught(unit=unit, skill=story.skills[name], level=level) for name, level in skills.items()
    ]


def line_of(edition: Edition, title: str) -> UUID:
    """The same for a unit in every edition of its standard."""
    return uuid5(NAMESPACE_URL, f"{edition.standard_id} {title}")


def add_people(
    story: Story, edition: Edition, fact: dict[str, Any], firm: Organisation, ago: int
) -> None:
    """The school leads, a firm writes with it, another one comments."""
    school, other = edition.standard.programme.school, story.firms[5]
    author, mentor = story.people[school.pk], story.people[firm.pk]
    part = Contributor.Part
    rows: list[tuple[Organisation, User | None, str, dict[str, Any]]] = [
        (school, author, part.LEAD, {"edits": 7, "named": True}),
        (firm, None, part.WRITER, {"stated": fact["partner"]}),
        (firm, mentor, part.WRITER, {"edits": 3, "comments": 2, "named": ago % 2 == 0}),
        (other, None, part.ADVISER, {"stated": "从用人角度提出意见"}),
    ]
    story.contributors += [
        Contributor(edition=edition, organisation=unit, user=user, part=how, **more)
        for unit, user, how, more in rows
    ]


def add_comment(
    story: Story, edition: Edition, firm: Organisation, said: dict[str, Any], ago: int
) -> None:
    settled: dict[str, Any] = {}
    if outcome := said.get("outcome"):
        author = story.people[edition.standard.programme.school_id]
        settled = {"outcome": outcome, "answer": said.get("answer", ""), "settled_by": author}
        settled["settled_at"] = story.at(max(ago - 3, 1))
    facts = {name: said.get(name, "") for name in ("section", "quote", "text")}
    story.comments.append(
        Comment(
            edition=edition,
            organisation=firm,
            by=story.people[firm.pk],
            at=story.at(ago),
            **facts,
            **settled,
        )
    )


def add_request(
    story: Story, standard: Standard, firm: Organisation, asked: dict[str, Any]
) -> None:
    facts: dict[str, Any] = {}
    if answer := asked.get("adopted"):
        edition = standard.editions.order_by("-number").first()
        facts = {"state": ChangeRequest.State.ADOPTED, "adopted_in": edition, "answer": answer}
    elif answer := asked.get("declined"):
        facts = {"state": ChangeRequest.State.DECLINED, "answer": answer}
    ChangeRequest.objects.create(
        standard=standard,
        organisation=firm,
        by=story.people[firm.pk],
        skill=story.skills.get(asked.get("skill", "")),
        text=asked["text"],
        evidence={"lines": asked["lines"]} if "lines" in asked else {},
        at=story.at(60 if facts else 9),
        **facts,
    )


def write(story: Story) -> None:
    """What belongs to drafts goes in while they are drafts; then they take their state."""
    Section.objects.bulk_create(story.sections)
    out = {edition.pk for edition in story.ends}
    Revision.objects.bulk_create(
        Revision(
            section=section,
            number=1,
            text=section.text,
            organisation=section.edition.standard.programme.school,
            by=section.by,
            at=section.at,
        )
        for section in story.sections
        if section.edition_id not in out
    )
    Unit.objects.bulk_create(story.units)
    Taught.objects.bulk_create(story.taught)
    Contributor.objects.bulk_create(story.contributors)
    Comment.objects.bulk_create(story.comments)
    Reviewer.objects.bulk_create(story.opinions)
    columns = ["state", "approved_as", "approved_on", "published_on"]
    Edition.objects.bulk_update(story.ends, columns)
    for rows in story.waiting():
        rows.clear()
