from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.talent.criteria import policy, services
from silian.talent.criteria.groups import holding, members_of
from silian.talent.criteria.imports import CriterionScores
from silian.talent.criteria.models import Criterion, Requirement, Reserve
from silian.talent.criteria.tests.factories import (
    make_criterion,
    make_requirement,
    make_reserve,
)
from silian.talent.profiles.tests.factories import make_student
from silian.talent.rounds import services as rounds
from silian.talent.rounds.tests.factories import make_round, make_seat
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.policy import may_join, visible_choices
from silian.talent.wishes.tests.factories import make_member_student, make_wishes

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


def test_each_condition_describes_its_group() -> None:
    found = make_round()
    region = make_code(CodeList.Kind.REGION)
    college = make_organisation(Organisation.Kind.COLLEGE, region=region)
    secondary = make_organisation(Organisation.Kind.SECONDARY)
    programme = make_code(CodeList.Kind.PROGRAMME, "460104")
    one = make_student(college, programme=programme, points=90)
    two = make_student(secondary, points=60)
    one.person.born_on, two.person.born_on = date(2008, 3, 2), date(2009, 3, 2)
    for it in (one, two):
        it.person.save()
    criterion = make_criterion(found)
    services.bring_scores(criterion, {one.pk: Decimal(70)}, by=make_user())
    only_one = [
        {"kind": "school", "school": college},
        {"kind": "level", "level": 2},
        {"kind": "programme", "programme": programme},
        {"kind": "region", "region": region},
        {"kind": "points", "number": Decimal(80)},
        {"kind": "age_from", "number": Decimal(18)},
        {"kind": "criterion", "criterion": criterion, "number": Decimal(70)},
    ]
    rules = [Requirement(round=found, **facts) for facts in only_one]
    for rule in rules:
        rule.save()
        group = set(members_of([rule], date(2026, 3, 2)))
        assert group == {one}, rule.kind
        assert rule.words
    assert holding(rules, one, date(2026, 3, 2)) == set(rules)
    assert holding(rules, two, date(2026, 3, 2)) == set()
    young = make_requirement(found, kind="age_to", number=16)
    assert set(members_of([young], date(2026, 3, 1))) == {two}


def test_points_are_the_weighed_mean_of_the_criteria() -> None:
    found = make_round()
    seat = make_seat(found)
    make_criterion(found, title_zh="综合成绩", source="record", weight=60)
    contest = make_criterion(found, weight=40)
    make_criterion(found, title_zh="标记", weight=0)
    rounds.open_wishes(found, by=make_user())
    mine = make_wishes(found, seat, points=80)
    other = make_wishes(found, seat, points=80)
    services.bring_scores(contest, {mine.student_id: Decimal(95)}, by=make_user())
    close_wishes(found, by=None)
    for wishes in (mine, other):
        wishes.refresh_from_db()
    assert (mine.points, other.points) == (Decimal(86), Decimal(48))


def test_a_seat_that_is_not_open_says_why() -> None:
    found = make_round()
    open_seat, high, kept = (make_seat(found) for _ in range(3))
    high.position.education = 3
    high.position.save()
    make_requirement(found, seat=kept, kind="points", number=95)
    student = make_member_student(found, points=80)
    told = {seat: seat.why_not for seat in visible_choices(student, found)}
    assert told[open_seat] == ""
    assert "education" in told[high]
    assert "95 points" in told[kept]


def test_a_requirement_of_the_round_keeps_others_out_and_alternatives_are_enough() -> None:
    found = make_round()
    make_seat(found)
    student = make_member_student(found, points=80)
    make_requirement(found, kind="school", school=make_organisation(Organisation.Kind.COLLEGE))
    verdict = may_join(student, found)
    assert not verdict and "Only for students of" in str(verdict.reason)
    make_requirement(found, kind="school", school=student.school)
    assert may_join(student, found)


def test_what_is_no_longer_met_is_barred_when_wishes_close() -> None:
    found = make_round()
    plain, asking = make_seat(found), make_seat(found)
    make_requirement(found, seat=asking, kind="points", number=70)
    rounds.open_wishes(found, by=make_user())
    wishes = make_wishes(found, asking, plain, points=80)
    wishes.student.points = 60
    wishes.student.save()
    asking.position.__class__.objects.filter(pk=plain.position_id).update(education=4)
    close_wishes(found, by=None)
    assert [it.barred for it in wishes.wishes.all()] == ["rule", "education"]


def test_the_rules_of_an_open_round_stand() -> None:
    found = make_round()
    seat = make_seat(found, 2)
    criterion = make_criterion(found)
    reserve = make_reserve(seat, kind="points", number=50)
    rounds.open_wishes(found, by=make_user())
    changes = [
        lambda: Criterion.objects.filter(pk=criterion.pk).update(weight=1),
        lambda: Reserve.objects.filter(pk=reserve.pk).update(places=2),
        lambda: make_requirement(found, kind="points", number=1),
        reserve.delete,
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_scores_stand_once_wishes_are_closed() -> None:
    found = make_round()
    seat, criterion = make_seat(found), make_criterion(found)
    rounds.open_wishes(found, by=make_user())
    wishes = make_wishes(found, seat)
    close_wishes(found, by=None)
    assert not policy.may_bring_scores(make_secretary(found.consortium), criterion)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.bring_scores(criterion, {wishes.student_id: Decimal(1)}, by=make_user())


def test_a_secretary_sets_rules_and_wrong_input_names_the_field(client: Client) -> None:
    found = make_round()
    seat = make_seat(found, 3)
    client.force_login(make_secretary(found.consortium))
    page = f"/{found.consortium.slug}/placement/{found.pk}/rules/"
    client.post(f"{page}criterion/new/", {"title_zh": "面试", "source": "sheet", "weight": 30})
    assert found.criteria.get().title_zh == "面试"
    answer = client.post(f"{page}requirement/new/", {"kind": "points", "number": ""})
    assert answer.context["form"].errors["number"]
    facts = {"seat": seat.pk, "places": 4, "kind": "level", "level": 2}
    assert "3 places" in client.post(f"{page}reserve/new/", facts).text
    client.post(f"{page}reserve/new/", facts | {"places": 2})
    assert seat.reserves.get().places == 2
    assert "first for" in client.get(page).text
    client.post(f"{page}reserve/{seat.reserves.get().pk}/remove/")
    assert not seat.reserves.exists()


def test_a_stranger_reads_published_rules_and_sets_none(client: Client) -> None:
    found = make_round()
    make_seat(found)
    page = f"/{found.consortium.slug}/placement/{found.pk}/rules/"
    assert client.get(page).status_code == 404
    rounds.open_wishes(found, by=make_user())
    assert client.get(page).status_code == 200
    client.force_login(make_secretary(make_round().consortium))
    assert client.get(f"{page}criterion/new/").status_code == 403
    assert client.get(f"{page}nonsense/new/").status_code == 403


def test_rules_cost_the_same_queries_whatever_their_number(client: Client) -> None:
    found = make_round()
    seat = make_seat(found, 40)
    client.force_login(make_secretary(found.consortium))
    page = f"/{found.consortium.slug}/placement/{found.pk}/rules/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(page)
        return len(caught)

    make_reserve(seat, kind="school", school=make_organisation(Organisation.Kind.COLLEGE))
    queries()  # the first visit fills caches
    few = queries()
    for _ in range(29):
        make_reserve(seat, kind="school", school=make_organisation(Organisation.Kind.COLLEGE))
    assert queries() == few


def test_scores_come_by_sheet() -> None:
    found = make_round()
    criterion = make_criterion(found)
    school = make_membership(
        found.consortium, make_organisation(Organisation.Kind.COLLEGE)
    ).organisation
    student = make_student(school)
    stranger = make_student()

    class Line(SimpleNamespace):
        def __getitem__(self, name: str) -> object:
            return getattr(self, name)

    good = Line(number=student.number, school=school.name_zh, score=Decimal(88))
    sheet = CriterionScores()
    assert sheet.save([good], criterion, by=make_user(), progress=lambda done: None) == 1
    assert criterion.scores.get().value == 88
    bad = Line(number=stranger.number, school=stranger.school.name_zh, score=Decimal(1))
    assert [column for _row, column, _text in sheet.check([bad], criterion)] == ["number"]
