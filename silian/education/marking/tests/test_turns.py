"""Two who mark apart from each other, and a third where they differ."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.test import Client
from time_machine import travel

from silian.education.marking import blind, services, turns
from silian.education.marking.models import Answer, Mark, Marker, Marking
from silian.education.marking.policy import possible_markers
from silian.education.marking.tests.factories import make_marker, make_marking, question
from silian.governance.members.tests.factories import make_staff
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db
ESSAY = {"3": "先断电，挂牌，再检修。"}


# --- the desk ---------------------------------------------------------------------------


@pytest.fixture
def marking() -> Marking:
    return make_marking([ESSAY, ESSAY])


def markers(marking: Marking, count: int = 3) -> list[Marker]:
    return [make_marker(marking) for _n in range(count)]


def mark_all(marker: Marker, *points: object) -> None:
    asked = question(marker.marking, "3")
    for one in points:
        mark = turns.take(marker, asked)
        assert mark is not None
        turns.give(mark, points=Decimal(str(one)), by=marker.user)


def points(marking: Marking) -> set[Decimal | None]:
    answers = Answer.objects.filter(sheet__marking=marking, question__item="3")
    return set(answers.values_list("points", flat=True))


def test_each_answer_gets_two_markers_and_a_third_where_they_differ(marking: Marking) -> None:
    first, second, third = markers(marking)
    asked = question(marking, "3")
    mark_all(first, 8, 4)
    assert turns.take(first, asked) is None, "nobody marks an answer twice"
    mark_all(second, 8, 8)
    assert points(marking) == {Decimal(8), None}
    assert blind.questions_of(third).get(pk=asked.pk).waiting == 1
    mark_all(third, 7)
    assert points(marking) == {Decimal(8), Decimal("7.5")}
    assert turns.take(third, asked) is None


def test_both_markers_get_the_answers_in_the_same_drawn_order(marking: Marking) -> None:
    first, second, _third = markers(marking)
    drawn = list(blind.answers_for(first).values_list("pk", flat=True))
    assert drawn == list(blind.answers_for(second).values_list("pk", flat=True))
    mark_all(first, 8, 8)
    assert list(first.marks.order_by("at").values_list("answer", flat=True)) == drawn


def test_a_marker_has_one_answer_in_hand_and_may_leave_it(marking: Marking) -> None:
    first, second, third = markers(marking)
    asked = question(marking, "3")
    mark = turns.take(first, asked)
    assert mark and turns.take(first, asked) == mark, "reloading takes no other"
    other = turns.take(second, asked)
    assert other and other.answer == mark.answer and other.turn == 2
    assert turns.take(third, asked).answer != mark.answer  # type: ignore[union-attr]
    turns.put_back(mark)
    assert turns.take(first, asked).answer == mark.answer  # type: ignore[union-attr]


def test_what_is_held_too_long_goes_to_somebody_else(marking: Marking) -> None:
    first, second, third = markers(marking)
    asked = question(marking, "3")
    held = {turns.take(one, asked).answer_id for one in (first, second)}  # type: ignore[union-attr]
    with travel(clock.now() + blind.HELD * 2):
        taken = turns.take(third, asked)
    assert taken and {taken.answer_id} == held


def test_points_may_be_changed_until_the_item_is_finished(marking: Marking) -> None:
    first, second, third = markers(marking)
    mark_all(first, 8, 8)
    mark_all(second, 8)
    mark = first.marks.get(answer__points=8)
    assert blind.may_change(mark) and changeable(first) == set(first.marks.all())
    turns.give(mark, points=Decimal(7), by=first.user)
    assert Decimal("7.5") in points(marking)
    turns.give(mark, points=Decimal(1), by=first.user)
    assert points(marking) == {None}, "now they differ too much"
    mark_all(third, 1)
    assert not blind.may_change(Mark.objects.get(pk=mark.pk)), "a third was called"
    assert mark not in changeable(first) and changeable(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        turns.give(mark, points=Decimal(8), by=first.user)
    rest = first.marks.exclude(pk=mark.pk).get()
    mark_all(second, 8)
    assert not blind.may_change(rest) and not changeable(first), "the item is finished"


def changeable(marker: Marker) -> set[Mark]:
    """Of one item, as the list of what one has marked asks for it."""
    marks = list(blind.own_marks(marker.user).exclude(points=None))
    keys = blind.changeable(marks)
    return {one for one in marks if one.pk in keys}


def test_points_that_cannot_be_are_refused(marking: Marking) -> None:
    [first] = markers(marking, 1)
    mark = turns.take(first, question(marking, "3"))
    assert mark
    for wrong in ("10.5", "2.25", "-1"):
        with pytest.raises(ValidationError):
            turns.give(mark, points=Decimal(wrong), by=first.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.update(points=11, at=clock.now())


def test_the_database_lets_nobody_mark_alone_or_as_a_third_without_need(marking: Marking) -> None:
    first, second, third = markers(marking)
    mark_all(first, 8, 8)
    answer = Answer.objects.filter(question__item="3").first()
    assert answer
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(points=8)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(answer=answer, marker=first, turn=2)
    mark_all(second, 8, 8)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(answer=answer, marker=third, turn=3)
    choice = Answer.objects.filter(question__item="1").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(answer=choice, marker=third, turn=1)


def test_a_candidate_never_marks_their_own_exam(marking: Marking) -> None:
    candidate = marking.exam.candidates.first()
    assert candidate
    candidate.person.user = make_staff(marking.exam.organiser)
    candidate.person.save()
    assert candidate.person.user not in possible_markers(marking)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_marker(marking, candidate.person.user)


def test_who_is_appointed_for_one_item_gets_no_other() -> None:
    marking = make_marking([{**ESSAY, "4.2": "轴承磨损。"}])
    marker = make_marker(marking, None, question(marking, "4.2"))
    assert [str(one) for one in blind.questions_of(marker)] == ["A4.2"]


@pytest.mark.django_db(transaction=True)
def test_three_at_the_same_moment_get_no_more_than_two_turns() -> None:
    committed = make_marking([ESSAY])
    people = markers(committed)
    asked = question(committed, "3")
    barrier, taken = threading.Barrier(len(people)), []

    def take(marker: Marker) -> None:
        try:
            barrier.wait(timeout=10)
            taken.append(turns.take(marker, asked))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(taken) == 3
    made = list(Mark.objects.order_by("turn").values_list("turn", flat=True))
    assert made in ([1], [1, 2]), "skipped while another takes it, or one turn each"
    for one in people:
        turns.take(one, asked)
    assert Mark.objects.count() == 2


# --- pages ------------------------------------------------------------------------------


def test_a_marker_sees_the_answer_and_nobodys_name(marking: Marking, client: Client) -> None:
    first, second, _third = markers(marking)
    candidate = marking.exam.candidates.first()
    assert candidate
    mark_all(first, 3)
    client.force_login(second.user)
    desk = services.desk_of(second)
    asked = question(marking, "3")
    pages = [client.get(desk), client.get(f"{desk}{asked.pk}/"), client.get("/me/marking/")]
    page = pages[1].content.decode()
    assert "先断电" in page and "论述安全操作规程" in page
    for answer in pages:
        said = answer.content.decode()
        assert answer.status_code == 200
        assert candidate.person.name not in said and candidate.number not in said
    assert "3.00" not in page and 'value="3' not in page, "nor the other's points"


def test_marking_goes_on_to_the_next_answer_and_keeps_what_was_typed(
    marking: Marking, client: Client
) -> None:
    [first] = markers(marking, 1)
    client.force_login(first.user)
    url = f"{services.desk_of(first)}{question(marking, '3').pk}/"
    client.get(url)
    mark = first.marks.get()
    wrong = client.post(url, {"mark": mark.pk, "points": "99", "comment": "缺少挂牌"})
    assert "缺少挂牌" in wrong.content.decode() and first.marks.get().points is None
    right = client.post(url, {"mark": mark.pk, "points": "7.5", "comment": "缺少挂牌"})
    assert right.status_code == 302 and first.marks.get().points == Decimal("7.5")
    stale = client.post(url, {"mark": mark.pk, "points": "1"})
    assert stale.status_code == 302 and first.marks.get(pk=mark.pk).points == Decimal("7.5")
    changed = f"{services.desk_of(first)}marks/{mark.pk}/"
    assert client.post(changed, {"points": "8"}).status_code == 302
    assert "8" in client.get(f"{url}given/").content.decode()
    assert first.marks.get(pk=mark.pk).points == 8


def test_the_desk_is_for_its_markers(marking: Marking, client: Client) -> None:
    first, second, _third = markers(marking)
    client.force_login(make_user())
    assert client.get(services.desk_of(first)).status_code == 404
    assert client.get("/me/marking/").status_code == 200
    mark = turns.take(first, question(marking, "3"))
    assert mark
    client.force_login(second.user)
    assert client.get(f"{services.desk_of(first)}marks/{mark.pk}/").status_code == 404
    office = make_staff(marking.exam.organiser)
    services.withdraw(second, by=office)
    assert client.get(services.desk_of(first)).status_code == 404


def test_markers_are_told_and_find_it_among_what_is_to_do(marking: Marking) -> None:
    [first] = markers(marking, 1)
    [todo] = [one for one in todos_of(first.user) if one.url == services.desk_of(first)]
    assert todo.count == 2
    assert Notice.objects.filter(to=first.user).count() == 1
