"""The committee that reviews the demo's standards, and what it and the schools decided."""

from datetime import date, timedelta
from typing import Any

from silian.demo.cast.founding import Founded
from silian.demo.teaching.story import Story
from silian.education.reviewing.models import Review, Reviewer
from silian.education.rulebook.rules import quorum_of
from silian.education.standards.models import Edition
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodykinds.models import Kind
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User

COMMITTEE = "课程建设专业教学指导委员会"
State = Edition.State
OPINIONS = [
    ("agree", "内容与岗位要求对应,学时安排合理,同意。"),
    ("agree", "企业参与实质,实践比重适当,建议按期修订。"),
    ("changes", "建议把考核标准中企业评分的部分写得再细一些。"),
    ("agree", "单元次序符合学习规律,同意通过。"),
    ("agree", "与现行行业标准一致,同意。"),
]


def found_committee(
    body: Founded, firms: list[Organisation], people: dict[int | None, User], today: date
) -> tuple[Body, list[Appointment]]:
    """Three people of firms, one of a school, and the expert: all with accounts."""
    school = next(unit for unit in body.units if unit.is_school)
    kind = Kind.objects.get(code="specialty_committee")
    founded = max(body.day, today - timedelta(days=700))
    committee = Body.objects.create(
        consortium=body.consortium,
        kind=kind,
        name_zh=COMMITTEE,
        name_en="Specialty teaching committee for courses",
        host=school,
        state=Body.State.RUNNING,
        founded_on=founded,
        expires_on=today + timedelta(days=500),
        answers={"programmes": "各成员院校参与共建的专业", "industry_share": 60},
    )
    roles = {role.name_zh: role for role in kind.roles.all()}
    expert = User.objects.get(username=f"expert.{body.consortium.slug}")
    others = [unit for unit in body.units if unit.is_school][1:2] or [school]
    seats = [("主任", expert, None), *(("委员", people[u.pk], u) for u in [*firms[2:5], *others])]
    rows = [
        Appointment(
            body=committee,
            role=roles[name],
            sole=roles[name].sole,
            name=person.name,
            user=person,
            organisation=unit,
            unit="" if unit else "行业专家",
            start=founded,
            end=committee.expires_on,
        )
        for name, person, unit in seats
    ]
    return committee, Appointment.objects.bulk_create(rows)


def finish(story: Story, edition: Edition, state: str, ago: int) -> None:
    """What the committee and the school did, and how the edition stands now."""
    facts: dict[str, Any] = {}
    if state == State.DRAFT:
        return
    review = add_review(story, edition, ago, open_now=state == State.REVIEW)
    if state != State.REVIEW:
        year = review.handed_in_at.year
        facts = {
            "approved_on": story.day(ago - 40),
            "approved_as": f"教〔{year}〕{edition.pk % 90 + 6}号",
        }
    if state in Edition.PUBLIC:
        facts["published_on"] = story.day(ago - 45)
    kept = {
        name: getattr(edition, name) for name in ("standard", "number", "aims", "hours", "credits")
    }
    story.ends.append(Edition(pk=edition.pk, state=state, **(kept | facts)))


def add_review(story: Story, edition: Edition, ago: int, *, open_now: bool) -> Review:
    """Five reviewers; one who belongs to the writing firm does not take part."""
    writers = {row.user_id for row in story.contributors if row.edition_id == edition.pk}
    avoiding = {one.pk for one in story.reviewers if one.user_id in writers}
    speaking = [one for one in story.reviewers if one.pk not in avoiding]
    given = speaking[:2] if open_now else speaking
    views = [OPINIONS[n % len(OPINIONS)] for n in range(len(given))]
    counts = {view: sum(said == view for said, _why in views) for view in Reviewer.View.values}
    handed_in = 6 if open_now else ago - 25
    ended: dict[str, Any] = {}
    if not open_now:
        ended = {"state": Review.State.PASSED, "ended_at": story.at(handed_in - 9)}
        ended["counts"] = counts | {"given": len(given)}
    review = Review.objects.create(
        edition=edition,
        body=story.committee,
        note="请重点审议考核方式和企业参与的安排。",
        quorum=quorum_of(story.body.consortium, len(speaking)),
        due_on=story.day(handed_in - 14),
        handed_in_by=story.people[edition.standard.programme.school_id],
        handed_in_at=story.at(handed_in),
        **ended,
    )
    said = dict(zip((one.pk for one in given), views, strict=True))
    for one in story.reviewers:
        facts: dict[str, Any] = {}
        if one.pk in said:
            view, reason = said[one.pk]
            facts = {"view": view, "reason": reason, "by": one.user}
            facts["at"] = story.at(handed_in - 4)
        story.opinions.append(
            Reviewer(review=review, appointment=one, avoids=one.pk in avoiding, **facts)
        )
    return review
