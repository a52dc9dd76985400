"""Marks of the office need two persons; experts give theirs without seeing each other."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.examiners.tests.factories import make_examiner, make_relation
from silian.education.panels import policy, services
from silian.education.panels.imports import Marks, Part
from silian.education.panels.models import Given, Opinion, Review, Ruling, Seat
from silian.education.panels.services import Said
from silian.education.schemes.models import Scheme
from silian.education.sittings.tests.factories import make_exam
from silian.education.skillappraisals.models import Appraisal
from silian.education.skillappraisals.tests.factories import make_appraisal, make_entry, moved
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices import todos
from silian.kernel.notices.models import Notice
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db


def page(appraisal: Appraisal, rest: str) -> str:
    return f"/{appraisal.consortium.slug}/appraisals/{appraisal.pk}/{rest}"


def make_by_office() -> Appraisal:
    """Ethics passed or not, performance in points."""
    consortium = make_consortium()
    scheme = Scheme.objects.create(consortium=consortium, level="special")
    scheme.parts.create(kind="ethics", method="oral", judged=True)
    scheme.parts.create(kind="performance", method="works", pass_mark=70)
    return make_appraisal(consortium, level="special", state="under_way")


def make_panel(appraisal: Appraisal, size: int = 3) -> list[User]:
    experts = [make_user() for _number in range(size)]
    for n, expert in enumerate(experts):
        Seat.objects.create(appraisal=appraisal, user=expert, chief=not n)
    return experts


def seen() -> str:
    """As a page that is opened now writes it into its button."""
    return urlencode({"seen": clock.now().isoformat()})


def test_nobody_marks_checks_or_exempts_themselves(client: Client) -> None:
    appraisal = make_by_office()
    office, colleague = make_staff(appraisal.organiser), make_staff(appraisal.organiser)
    entry = make_entry(appraisal, person=make_person(user=office))
    client.force_login(office)
    said = client.post(page(appraisal, f"parts/performance/{entry.pk}/"), {"mark": "95"})
    assert said.status_code == 403 and not Given.objects.exists()
    services.give(appraisal, "performance", [(entry, Said(Decimal(60)))], by=colleague)
    services.check(appraisal, "performance", seen=clock.now(), by=office)
    assert not services.given_marks(appraisal)
    own = page(appraisal, f"entries/{entry.pk}/exemptions/new/")
    assert client.get(own).status_code == 403
    assert office not in policy.possible_experts(appraisal)


def test_the_office_gives_no_points_for_what_an_exam_marks(client: Client) -> None:
    appraisal = make_appraisal(state="under_way")
    appraisal.exam = make_exam(appraisal.consortium)
    appraisal.save()
    entry = make_entry(appraisal)
    client.force_login(make_staff(appraisal.organiser))
    address = page(appraisal, f"parts/theory/{entry.pk}/")
    assert "marked elsewhere" in client.post(address, {"mark": "95"}).text
    assert not Given.objects.exists()
    assert client.post(address, {"mark": "absent"}).status_code == 302


def test_a_mark_counts_when_a_second_person_has_checked_it(client: Client) -> None:
    appraisal = make_by_office()
    entry = make_entry(appraisal)
    first, second = make_staff(appraisal.organiser), make_staff(appraisal.organiser)
    client.force_login(first)
    address = page(appraisal, f"parts/performance/{entry.pk}/")
    for wrong in ("101", "nan", "passed", "60.005", ""):
        assert client.post(address, {"mark": wrong}).status_code == 200
    assert not Given.objects.exists()
    client.post(address, {"mark": "86.5"})
    assert not services.given_marks(appraisal)
    check = f"{page(appraisal, 'parts/performance/check/')}?{seen()}"
    assert client.post(check).status_code == 403, "who gave it does not check it"
    assert any("Check marks" in todo.label for todo in todos.todos_of(second))
    client.force_login(second)
    early = urlencode({"seen": (clock.now() - timedelta(hours=1)).isoformat()})
    client.post(f"{page(appraisal, 'parts/performance/check/')}?{early}")
    assert not services.given_marks(appraisal), "what came later was not compared"
    client.post(check)
    said = services.given_marks(appraisal)
    assert said == {(entry.pk, "performance"): Said(Decimal("86.50"))}
    services.give(appraisal, "performance", [(entry, Said(Decimal("86.50")))], by=second)
    assert services.given_marks(appraisal), "the same again stays checked"
    services.give(appraisal, "performance", [(entry, Said(absent=True))], by=second)
    assert not services.given_marks(appraisal), "a change is checked anew"
    with pytest.raises(IntegrityError), transaction.atomic():
        Given.objects.update(checked_by=second, checked_at=entry.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Given.objects.update(points=3)


def test_judged_parts_know_no_points_and_sheets_are_checked_by_row(client: Client) -> None:
    appraisal = make_by_office()
    one, other = make_entry(appraisal), make_entry(appraisal)
    office, sheet = make_staff(appraisal.organiser), Marks()
    scope = sheet.scope_from(Part(appraisal, "ethics").text)
    assert scope and sheet.scope_from(Part(appraisal, "theory").text) is None
    assert sheet.permitted(office, scope) and not sheet.permitted(make_user(), scope)
    form = sheet.form(scope)
    assert form.fields["mark"].clean("合格") == Said(passed=True)
    assert form.fields["entry"].clean(one.number) == one
    with pytest.raises(ValidationError):
        form.fields["mark"].clean("80")
    rows = [
        Row(2, {"entry": one, "mark": Said(passed=True)}),
        Row(3, {"entry": one, "mark": Said(passed=False)}),
    ]
    assert [finding[0] for finding in sheet.check(rows, scope)] == [3]
    rows[1] = Row(3, {"entry": other, "mark": Said(absent=True)})
    sheet.save(rows, scope, by=office, progress=lambda done: None)
    assert Given.objects.filter(part="ethics", passed=True).count() == 1
    client.force_login(office)
    shown = client.get(page(appraisal, "parts/ethics/")).text
    assert "absent" in shown and "waits for a second person" in shown
    moved(appraisal, "drafted")


def test_experts_give_apart_and_what_all_have_given_stays(client: Client) -> None:
    appraisal = make_appraisal(level="l2", state="under_way")
    entry = make_entry(appraisal)
    chief, second, third = make_panel(appraisal)
    address = page(appraisal, f"review/{entry.pk}/")
    client.force_login(chief)
    assert any("Review candidates" in todo.label for todo in todos.todos_of(chief))
    client.post(address, {"points": "80", "note": "思路清楚"})
    client.post(address, {"points": "84", "note": "思路清楚"})
    client.force_login(second)
    shown = client.get(address).text
    assert "思路清楚" not in shown and entry.person.name not in shown
    assert client.post(address, {"points": "101"}).status_code == 200
    client.post(address, {"points": "88"})
    assert not Review.objects.exists()
    client.force_login(third)
    client.post(address, {"points": "86.5"})
    review = Review.objects.get()
    assert (review.mean, review.difference) == (Decimal("86.17"), Decimal(4))
    assert services.review_points(appraisal) == {entry.pk: Decimal("86.17")}
    assert "思路清楚" in client.get(address).text
    for change in (
        lambda: Opinion.objects.update(points=1),
        lambda: Opinion.objects.all().delete(),
        lambda: Review.objects.update(mean=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert client.post(address, {"points": "10", "reason": "改"}).status_code == 403


def test_the_chief_decides_where_experts_differ_too_much(client: Client) -> None:
    appraisal = make_appraisal(level="l2", state="under_way")
    entry = make_entry(appraisal)
    experts = make_panel(appraisal)
    for expert, points in zip(experts, (60, 85, 70), strict=True):
        services.opine(entry, points=Decimal(points), by=expert)
    assert services.review_points(appraisal) == {}
    assert any("Decide where" in todo.label for todo in todos.todos_of(experts[0]))
    address = page(appraisal, f"review/{entry.pk}/")
    client.force_login(experts[1])
    assert client.post(address, {"points": "75", "reason": "x"}).status_code == 403
    client.force_login(experts[0])
    assert "required" in client.post(address, {"points": "75", "reason": ""}).text
    client.post(address, {"points": "75", "reason": "听取三位专家说明"})
    assert services.review_points(appraisal) == {entry.pk: Decimal("75.00")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.update(points=90)
    assert client.post(address, {"points": "90", "reason": "y"}).status_code == 403


def test_nobody_reviews_themselves_or_their_own_firm_and_a_panel_has_three(
    client: Client,
) -> None:
    appraisal, firm = make_appraisal(level="l2", state="under_way"), make_organisation()
    experts = make_panel(appraisal, 2)
    entry = make_entry(appraisal)
    client.force_login(experts[0])
    address = page(appraisal, f"review/{entry.pk}/")
    assert client.post(address, {"points": "80"}).status_code == 403
    experts += [make_staff(firm), make_user()]
    for expert in experts[2:]:
        Seat.objects.create(appraisal=appraisal, user=expert)
    colleague = make_entry(appraisal, organisation=firm)
    own = make_entry(appraisal, person=make_person(user=experts[3]))
    client.force_login(experts[2])
    assert client.get(page(appraisal, f"review/{colleague.pk}/")).status_code == 404
    client.force_login(experts[3])
    assert client.get(page(appraisal, f"review/{own.pk}/")).status_code == 404
    for expert in (experts[0], experts[1], experts[3]):
        services.opine(colleague, points=Decimal(80), by=expert)
    assert Review.objects.get().entry == colleague, "three others are enough"


def test_whom_an_examiner_stated_as_related_is_kept_from_their_seat(client: Client) -> None:
    appraisal = make_appraisal(level="l2", state="under_way")
    chief, second, third, related = make_panel(appraisal, 4)
    entry, other = make_entry(appraisal), make_entry(appraisal)
    services.opine(entry, points=Decimal(10), by=related)
    elsewhere = make_examiner(make_consortium(), user=chief)
    make_relation(elsewhere, entry.person)
    make_relation(make_examiner(appraisal.consortium, user=related), entry.person)
    client.force_login(related)
    address = page(appraisal, f"review/{entry.pk}/")
    assert client.get(address).status_code == 404
    shown = client.get(page(appraisal, "review/")).text
    assert other.number in shown and entry.number not in shown
    assert "do not review" in policy.may_opine(related, entry).reason
    with pytest.raises(ValidationError):
        services.opine(entry, points=Decimal(95), by=related)
    for expert in (chief, second, third):
        services.opine(entry, points=Decimal(80), by=expert)
    assert Review.objects.get().mean == 80, "what was given before the relation does not count"


def test_the_office_appoints_until_the_panel_is_at_work(client: Client) -> None:
    appraisal = make_appraisal(level="l2", state="under_way")
    office, expert = make_staff(appraisal.organiser), make_user()
    role = {"kind": Role.Kind.EXPERT, "consortium": appraisal.consortium}
    Role.objects.create(user=expert, **role)
    client.force_login(office)
    client.post(page(appraisal, "panel/new/"), {"user": expert.pk})
    seat = Seat.objects.get()
    assert seat.user == expert and seat.chief, "the first is the chief"
    assert Notice.objects.get(to=expert).url == page(appraisal, "review/")
    button = f'href="{page(appraisal, "review/")}"'
    assert button not in client.get(page(appraisal, "")).text
    client.force_login(expert)
    assert button in client.get(page(appraisal, "")).text
    assert client.get(page(appraisal, "review/")).status_code == 200
    client.force_login(office)
    assert (
        "valid choice" in client.post(page(appraisal, "panel/new/"), {"user": make_user().pk}).text
    )
    client.post(page(appraisal, f"panel/{seat.pk}/remove/"))
    assert not Seat.objects.exists()
    entry = make_entry(appraisal)
    services.opine(entry, points=Decimal(70), by=make_panel(appraisal)[0])
    assert client.get(page(appraisal, "panel/new/")).status_code == 403
    for user in (make_user(), make_staff(make_organisation())):
        client.force_login(user)
        assert client.get(page(appraisal, "panel/")).status_code == 403
        assert client.get(page(appraisal, "parts/review/")).status_code == 403
        assert client.get(page(appraisal, "review/")).status_code == 404


def test_the_list_of_marks_asks_the_same_with_many(client: Client) -> None:
    appraisal = make_by_office()
    office = make_staff(appraisal.organiser)
    client.force_login(office)

    def more(count: int) -> None:
        marks = [(make_entry(appraisal), Said(Decimal(70))) for _number in range(count)]
        services.give(appraisal, "performance", marks, by=office)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page(appraisal, "parts/performance/")).status_code == 200
        return len([one for one in asked if "consents_view" not in one["sql"]])

    more(1)
    queries()
    one = queries()
    more(20)
    assert queries() == one
