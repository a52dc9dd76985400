"""What a programme lacks, from demand to the request for change."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.gaps import comparing, policy, services, tasks
from silian.education.gaps.models import Line, Snapshot
from silian.education.programmes.models import Programme
from silian.education.skillmap.tests.factories import (
    make_edition,
    make_programme,
    make_unit,
    publish,
)
from silian.education.standards.models import ChangeRequest
from silian.governance.bodies.tests.factories import make_appointment, make_body
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.services import merge_skill
from silian.industry.occupations.tests.factories import make_skill
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.jobs.models import Job
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db
HOME = "/harbour/gaps/"


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium("harbour")


@pytest.fixture
def programme(consortium: Consortium) -> Programme:
    """It teaches welding well, turning a little and Latin in vain; nobody teaches milling."""
    weld, turn, mill, latin = (make_skill(name) for name in ("焊接", "车削", "铣削", "拉丁语"))
    occupation = make_code()
    programme = make_programme(consortium)
    programme.occupations.add(occupation)
    edition = make_edition(consortium, programme)
    make_unit(edition, skills={weld: 3, latin: 1})
    make_unit(edition, skills={turn: 1}, title_zh="外圆车削")
    publish(edition)
    position = make_position(consortium, occupation=occupation, places=4)
    for skill, level in ((weld, 3), (turn, 2), (mill, 2)):
        SkillNeed.objects.create(position=position, skill=skill, level=level)
    return programme


def compared(programme: Programme, consortium: Consortium) -> Snapshot:
    return services.compare_programme(programme, consortium, by=None)


def outcomes(snapshot: Snapshot) -> dict[str, str]:
    return {line.name_zh: line.outcome for line in snapshot.lines.all()}


def readers(programme: Programme, consortium: Consortium) -> Iterator[User]:
    """Those who keep the programme: school, secretariat, and the specialty committee."""
    yield make_staff(programme.school)
    yield make_secretary(consortium)
    expert = make_user()
    make_appointment(make_body(consortium, "specialty_committee", state="running"), user=expert)
    yield expert


def test_the_four_outcomes_and_their_sources(programme: Programme, consortium: Consortium) -> None:
    snapshot = compared(programme, consortium)
    assert outcomes(snapshot) == {
        "焊接": "covered",
        "车削": "thin",
        "铣削": "missing",
        "拉丁语": "surplus",
    }
    assert snapshot.index == pytest.approx(1 / 3)
    thin = snapshot.lines.get(outcome="thin")
    assert [row["heads"] for row in thin.asking] == [4]
    assert [(row["title"], row["hours"]) for row in thin.teaching] == [("外圆车削", 16)]


def test_only_live_demand_that_fits_counts(programme: Programme, consortium: Consortium) -> None:
    occupation = programme.occupations.get()
    programme.code = make_code(CodeList.Kind.PROGRAMME)
    programme.save()
    named = make_position(consortium)
    named.programmes.add(programme.code)
    below = make_position(consortium, occupation=make_code(parent=occupation))
    today = clock.today()
    asked = today - timedelta(days=20)
    make_position(consortium, occupation=occupation, asked_on=asked, lowered_on=today)
    make_position(consortium, occupation=occupation, state="submitted")
    make_position(make_consortium(), occupation=occupation)
    make_position(consortium)
    found = set(comparing.demand_for(programme, consortium))
    assert {named, below} < found and len(found) == 3


def test_hours_of_a_plan_and_of_its_course_are_not_added(
    programme: Programme, consortium: Consortium
) -> None:
    plan = make_edition(consortium, programme, kind="plan")
    turn = make_skill("刨削")
    course = make_edition(consortium, programme)
    make_unit(plan, skills={turn: 2}, theory_hours=64)
    make_unit(course, skills={turn: 2})
    publish(plan)
    publish(course)
    assert compared(programme, consortium).lines.get(name_zh="刨削").hours == 16


def test_a_snapshot_can_be_computed_again(programme: Programme, consortium: Consortium) -> None:
    snapshot = compared(programme, consortium)
    Position.objects.update(places=90)
    snapshot.refresh_from_db()
    assert comparing.digest_of(snapshot.inputs) == snapshot.digest
    again = {line.skill: line for line in comparing.compared(snapshot.inputs).lines}
    for line in snapshot.lines.all():
        replayed = again[line.number]
        assert (replayed.outcome, replayed.heads) == (line.outcome, line.heads)
    assert services.has_changed(programme, consortium)


def test_a_merge_of_skills_leaves_snapshots_as_they_were(
    programme: Programme, consortium: Consortium
) -> None:
    snapshot = compared(programme, consortium)
    was = outcomes(snapshot)
    weld, turn = (snapshot.lines.get(name_zh=name).skill for name in ("焊接", "车削"))
    merge_skill(turn, into=weld, by=make_user())
    assert outcomes(snapshot) == was
    thin = snapshot.lines.get(outcome="thin")
    assert thin.skill == weld and thin.teaching


def test_one_press_asks_for_a_change_once(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    school = make_staff(programme.school)
    client.force_login(make_secretary(consortium))
    client.post(f"{HOME}programmes/{programme.pk}/compare/")
    snapshot = Snapshot.objects.get()
    missing = snapshot.lines.get(outcome="missing")
    page = f"{HOME}{snapshot.pk}/lines/{missing.pk}/"
    assert "Ask for a change" in client.get(page).text
    client.post(f"{page}request/")
    request = ChangeRequest.objects.get()
    assert request.evidence["digest"] == snapshot.digest
    assert request.evidence["positions"] == [Position.objects.get().pk]
    assert "铣削" in request.text and request.skill == missing.skill
    assert Notice.objects.get(to=school).url == request.get_absolute_url()
    assert request.get_absolute_url() in client.get(page).text
    shown = client.get(request.get_absolute_url()).text
    assert "people wanted" in shown
    assert client.post(f"{page}request/").status_code == 403
    again = compared(programme, consortium).lines.get(outcome="missing")
    with pytest.raises(ValidationError, match="still open"):
        services.request_change(again, by=school)
    assert ChangeRequest.objects.count() == 1
    covered = snapshot.lines.get(outcome="covered")
    assert client.post(f"{HOME}{snapshot.pk}/lines/{covered.pk}/request/").status_code == 403


def test_a_change_goes_to_the_standard_that_teaches_it_or_to_the_plan(
    programme: Programme, consortium: Consortium
) -> None:
    course = programme.standards.get()
    plan = publish(make_edition(consortium, programme, kind="plan")).standard
    snapshot, by = compared(programme, consortium), make_staff(programme.school)
    thin = services.request_change(snapshot.lines.get(outcome="thin"), by=by)
    missing = services.request_change(snapshot.lines.get(outcome="missing"), by=by)
    assert (thin.standard, missing.standard) == (course, plan)
    assert thin.organisation == programme.school


def test_who_keeps_a_programme_reads_and_compares(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    snapshot = compared(programme, consortium)
    for user in readers(programme, consortium):
        client.force_login(user)
        assert programme.name_zh in client.get(HOME).text
        page = client.get(f"{HOME}{snapshot.pk}/")
        assert snapshot.digest in page.text and "Compare now" in page.text
        answer = client.post(f"{HOME}programmes/{programme.pk}/compare/")
        assert answer.status_code == 302
    line = snapshot.lines.get(outcome="thin")
    text = client.get(f"{HOME}{snapshot.pk}/lines/{line.pk}/").text
    assert Position.objects.get().title_en in text and "外圆车削" in text


def test_members_read_what_is_published_and_strangers_nothing(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    snapshot = compared(programme, consortium)
    pages = [f"{HOME}{snapshot.pk}/", f"{HOME}programmes/{programme.pk}/"]
    company = make_staff(make_membership(consortium).organisation)
    client.force_login(company)
    assert programme.name_zh not in client.get(HOME).text
    assert [client.get(page).status_code for page in pages] == [404, 404]
    services.publish_snapshot(snapshot, by=make_secretary(consortium))
    assert programme.name_zh in client.get(HOME).text
    assert [client.get(page, follow=True).status_code for page in pages] == [200, 200]
    line = snapshot.lines.get(outcome="missing")
    asked = client.post(f"{HOME}{snapshot.pk}/lines/{line.pk}/request/")
    assert asked.status_code == 403
    assert client.post(f"{HOME}programmes/{programme.pk}/compare/").status_code == 403
    assert client.post(f"{HOME}{snapshot.pk}/withdraw/").status_code == 403
    assert client.post(f"{HOME}compare/").status_code == 403
    for stranger in (make_user(), make_secretary(make_consortium())):
        client.force_login(stranger)
        assert client.get(HOME).status_code == 403
        assert [client.get(page).status_code for page in pages] == [404, 404]
        assert client.post(f"{HOME}{snapshot.pk}/publish/").status_code == 404


def test_the_school_publishes_and_withdraws(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    snapshot = compared(programme, consortium)
    client.force_login(make_staff(programme.school))
    client.post(f"{HOME}{snapshot.pk}/publish/")
    snapshot.refresh_from_db()
    assert snapshot.state == Snapshot.State.PUBLISHED
    client.post(f"{HOME}{snapshot.pk}/withdraw/")
    snapshot.refresh_from_db()
    assert snapshot.state == Snapshot.State.COMPUTED


def test_without_a_standard_or_demand_there_is_no_figure(
    client: Client, consortium: Consortium
) -> None:
    programme = make_programme(consortium)
    staff = make_staff(programme.school)
    assert "No standard" in policy.may_compare(staff, programme, consortium).reason
    publish(make_edition(consortium, programme))
    assert "No live position" in policy.may_compare(staff, programme, consortium).reason
    client.force_login(staff)
    assert "No live position" in client.get(f"{HOME}programmes/{programme.pk}/").text
    assert client.post(f"{HOME}programmes/{programme.pk}/compare/").status_code == 403


def test_all_are_compared_in_a_job_that_leaves_out_what_has_not_changed(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    make_programme(consortium)
    client.force_login(make_secretary(consortium))
    client.post(f"{HOME}compare/")
    job = Job.objects.get()
    tasks.compare_programmes(job.pk, consortium.pk)
    tasks.compare_programmes(job.pk, consortium.pk)
    job.refresh_from_db()
    assert (job.state, job.total) == ("done", 2)
    assert Snapshot.objects.get().programme == programme


def test_the_page_says_when_demand_has_changed(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    snapshot = compared(programme, consortium)
    client.force_login(make_staff(programme.school))
    assert "has changed since" not in client.get(f"{HOME}{snapshot.pk}/").text
    Position.objects.update(places=7)
    assert "has changed since" in client.get(f"{HOME}{snapshot.pk}/").text
    newer = compared(programme, consortium)
    assert newer.get_absolute_url() in client.get(f"{HOME}{snapshot.pk}/").text


def test_the_lines_are_filtered_and_exported(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    snapshot = compared(programme, consortium)
    client.force_login(make_staff(programme.school))
    page = f"{HOME}{snapshot.pk}/"
    (row,) = client.get(f"{page}?outcome=missing").context["listing"].current
    assert row.record.name_zh == "铣削"
    text = client.get(f"{page}?export=csv").content.decode("utf-8-sig")
    assert "铣削,Not taught,4,1" in text
    assert client.get(f"{HOME}?export=xlsx").status_code == 200


def test_the_lists_cost_the_same_for_one_and_for_thirty(
    client: Client, programme: Programme, consortium: Consortium
) -> None:
    snapshot = compared(programme, consortium)
    client.force_login(make_secretary(consortium))

    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(page)
        return len(seen)

    pages = [HOME, f"{HOME}{snapshot.pk}/"]
    queries(pages[0])  # the session is new
    one = [queries(page) for page in pages]
    for number in range(30):
        make_programme(consortium)
        facts = {"number": 1000 + number, "outcome": "missing", "heads": 1, "postings": 1}
        skill = make_skill()
        Line.objects.create(
            snapshot=snapshot, skill=skill, name_zh=skill.name_zh, asked_level=1, hours=0, **facts
        )
    assert [queries(page) for page in pages] == one
