import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.plans import services
from silian.governance.plans.models import Target, Task
from silian.governance.plans.tests.factories import make_target, make_task
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def page_of(consortium: Consortium) -> str:
    return reverse("plans:plan", args=[consortium])


def url(row: Task | Target, verb: str) -> str:
    return reverse(f"plans:{verb}", args=[row.consortium, row.pk])


def titles(consortium: Consortium) -> list[str]:
    return [f"{task.number} {task.title_en}" for task in consortium.tasks.all()]


def test_anybody_reads_the_plan(client: Client, consortium: Consortium) -> None:
    owner = make_organisation()
    task = make_task(consortium, owner=owner)
    target = make_target(consortium, task=task, low=2000, reached=500, high=2500)

    page = client.get(page_of(consortium))

    assert task.title_en in page.text
    assert owner.get_absolute_url() in page.text
    assert "2,000" in page.text
    assert '<progress class="progress flex-fill" value="500" max="2000"' in page.text
    assert "25%" in page.text
    assert "Set a target" not in page.text
    page = client.get(target.get_absolute_url())
    assert "2,500" in page.text
    assert "Report the result" not in page.text


def test_an_empty_plan_says_so(client: Client, consortium: Consortium) -> None:
    page = client.get(page_of(consortium))
    assert "No key task is entered yet." in page.text
    assert "No target is set for this year." in page.text


def test_the_page_is_chinese_for_chinese_readers(client: Client, consortium: Consortium) -> None:
    target = make_target(consortium)
    page = client.get(page_of(consortium), headers={"accept-language": "zh-hans"})
    assert target.name_zh in page.text
    assert "重点任务" in page.text


def test_the_year_is_switched_and_taken_along_by_the_export(
    client: Client, consortium: Consortium
) -> None:
    year = clock.today().year
    make_target(consortium, name_en="Now", year=year)
    make_target(consortium, name_en="Then", year=year - 1)
    make_target(consortium, name_en="Later", year=year + 1)

    assert "Now" in client.get(page_of(consortium)).text
    for asked in ("x", "1", "²", "9" * 50):
        assert "Now" in client.get(page_of(consortium), {"year": asked}).text
    before = client.get(page_of(consortium), {"year": year - 1})
    assert ("Then" in before.text, "Now" in before.text) == (True, False)
    file = client.get(page_of(consortium), {"year": year - 1, "export": "csv"})
    assert ("Then" in file.text, "Now" in file.text) == (True, False)
    assert "<progress" not in file.text


def test_the_secretariat_adds_a_task_that_stands_last(
    secretary: Client, consortium: Consortium
) -> None:
    make_task(consortium)
    owner = make_membership(consortium).organisation
    facts = {"title_zh": "任务", "title_en": "Next", "owner": owner.pk}
    secretary.post(reverse("plans:task_new", args=[consortium]), facts)
    task = Task.objects.get(title_en="Next")
    assert (task.number, task.owner) == (2, owner)


def test_an_owner_must_be_a_member_but_one_who_left_stays(
    secretary: Client, consortium: Consortium
) -> None:
    gone = make_organisation()
    task = make_task(consortium, owner=gone)
    facts = {"title_zh": "改名", "owner": make_organisation().pk}
    page = secretary.post(url(task, "task_edit"), facts)
    assert "Select a valid choice" in page.text
    assert "改名" in page.text
    secretary.post(url(task, "task_edit"), {"title_zh": "改名", "owner": gone.pk})
    task.refresh_from_db()
    assert (task.title_zh, task.owner) == ("改名", gone)


def test_tasks_change_places(secretary: Client, consortium: Consortium) -> None:
    first, second, third = (make_task(consortium, title_en=name) for name in "ABC")
    secretary.post(url(third, "task_up"))
    assert titles(consortium) == ["1 A", "2 C", "3 B"]
    shown = Client().get(page_of(consortium)).context["tasks"]
    assert [task.title_en for task in shown] == ["A", "C", "B"]
    secretary.post(url(first, "task_down"))
    assert titles(consortium) == ["1 C", "2 A", "3 B"]
    secretary.post(url(second, "task_down"))  # the last stays the last
    assert titles(consortium) == ["1 C", "2 A", "3 B"]


def test_a_task_is_deleted_only_when_no_target_stands_under_it(
    secretary: Client, consortium: Consortium
) -> None:
    first, _second, _third = (make_task(consortium, title_en=name) for name in "ABC")
    target = make_target(consortium, task=first)

    answer = secretary.post(url(first, "task_remove"))
    assert answer.status_code == 403
    assert "Targets stand under this task" in answer.text
    assert "Targets stand under this task" in secretary.get(url(first, "task_edit")).text

    target.delete()
    secretary.post(url(first, "task_remove"))
    assert titles(consortium) == ["1 B", "2 C"]
    assert Entry.objects.filter(action="Task removed").exists()


def test_the_secretariat_sets_a_target(secretary: Client, consortium: Consortium) -> None:
    facts = {"year": 2026, "name_zh": "论坛(场)", "low": 1, "high": 3}
    new = reverse("plans:target_new", args=[consortium])

    secretary.post(new, facts)
    target = Target.objects.get()
    assert (target.low, target.high, target.reached) == (1, 3, 0)

    assert "a target of this name in that year" in secretary.post(new, facts).text
    other = facts | {"name_zh": "培训", "high": 0}
    assert "less than the lower end" in secretary.post(new, other).text
    assert "At least 1." in secretary.post(new, other | {"low": 0, "high": ""}).text
    wrong_year = secretary.post(new, other | {"high": "", "year": 20266})
    assert "less than or equal to 2100" in wrong_year.text
    foreign = make_task(make_consortium())
    assert "Select a valid choice" in secretary.post(new, other | {"task": foreign.pk}).text
    assert Target.objects.count() == 1


def test_editing_a_target_leaves_what_was_reached(
    secretary: Client, consortium: Consortium
) -> None:
    target = make_target(consortium, reached=7, note="count")
    facts = {"year": target.year, "name_zh": "改名", "low": 20, "reached": 99}
    secretary.post(url(target, "target_edit"), facts)
    target.refresh_from_db()
    assert (target.name_zh, target.low, target.reached) == ("改名", 20, 7)


def test_a_result_is_reported_with_its_source_and_recorded(
    secretary: Client, consortium: Consortium
) -> None:
    target = make_target(consortium, low=10, high=20)
    page = secretary.post(url(target, "target_report"), {"reached": 12, "note": ""})
    assert "This field is required." in page.text

    secretary.post(url(target, "target_report"), {"reached": 25, "note": "Registers of June"})

    page = Client().get(target.get_absolute_url())
    assert "Registers of June" in page.text
    assert "upper end" in page.text
    assert "0 → 25" in page.text


def test_a_target_is_deleted_only_before_anything_is_reported(
    secretary: Client, consortium: Consortium
) -> None:
    blank, used = make_target(consortium), make_target(consortium)
    services.report_reached(used, by=make_user(), reached=3, note="Counted")

    answer = secretary.post(url(used, "target_remove"))
    assert answer.status_code == 403
    assert "Results were reported for this target" in answer.text
    secretary.post(url(blank, "target_remove"))
    assert list(Target.objects.all()) == [used]


@pytest.mark.parametrize("verb", ["task_edit", "task_up", "task_down", "task_remove"])
def test_nobody_else_changes_tasks(consortium: Consortium, verb: str) -> None:
    refused(make_task(consortium), verb)
    assert Task.objects.count() == 1


@pytest.mark.parametrize("verb", ["target_edit", "target_report", "target_remove"])
def test_nobody_else_changes_targets(consortium: Consortium, verb: str) -> None:
    refused(make_target(consortium), verb)
    assert Target.objects.count() == 1


def refused(row: Task | Target, verb: str) -> None:
    member = make_membership(row.consortium).organisation
    for user in (make_user(), make_staff(member), make_secretary(make_consortium())):
        client = Client()
        client.force_login(user)
        assert client.post(url(row, verb)).status_code == 403
    assert Client().post(url(row, verb)).status_code == 302  # to the sign-in page


def test_the_plan_asks_as_much_for_one_row_as_for_thirty(
    client: Client, consortium: Consortium
) -> None:
    def grow(rows: int) -> int:
        for _ in range(rows):
            task = make_task(consortium, owner=make_organisation())
            make_target(consortium, task=task)
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(consortium))
        return len(queries)

    client.get(page_of(consortium))
    assert grow(1) == grow(29)
