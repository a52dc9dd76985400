"""What marks come to, published once, corrected by a further version, final."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.dispatch import receiver
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.marking.models import Marking
from silian.education.panels import services as panels
from silian.education.panels.services import Said
from silian.education.results import policy, services
from silian.education.results.models import Outcome
from silian.education.results.tests.factories import (
    days_over,
    decide_turn,
    make_marked,
    mark_practical,
    mark_theory,
    published,
    turn_of,
)
from silian.education.schemes.models import Scheme
from silian.education.skillappraisals.models import Appraisal, Exemption
from silian.education.skillappraisals.tests.factories import make_appraisal, make_entry, moved
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.clock import working_day
from silian.kernel.events import AchievementEarned, achievement_earned
from silian.kernel.notices import todos
from silian.kernel.notices.models import Notice
from silian.kernel.persons.tests.factories import make_person

pytestmark = pytest.mark.django_db


def page(appraisal: Appraisal, rest: str = "") -> str:
    return f"/{appraisal.consortium.slug}/appraisals/{appraisal.pk}/results/{rest}"


@pytest.fixture
def told() -> Any:
    """The achievements that are told meanwhile."""
    facts: list[AchievementEarned] = []

    def keep(fact: AchievementEarned, **_rest: Any) -> None:
        facts.append(fact)

    receiver(achievement_earned, weak=False, dispatch_uid="test")(keep)
    yield facts
    achievement_earned.disconnect(dispatch_uid="test")


def test_each_part_has_to_be_passed_and_who_stayed_away_has_not_passed() -> None:
    appraisal = make_marked([(80, 75), (90, 59.99), (None, 88), (60, 60)])
    found = [(one.result, [p["came"] for p in one.parts]) for one in published(appraisal)]
    assert found == [
        ("passed", ["passed", "passed"]),
        ("failed", ["passed", "failed"]),
        ("failed", ["absent", "passed"]),
        ("passed", ["passed", "passed"]),
    ]
    until = working_day(clock.today(), 5)
    assert (appraisal.public_until, appraisal.appeals_until) == (until, until)


def test_a_critical_point_fails_the_part_whatever_the_points() -> None:
    appraisal = make_marked([(95, None)])
    entry = appraisal.entries.get()
    decide_turn(turn_of(entry), 92, failed=True)
    (outcome,) = published(appraisal)
    assert outcome.result == "failed" and outcome.parts[1]["points"] == "92.00"


def test_nothing_is_published_while_something_is_missing(client: Client) -> None:
    appraisal = make_marked([(80, 75), (80, None)])
    client.force_login(make_staff(appraisal.organiser))
    shown = client.get(page(appraisal)).text
    assert "Something is missing of 1 candidates" in shown and "Not complete" in shown
    assert client.post(page(appraisal, "do/publish/")).status_code == 403
    with pytest.raises(ValidationError):
        services.publish(appraisal, by=make_user())
    entry = appraisal.entries.order_by("-number")[0]
    first, second = make_staff(appraisal.organiser), make_staff(appraisal.organiser)
    panels.give(appraisal, "practical", [(entry, Said(absent=True))], by=first)
    panels.check(appraisal, "practical", seen=clock.now(), by=second)
    client.post(page(appraisal, "do/publish/"))
    assert Outcome.objects.filter(result="failed").get().entry == entry


def test_grades_and_all_five_parts() -> None:
    consortium = make_consortium()
    scheme = Scheme.objects.create(consortium=consortium, level="l1", good=80, excellent=95)
    for kind, judged in (("ethics", True), ("theory", False), ("review", False)):
        scheme.parts.create(kind=kind, method="oral", judged=judged)
    appraisal = make_appraisal(consortium, level="l1", state="under_way")
    entry = make_entry(appraisal)
    mark_theory(appraisal, {entry: 96})
    first, second = make_staff(appraisal.organiser), make_staff(appraisal.organiser)
    panels.give(appraisal, "ethics", [(entry, Said(passed=True))], by=first)
    panels.check(appraisal, "ethics", seen=clock.now(), by=second)
    assert policy.unfinished(appraisal) == 1, "the review is still to come"
    for n in range(3):
        seat = appraisal.seats.create(user=make_user(), chief=not n)
        del seat
    for seat in appraisal.seats.all():
        panels.opine(entry, points=85, by=seat.user)
    moved(appraisal, "drafted")
    (outcome,) = published(appraisal)
    assert (outcome.result, outcome.grade) == ("passed", "good")
    assert [one["part"] for one in outcome.parts] == ["ethics", "theory", "review"]


def test_published_results_never_change() -> None:
    published(make_marked([(80, 75)]))
    for change in (
        lambda: Outcome.objects.update(result="failed"),
        lambda: Outcome.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_corrected_mark_is_published_as_a_further_version(client: Client) -> None:
    appraisal = make_marked([(80, 55), (80, 80)])
    published(appraisal)
    entry, other = appraisal.entries.order_by("number")
    client.force_login(make_staff(appraisal.organiser))
    assert "Publish a correction" not in client.get(page(appraisal)).text
    decide_turn(turn_of(entry), 66)
    shown = client.get(page(appraisal)).text
    assert "Marks were corrected after publication" in shown
    client.post(page(appraisal, f"{entry.pk}/correct/"), {"reason": ""})
    client.post(page(appraisal, f"{other.pk}/correct/"), {"reason": "无"})
    assert Outcome.objects.count() == 2, "a reason is asked for, and nothing differs of the other"
    client.post(page(appraisal, f"{entry.pk}/correct/"), {"reason": "复核更正"})
    outcome = policy.latest_of(entry)
    assert outcome and (outcome.version, outcome.result, outcome.reason) == (
        2,
        "passed",
        "复核更正",
    )
    assert Outcome.objects.get(entry=entry, version=1).result == "failed"
    assert Notice.objects.filter(to=entry.person.user, message__contains="corrected").exists()
    assert not policy.differing(appraisal)


def test_results_are_final_after_their_days_and_tell_what_was_earned(
    client: Client, told: list[AchievementEarned]
) -> None:
    appraisal = make_marked([(80, 70), (30, 70)])
    published(appraisal)
    passed, failed = appraisal.entries.order_by("number")
    office = make_staff(appraisal.organiser)
    client.force_login(office)
    assert client.post(page(appraisal, "do/finish/")).status_code == 403
    days_over(appraisal)
    assert any("final" in todo.label for todo in todos.todos_of(office))
    client.post(page(appraisal, "do/finish/"))
    appraisal.refresh_from_db()
    assert appraisal.state == "published" and appraisal.final_on == clock.today()
    assert [(f.person_id, f.level, f.occupation_id, f.holds) for f in told] == [
        (passed.person_id, "l4", appraisal.occupation_id, True)
    ]
    decide_turn(turn_of(passed), 40)
    services.correct(passed, reason="替考", by=office)
    assert [f.holds for f in told] == [True, False] and told[0].source == told[1].source
    decide_turn(turn_of(failed), 90)
    services.correct(failed, reason="登分有误", by=office)
    assert len(told) == 2, "failed still: nothing was earned and nothing taken back"


def test_a_part_passed_before_counts_while_its_months_run(client: Client) -> None:
    earlier = make_marked([(80, 40)])
    published(earlier)
    days_over(earlier)
    office = make_staff(earlier.organiser)
    services.finish(earlier, by=office)
    person = earlier.entries.get().person
    facts = {"organiser": earlier.organiser, "occupation": earlier.occupation}
    appraisal = make_appraisal(earlier.consortium, state="under_way", **facts)
    entry = make_entry(appraisal, person=person)
    client.force_login(office)
    for _twice in range(2):
        client.post(page(appraisal, "do/earlier/"))
    exemption = Exemption.objects.get()
    assert (exemption.entry, exemption.part, exemption.points) == (entry, "theory", 80)
    mark_practical(appraisal, {entry: 61})
    moved(appraisal, "drafted")
    (outcome,) = published(appraisal)
    assert outcome.result == "passed" and outcome.parts[0]["earlier"]
    long_ago = make_appraisal(earlier.consortium, state="under_way", **facts)
    Appraisal.objects.filter(pk=earlier.pk).update(
        entries_from="2020-01-01", entries_until="2020-01-02", exam_on="2020-01-03"
    )
    make_entry(long_ago, person=person)
    services.grant_earlier(long_ago, by=office)
    assert not Exemption.objects.filter(
        entry__appraisal=long_ago, grounds__contains="电工职业技能等级认定1 "
    ).exists()


def test_members_read_numbers_and_strangers_nothing(client: Client) -> None:
    appraisal = make_marked([(80, 70), (30, 70)])
    member = make_organisation()
    make_membership(appraisal.consortium, member)
    passed, failed = appraisal.entries.order_by("number")
    for user in (make_user(), make_staff(make_organisation()), make_secretary(make_consortium())):
        client.force_login(user)
        for rest in ("publicity/", "figures/"):
            assert client.get(page(appraisal, rest)).status_code == 404
        assert client.get(page(appraisal)).status_code == 403
        assert client.get(page(appraisal, "list.pdf")).status_code == 403
    published(appraisal)
    client.force_login(make_user())
    assert client.get(page(appraisal, "publicity/")).status_code == 404
    for user in (make_staff(member), passed.person.user):
        client.force_login(user)
        shown = client.get(page(appraisal, "publicity/")).text
        assert passed.masked in shown and passed.number not in shown
        assert failed.masked not in shown and passed.person.name not in shown.replace(str(user), "")


def test_points_are_offered_to_whoever_has_a_marked_sheet_only(client: Client) -> None:
    appraisal = make_marked([(80, 70), (None, 70)])
    came, stayed_away = published(appraisal)
    client.force_login(came.entry.person.user)
    assert "My points in theory" not in client.get("/me/results/").text, "not shown by the office"
    Marking.objects.filter(exam=appraisal.exam).update(shown=True)
    assert "My points in theory" in client.get("/me/results/").text
    assert client.get(f"/me/results/{came.pk}/points/").status_code == 200
    client.force_login(stayed_away.entry.person.user)
    assert "My points in theory" not in client.get("/me/results/").text
    assert client.get(f"/me/results/{stayed_away.pk}/points/").status_code == 404


def test_one_sees_ones_own_result_and_a_firm_those_of_its_people(client: Client) -> None:
    appraisal = make_marked([(80, 70), (30, 70)])
    firm = make_organisation()
    passed, failed = appraisal.entries.order_by("number")
    appraisal.entries.filter(pk=failed.pk).update(organisation=firm)
    client.force_login(failed.person.user)
    assert "still to come" in client.get("/me/results/").text
    published(appraisal)
    shown = client.get("/me/results/").text
    assert "Still to be passed:" in shown and "Theory" in shown and "Appeal" in shown
    client.force_login(make_user())
    assert appraisal.title_zh not in client.get("/me/results/").text
    assert client.get(page(appraisal, "ours/")).status_code == 404
    client.force_login(make_staff(firm))
    shown = client.get(page(appraisal, "ours/")).text
    assert failed.number in shown and passed.number not in shown
    exported = client.get(page(appraisal, "ours/?export=csv"))
    assert failed.number in b"".join(exported).decode() and exported.status_code == 200


def test_points_of_the_theory_exam_are_shown_where_the_office_shows_them(client: Client) -> None:
    appraisal = make_marked([(80, 70)])
    (outcome,) = published(appraisal)
    client.force_login(outcome.entry.person.user)
    address = f"/me/results/{outcome.pk}/points/"
    assert client.get(address).status_code == 404
    appraisal.exam.marking.__class__.objects.update(shown=True)
    assert "80" in client.get(address).text
    client.force_login(make_user())
    assert client.get(address).status_code == 404


def test_figures_keep_small_numbers_to_themselves(client: Client) -> None:
    appraisal = make_marked([(80, 70)] * 6 + [(30, 70)] * 6 + [(70, 70)] * 2)
    firms = [make_organisation(), make_organisation()]
    entries = list(appraisal.entries.order_by("number"))
    for entry in entries[:12]:
        appraisal.entries.filter(pk=entry.pk).update(organisation=firms[0])
    for entry in entries[12:]:
        appraisal.entries.filter(pk=entry.pk).update(organisation=firms[1])
    published(appraisal)
    client.force_login(make_secretary(appraisal.consortium))
    shown = client.get(page(appraisal, "figures/")).text
    assert firms[1].name_en in shown and "—" in shown and "57 %" in shown


def test_figures_of_very_few_are_not_told(client: Client) -> None:
    appraisal = make_marked([(80, 70), (30, 70)])
    published(appraisal)
    client.force_login(make_secretary(appraisal.consortium))
    shown = client.get(page(appraisal, "figures/")).text
    assert "So few took part" in shown and "50 %" not in shown


def test_the_list_is_printed_and_taken_along(client: Client) -> None:
    appraisal = make_marked([(80, 70)])
    client.force_login(make_staff(appraisal.organiser))
    assert client.get(page(appraisal, "list.pdf")).content.startswith(b"%PDF")
    sheet = b"".join(client.get(page(appraisal, "?export=csv"))).decode("utf-8-sig")
    assert appraisal.entries.get().number in sheet and "Work performance" not in sheet


@pytest.mark.parametrize("rest", ["", "publicity/", "figures/", "ours/"])
def test_pages_ask_the_same_with_many_results(client: Client, rest: str) -> None:
    def queries(size: int) -> int:
        appraisal = make_marked([(80, 70)] * size)
        firm = make_organisation()
        appraisal.entries.update(organisation=firm)
        published(appraisal)
        side = firm if rest == "ours/" else appraisal.organiser
        client.force_login(make_staff(side))
        client.get(page(appraisal, rest))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page(appraisal, rest)).status_code == 200
        return len([one for one in asked if "consents_view" not in one["sql"]])

    assert queries(1) == queries(12)


def test_my_results_ask_the_same_with_many(client: Client) -> None:
    person = make_person()
    client.force_login(person.user)

    def more() -> None:
        appraisal = make_appraisal()
        entry = make_entry(appraisal, person=person)
        mark_theory(appraisal, {entry: 80})
        mark_practical(appraisal, {entry: 80})
        published(moved(appraisal, "drafted"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/me/results/").status_code == 200
        return len(asked)

    more()
    queries()
    one = queries()
    for _number in range(4):
        more()
    assert queries() <= one + 8, "a verdict and a look at the marking for each"
