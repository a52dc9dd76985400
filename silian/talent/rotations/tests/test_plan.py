from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silian.education.programmes.models import Programme
from silian.education.standards.models import Edition, Standard, Unit
from silian.governance.members.tests.factories import make_membership, make_staff
from silian.kernel import clock
from silian.kernel.calendars.events import events_of
from silian.kernel.notices.todos import todos_of
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.tests.factories import make_cohort
from silian.talent.rotations.models import Capacity, Stay
from silian.talent.rotations.policy import units_for
from silian.talent.rotations.tests.factories import make_group, make_phase, make_stay
from silian.talent.rotations.timetable import heads_of, peak

pytestmark = pytest.mark.django_db


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/plan/"


def make_unit(cohort: Cohort, *, published: bool = True) -> Unit:
    programme = Programme.objects.create(school=cohort.school, level="college", name_zh="数控技术")
    standard = Standard.objects.create(
        consortium=cohort.consortium, programme=programme, kind="course", title_zh="数控编程"
    )
    edition = Edition.objects.create(standard=standard, number=1)
    unit = Unit.objects.create(edition=edition, order=1, title_zh="轮廓编程")
    if published:
        Edition.objects.filter(pk=edition.pk).update(state="published", published_on=clock.today())
    return unit


def test_phases_lessons_places_and_groups_make_a_plan(client: Client) -> None:
    cohort = make_cohort(state="running")
    unit = make_unit(cohort)
    client.force_login(make_staff(cohort.school))
    page = page_of(cohort)
    assert any("Make the joint plan" in t.label for t in todos_of(make_staff(cohort.school)))
    first = cohort.starts_on
    typed = {"order": 1, "title_zh": "认知阶段", "starts_on": f"{first - timedelta(days=1)}"}
    typed["ends_on"] = f"{first + timedelta(days=80)}"
    text = client.post(f"{page}phases/new/", typed).text
    assert "outside the cohort" in text and "认知阶段" in text
    client.post(f"{page}phases/new/", typed | {"starts_on": f"{first}"})
    phase = cohort.phases.get()
    lesson = {"unit": unit.pk, "where": "enterprise", "hours": 24}
    client.post(f"{page}lessons/new/?phase={phase.pk}", lesson)
    assert "stands in the phase" in client.post(f"{page}lessons/new/?phase={phase.pk}", lesson).text
    client.post(f"{page}places/new/?phase={phase.pk}", {"firm": cohort.enterprise_id, "places": 12})
    group = make_group(cohort)
    client.post(f"{page}groups/{group.pk}/", {"name": "甲组"})
    client.logout()
    client.cookies["django_language"] = "zh-hans"
    text = client.get(page).text
    for shown in ("认知阶段", "轮廓编程", "甲组", cohort.enterprise.name_zh):
        assert shown in text
    client.force_login(make_staff(cohort.enterprise))
    client.post(f"{page}phases/{phase.pk}/remove/")
    assert not cohort.phases.exists()


def test_only_units_in_force_are_taught() -> None:
    cohort = make_cohort()
    make_unit(cohort, published=False)

    assert not units_for(cohort).exists()


def test_a_group_is_at_one_place_at_a_time(client: Client) -> None:
    cohort = make_cohort(state="running")
    phase, group = make_phase(cohort), make_group(cohort)
    stay = make_stay(group, phase)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_stay(group, phase, site=cohort.school, starts_on=stay.ends_on)
    client.force_login(make_staff(cohort.enterprise))
    typed = {
        "group": group.pk,
        "phase": phase.pk,
        "site": cohort.school_id,
        "starts_on": f"{stay.ends_on}",
        "ends_on": f"{stay.ends_on}",
    }
    text = client.post(f"{page_of(cohort)}stays/new/", typed).text
    assert "at another place on one of these days" in text
    assert Stay.objects.count() == 1
    other = make_group(cohort)
    client.post(f"{page_of(cohort)}stays/new/", typed | {"group": other.pk})
    assert Stay.objects.count() == 2


def test_groups_alternate_and_no_firm_gets_more_than_its_places(client: Client) -> None:
    cohort = make_cohort(state="running")
    phase = make_phase(cohort)
    one, two = make_group(cohort, 2), make_group(cohort, 3)
    Capacity.objects.create(phase=phase, firm=cohort.enterprise, places=2)
    client.force_login(make_staff(cohort.school))
    rotate = {"phase": phase.pk, "firm": cohort.enterprise_id, "weeks": 4}
    text = client.post(f"{page_of(cohort)}rotate/", rotate, follow=True).text
    assert "and 3 would be there" in text and not Stay.objects.exists()
    Capacity.objects.update(places=3)
    client.post(f"{page_of(cohort)}rotate/", rotate)
    sites = list(one.stays.order_by("starts_on").values_list("site", flat=True))
    assert sites == [cohort.enterprise_id, cohort.school_id, cohort.enterprise_id]
    assert two.stays.count() == 3
    [heads] = heads_of(cohort)
    assert (heads.heads, heads.places, heads.too_many) == (3, 3, False)
    text = client.post(f"{page_of(cohort)}rotate/", rotate | {"weeks": 0}, follow=True).text
    assert "Choose a phase" in text


def test_learners_and_nobody_else_have_the_rotation_in_their_calendar() -> None:
    cohort = make_cohort(state="running")
    group = make_group(cohort, 1)
    stay = make_stay(group, make_phase(cohort))
    learner = group.members.get().learner
    [event] = events_of(learner.student.user)
    assert (event.key, event.start.date()) == (f"cohort-stay-{stay.pk}", stay.starts_on)
    assert not events_of(make_staff(cohort.consortium.memberships.first().organisation))


def test_the_plan_is_public_and_names_nobody(client: Client) -> None:
    cohort = make_cohort(state="running")
    group = make_group(cohort, 1)
    make_stay(group, make_phase(cohort))
    name = group.members.get().learner.student.name
    hidden = make_cohort(cohort.agreement, state="prepared")
    make_phase(hidden)
    for address in ("", "rotation/", "rotation/?export=csv", "events/"):
        answer = client.get(page_of(cohort) + address)
        assert answer.status_code == 200 and name not in answer.content.decode()
        assert client.get(page_of(hidden) + address).status_code == 404
    client.force_login(make_staff(make_membership(cohort.consortium).organisation))
    assert client.get(f"{page_of(cohort)}phases/new/").status_code == 403
    assert client.post(f"{page_of(cohort)}rotate/").status_code == 403
    assert client.post(f"{page_of(cohort)}groups/{group.pk}/remove/").status_code == 403


def test_the_rotation_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    cohort = make_cohort(state="running")
    phase = make_phase(cohort)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_stay(make_group(cohort, 0), phase)
        client.get(f"{page_of(cohort)}rotation/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{page_of(cohort)}rotation/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


START = date(2026, 1, 1)
days = st.integers(0, 40)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(days, days, st.integers(0, 9)), max_size=8))
def test_the_peak_is_that_of_the_fullest_day(rows: list[tuple[int, int, int]]) -> None:
    spans = [(min(a, b), max(a, b), size) for a, b, size in rows]
    fullest = max(sum(n for a, b, n in spans if a <= day <= b) for day in range(42))
    dated = [(START + timedelta(days=a), START + timedelta(days=b), n) for a, b, n in spans]
    assert peak(dated) == fullest
