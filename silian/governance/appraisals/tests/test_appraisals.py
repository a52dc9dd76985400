from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.appraisals import policy, services
from silian.governance.appraisals.models import Renewal, Year
from silian.governance.appraisals.tests.factories import make_year
from silian.governance.bodies.models import Body
from silian.governance.bodies.services import close_body
from silian.governance.bodies.tests.factories import make_body
from silian.governance.bodykinds.models import Kind
from silian.governance.charters.tests.factories import other_todos
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import Todo, todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
THIS = 2026


@pytest.fixture(autouse=True)
def summer(settings: LazySettings) -> None:
    settings.CLOCK = "2026-07-01T12:00"


@pytest.fixture
def body() -> Body:
    consortium = make_consortium()
    host = make_membership(consortium).organisation
    founded = {"state": "running", "founded_on": date(2024, 3, 1), "expires_on": date(2027, 3, 1)}
    return make_body(consortium, "phd_station", host=host, **founded)


@pytest.fixture
def staff(body: Body) -> User:
    return of_old(make_staff(body.host))


@pytest.fixture
def host(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def secretary(body: Body) -> User:
    return of_old(make_secretary(body.consortium))


def of_old(user: User) -> User:
    """Whose role began before the days that these tests tell of."""
    user.roles.update(start=date(2024, 1, 1))
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def expert_of(body: Body) -> User:
    user = make_user()
    Role.objects.create(user=user, kind=Role.Kind.EXPERT, consortium=body.consortium)
    return user


def page(body: Body, name: str = "year_index", *args: object) -> str:
    return reverse(f"appraisals:{name}", args=[body.consortium, body.pk, *args])


def plan(**fields: object) -> dict[str, object]:
    row = {"what": "攻关", "owner": "站长", "due": f"{THIS}-11-30", "target": 2, "unit": "项"}
    facts = {f"items-0-{name}": value for name, value in row.items()}
    facts |= {"aims": "解决难题", "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0}
    return facts | fields


def result(year: Year, **fields: object) -> dict[str, object]:
    facts = {"result": "完成", "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 1}
    facts |= {"items-0-id": year.items.get().pk, "items-0-reached": 3, "items-0-note": "超额"}
    return facts | fields


# --- the plan ---------------------------------------------------------------------------


def test_the_host_drafts_a_plan_and_files_it(host: Client, body: Body, secretary: User) -> None:
    address = page(body, "plan", THIS)
    host.post(address, plan(aims=""))
    year = Year.objects.get()
    assert (year.state, year.items.get().what) == ("draft", "攻关")
    assert Client().get(page(body, "year_detail", THIS)).status_code == 404

    kept = {"items-INITIAL_FORMS": 1, "items-0-id": year.items.get().pk}
    answer = host.post(address, plan(aims="", file="1", **kept))
    assert "Needed before it can be filed." in answer.text
    host.post(address, plan(file="1", **kept))

    year.refresh_from_db()
    assert year.state == "planned"
    assert Notice.objects.filter(to=secretary, url=year.get_absolute_url()).exists()
    public = Client().get(year.get_absolute_url())
    assert "攻关" in public.text
    assert str(THIS) in Client().get(body.get_absolute_url()).text
    assert host.post(address, plan()).status_code == 403  # filed


def test_mistakes_in_a_plan_stand_beside_what_was_typed(host: Client, body: Body) -> None:
    wrong = {"items-0-due": "2025-01-01", "items-0-target": "-3", "file": "1"}
    answer = host.post(page(body, "plan", THIS), plan(**wrong))
    assert "This day is not in the year of the plan." in answer.text
    assert "This is less than nothing." in answer.text
    assert "攻关" in answer.text
    nothing = plan(file="1", **{"items-0-what": "", "items-0-owner": "", "items-0-due": ""})
    nothing |= {"items-0-target": "", "items-0-unit": ""}
    assert (
        "Name at least one thing to be done." in host.post(page(body, "plan", THIS), nothing).text
    )
    assert not Year.objects.exists()


@pytest.mark.parametrize("number", [2023, 2028])
def test_plans_are_of_years_in_reach(host: Client, body: Body, number: int) -> None:
    assert host.post(page(body, "plan", number), plan()).status_code == 403


def test_only_host_and_secretariat_speak_for_a_body(body: Body, secretary: User) -> None:
    helper = make_organisation()
    body.co_builders.add(helper)
    year = make_year(body)
    strangers = [
        make_user(),
        make_secretary(make_consortium()),
        make_staff(helper),
        expert_of(body),
    ]
    for user in strangers:
        client = client_of(user)
        assert client.post(page(body, "plan", 2027), plan()).status_code == 403
        assert client.post(page(body, "result", THIS), result(year)).status_code == 403
        assert client.post(page(body, "evidence_add", THIS), {}).status_code == 403
        assert client.post(page(body, "renewal_new"), {}).status_code == 403
    assert client_of(secretary).get(page(body, "plan", 2027)).status_code == 200


# --- the result -------------------------------------------------------------------------


def test_a_result_is_stated_against_the_plan(host: Client, body: Body, secretary: User) -> None:
    year = make_year(body)
    answer = host.post(
        page(body, "result", THIS), result(year, file="1", **{"items-0-reached": ""})
    )
    assert "Needed before it can be filed." in answer.text
    assert "超额" in answer.text
    host.post(page(body, "result", THIS), result(year))
    assert "完成" not in Client().get(year.get_absolute_url()).text  # only once it is appraised
    assert "完成" in host.get(year.get_absolute_url()).text
    host.post(page(body, "result", THIS), result(year, file="1"))
    year.refresh_from_db()
    assert (year.state, year.items.get().percent, year.items.get().is_met) == (
        "reported",
        150,
        True,
    )
    assert Notice.objects.filter(to=secretary, message__contains="The result of").exists()


def test_files_show_it_to_those_concerned_alone(host: Client, body: Body) -> None:
    helper = make_organisation()
    body.co_builders.add(helper)
    year = make_year(body)
    bad = SimpleUploadedFile("a.pdf", b"no pdf")
    answer = host.post(page(body, "evidence_add", THIS), {"caption": "证明", "file": bad})
    assert "证明" in answer.text and not year.evidence.exists()
    good = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
    host.post(page(body, "evidence_add", THIS), {"caption": "应用证明", "file": good})
    evidence = year.evidence.get()
    address = page(body, "evidence_file", THIS, evidence.pk)
    for user in (make_staff(helper), make_secretary(body.consortium), expert_of(body)):
        answer = client_of(user).get(address)
        assert b"".join(answer.streaming_content) == PDF
    stays = client_of(make_staff(helper)).post(page(body, "evidence_remove", THIS, evidence.pk))
    assert stays.status_code == 403
    assert client_of(make_user()).get(address).status_code == 404
    assert "应用证明" not in Client().get(year.get_absolute_url()).text
    host.post(page(body, "evidence_remove", THIS, evidence.pk))
    assert not year.evidence.exists()


def test_the_secretariat_sends_back_what_lacks(body: Body, host: Client, secretary: User) -> None:
    year = make_year(body, state="reported")
    client = client_of(secretary)
    client.post(page(body, "year_act", THIS, "send-back"), {"reason": ""})
    year.refresh_from_db()
    assert year.state == "reported"
    client.post(page(body, "year_act", THIS, "send-back"), {"reason": "Show papers"})
    year.refresh_from_db()
    assert (year.state, year.answer) == ("planned", "Show papers")
    assert "Show papers" in host.get(year.get_absolute_url()).text
    assert "Show papers" not in Client().get(year.get_absolute_url()).text
    assert host.post(page(body, "year_act", THIS, "send-back"), {"reason": "x"}).status_code == 403
    assert client.post(page(body, "year_act", THIS, "nothing"), {"reason": "x"}).status_code == 404


# --- the appraisal ----------------------------------------------------------------------


def test_experts_give_scores_that_only_reviewers_read(body: Body, staff: User) -> None:
    year = make_year(body, state="reported")
    expert = expert_of(body)
    assert todos_of(expert)[0].url == year.get_absolute_url()
    client = client_of(expert)
    assert "100" in client.post(page(body, "mark", THIS), {"score": 101, "reason": "x"}).text
    client.post(page(body, "mark", THIS), {"score": 80, "reason": "Good papers"})
    client.post(page(body, "mark", THIS), {"score": 85, "reason": "Better papers"})
    assert year.marks.get().score == 85
    assert not todos_of(expert)
    assert "Better papers" not in client_of(staff).get(year.get_absolute_url()).text
    assert (
        client_of(staff).post(page(body, "mark", THIS), {"score": 99, "reason": "x"}).status_code
        == 403
    )
    assert client.post(page(body, "appraise", THIS), {}).status_code == 403


def test_the_grade_is_published_with_its_reasons(body: Body, staff: User, secretary: User) -> None:
    helper = make_organisation()
    body.co_builders.add(helper)
    other = make_staff(helper)
    year = make_year(body, state="reported")
    grade = body.kind.grades.get(name_zh="优秀")
    client = client_of(secretary)
    assert other_todos(secretary)[0].url == year.get_absolute_url()
    foreign = Kind.objects.get(code="craftsmen").grades.first()
    answer = client.post(page(body, "appraise", THIS), {"grade": foreign.pk, "reasons": "Solid"})
    assert "Select a valid choice" in answer.text and "Solid" in answer.text

    client.post(page(body, "appraise", THIS), {"grade": grade.pk, "score": 93, "reasons": "Solid"})

    year.refresh_from_db()
    assert (year.state, year.grade, year.score) == ("appraised", grade, 93)
    public = Client().get(year.get_absolute_url()).text
    assert "Solid" in public and "Excellent" in public and "Both solved" in public
    assert "Excellent" in Client().get(body.get_absolute_url()).text
    assert Notice.objects.filter(to__in=[staff, other], message__contains="appraised").count() == 2
    assert client.post(page(body, "appraise", THIS), {"grade": grade.pk}).status_code == 403

    client.post(page(body, "year_act", THIS, "reopen"), {"reason": "Wrong sheet"})
    year.refresh_from_db()
    assert (year.state, year.grade) == ("reported", None)


def test_two_who_appraise_at_once_publish_once(body: Body, secretary: User) -> None:
    year = make_year(body, state="reported")
    late = Year.objects.get(pk=year.pk)
    good, bad = body.kind.grades.get(name_zh="优秀"), body.kind.grades.get(name_zh="不合格")
    services.appraise(year, by=secretary, grade=good, reasons="x", score=None)
    with pytest.raises(IllegalMove):
        services.appraise(late, by=secretary, grade=bad, reasons="y", score=None)
    late.refresh_from_db()
    assert late.grade == good


def test_two_failures_in_a_row_suggest_an_end_and_end_nothing(body: Body, secretary: User) -> None:
    make_year(body, 2024, "appraised", grade="不合格")
    assert not policy.should_end(body)
    make_year(body, 2025, "appraised", grade="不合格")
    assert policy.should_end(body)
    [todo] = [one for one in todos_of(secretary) if "failed again" in one.label]
    assert "It failed as often" in client_of(secretary).get(todo.url).text
    assert "It failed as often" not in Client().get(todo.url).text
    make_year(body, THIS, "appraised", grade="合格")
    assert not policy.should_end(body)
    Year.objects.filter(year=THIS).delete()
    Kind.objects.filter(pk=body.kind.pk).update(failures_to_end=None)
    assert not policy.should_end(Body.objects.get(pk=body.pk))
    body.refresh_from_db()
    assert body.state == "running"


def test_an_appraisal_waits_for_the_interval_of_its_kind(body: Body) -> None:
    Kind.objects.filter(pk=body.kind.pk).update(appraise_every=2)
    body = Body.objects.get(pk=body.pk)
    first, second = make_year(body, 2024, "reported"), make_year(body, 2025, "reported")
    assert [policy.appraisal_is_due(year) for year in (first, second)] == [False, True]


# --- another term -----------------------------------------------------------------------


def asked(body: Body, user: User) -> Renewal:
    renewal = Renewal(body=body, until=date(2030, 3, 1), account="Done", aims="More")
    return services.ask_renewal(renewal, by=user)


def test_a_new_term_is_asked_for_before_the_old_one_ends(
    host: Client, body: Body, staff: User, secretary: User, settings: LazySettings
) -> None:
    facts = {"until": "2030-03-01", "account": "Done", "aims": "More"}
    answer = host.post(page(body, "renewal_new"), facts)
    assert answer.status_code == 403
    assert "can be asked for from" in answer.text

    settings.CLOCK = "2027-01-05T12:00"
    host = client_of(staff)  # the session of last summer is over
    assert any("Ask for a new term" in todo.label for todo in todos_of(staff))
    assert any("term ends soon" in todo.label for todo in todos_of(secretary))
    early = host.post(page(body, "renewal_new"), facts | {"until": "2027-01-01"})
    assert "The term that runs ends later than this." in early.text and "More" in early.text
    host.post(page(body, "renewal_new"), facts)
    renewal = Renewal.objects.get()
    assert host.post(page(body, "renewal_new"), facts).status_code == 403
    assert any("Decide on a new term" in todo.label for todo in todos_of(secretary))
    assert host.post(page(body, "renewal_act", renewal.pk, "grant")).status_code == 403
    client_of(secretary).post(page(body, "renewal_act", renewal.pk, "grant"))
    body.refresh_from_db()
    assert body.expires_on == date(2030, 3, 1)
    assert Notice.objects.filter(to=staff, message__contains="renewed").exists()


def test_a_declined_term_says_why_and_ends_as_it_stands(
    body: Body, staff: User, secretary: User
) -> None:
    renewal = asked(body, staff)
    client = client_of(secretary)
    client.post(page(body, "renewal_act", renewal.pk, "decline"), {"reason": ""})
    renewal.refresh_from_db()
    assert renewal.state == "asked"
    client.post(page(body, "renewal_act", renewal.pk, "decline"), {"reason": "Too little"})
    renewal.refresh_from_db()
    body.refresh_from_db()
    assert (renewal.state, renewal.answer) == ("declined", "Too little")
    assert body.expires_on == date(2027, 3, 1)
    assert "Too little" in client_of(staff).get(page(body)).text
    assert "Too little" not in Client().get(page(body)).text
    again = asked(body, staff)
    client_of(staff).post(page(body, "renewal_act", again.pk, "withdraw"))
    again.refresh_from_db()
    assert again.state == "withdrawn"


def test_a_grant_and_a_closing_at_once_leave_no_half_renewal(
    body: Body, staff: User, secretary: User
) -> None:
    renewal = asked(body, staff)
    close_body(Body.objects.get(pk=body.pk), by=secretary, on=clock.today(), why="Merged")
    with pytest.raises(IllegalMove):
        services.grant(renewal, by=secretary)
    renewal.refresh_from_db()
    assert renewal.state == "asked"  # rolled back with the refusal


def test_two_who_ask_at_once_ask_once(body: Body, staff: User) -> None:
    asked(body, staff)
    with pytest.raises(IllegalMove):
        asked(body, staff)
    assert Renewal.objects.count() == 1


# --- what waits, and when ---------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-01-10", "2026-07-01", "2026-12-05"])
def test_a_plan_waits_from_january_on(
    body: Body, staff: User, settings: LazySettings, day: str
) -> None:
    settings.CLOCK = f"{day}T12:00"

    def waiting() -> list[Todo]:
        return [one for one in todos_of(staff) if one.label.startswith("Plan of")]

    [todo] = waiting()
    assert todo.due and todo.due.date() == date(2026, 1, 31)
    make_year(body)
    assert not waiting()


@pytest.mark.parametrize(
    ("day", "waits"), [("2026-11-30", False), ("2026-12-01", True), ("2027-02-01", True)]
)
def test_a_result_waits_from_december_on(
    body: Body, staff: User, settings: LazySettings, day: str, waits: bool
) -> None:
    make_year(body)
    settings.CLOCK = f"{day}T12:00"
    found = [one for one in todos_of(staff) if one.label.startswith("Result of")]
    assert bool(found) is waits
    assert all(one.due.date() == date(2026, 12, 31) for one in found)


def test_a_body_without_a_host_is_the_secretariats_work(body: Body, secretary: User) -> None:
    founded = {"state": "running", "founded_on": clock.today() - timedelta(days=3)}
    lone = make_body(body.consortium, **founded)
    [todo] = [one for one in todos_of(secretary) if one.label.startswith("Plan of")]
    assert lone.name_en in todo.label
    assert todo.due and todo.due.date() == founded["founded_on"] + timedelta(days=30)


def test_the_database_keeps_grades_scores_and_years(body: Body) -> None:
    year = make_year(body, state="reported")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_year(body)
    for wrong in ({"state": "appraised"}, {"score": 101}, {"planned_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Year._base_manager.filter(pk=year.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        year.items.update(target=-1)


def test_the_lists_are_filtered_and_ask_as_much_for_thirty(client: Client) -> None:
    consortium = make_consortium()
    index = reverse("appraisals:appraisal_index", args=[consortium])
    founded = {"state": "running", "founded_on": date(2024, 3, 1)}

    def grow(rows: int) -> int:
        for _ in range(rows):
            host = make_membership(consortium).organisation
            make_year(make_body(consortium, host=host, **founded), state="appraised")
        with CaptureQueriesContext(connection) as queries:
            client.get(index)
        return len(queries)

    client.get(index)
    assert grow(1) == grow(23)
    bad = make_body(consortium, "phd_station", name_en="Bad station", **founded)
    make_year(bad, 2025, "appraised", grade="不合格")
    draft = make_body(consortium, "phd_station", name_en="Draft station", **founded)
    make_year(draft, state="draft")
    for asked_for in ({"failed": "True"}, {"year": 2025}, {"kind": "phd_station"}, {"q": "Bad"}):
        text = client.get(index, asked_for).text
        assert "Bad station" in text and "Committee" not in text
        assert "Draft station" not in text
    assert "Bad station" in client.get(index, {"failed": "True", "export": "csv"}).text
