import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from silian.kernel.audit.models import Entry
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes import policy, services
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.models import Wish, WishList
from silian.talent.wishes.tests.factories import (
    make_member_student,
    make_open_round,
    make_wishes,
    wish_of,
)

pytestmark = pytest.mark.django_db


def seats_in_order(wish_list: WishList) -> list[Seat]:
    return [wish.seat for wish in wish_list.wishes.select_related("seat")]


def test_wishes_are_added_moved_and_removed_without_gaps() -> None:
    found = make_open_round((1, 1, 1))
    a, b, c = found.seats.all()
    mine = make_wishes(found, a, b, c)
    by = mine.student.user
    assert seats_in_order(mine) == [a, b, c]

    services.place_wish(wish_of(mine, c), order=1, version=3, by=by)
    assert seats_in_order(mine) == [c, a, b]
    services.place_wish(wish_of(mine, c), order=2, version=4, by=by)
    assert seats_in_order(mine) == [a, c, b]
    services.remove_wish(wish_of(mine, a), version=5, by=by)
    assert [(w.order, w.seat) for w in mine.wishes.all()] == [(1, c), (2, b)]
    assert Entry.objects.filter(action="Wishes changed", by=by).count() == 6


def test_what_another_window_changed_is_never_overwritten() -> None:
    found = make_open_round((1, 1))
    a, b = found.seats.all()
    mine = make_wishes(found, a)
    with pytest.raises(services.ChangedElsewhere):
        services.add_wish(found, mine.student, b, version=0, by=mine.student.user)
    assert seats_in_order(mine) == [a]


def test_a_position_is_wished_once_and_only_so_many() -> None:
    found = make_open_round((1, 1), max_wishes=1)
    a, b = found.seats.all()
    mine = make_wishes(found, a)
    with pytest.raises(ValidationError, match="already"):
        services.add_wish(found, mine.student, a, version=1, by=mine.student.user)
    with pytest.raises(ValidationError, match="1 wishes"):
        services.add_wish(found, mine.student, b, version=1, by=mine.student.user)


def test_confirming_sends_a_receipt_and_a_change_asks_again() -> None:
    found = make_open_round((1, 1))
    a, b = found.seats.all()
    mine = make_wishes(found, a)
    by = mine.student.user
    services.confirm_wishes(mine, version=1, by=by)
    mine.refresh_from_db()
    assert mine.confirmed_at
    assert "1 wishes are saved" in Notice.objects.get(to=by).text
    services.add_wish(found, mine.student, b, version=1, by=by)
    mine.refresh_from_db()
    assert mine.confirmed_at is None


def test_after_closing_the_database_refuses_wishes() -> None:
    found = make_open_round((1, 1))
    a, b = found.seats.all()
    mine = make_wishes(found, a)
    stale = Round.objects.get(pk=found.pk)
    close_wishes(found, by=None)
    with pytest.raises(IllegalMove), transaction.atomic():
        services.add_wish(stale, mine.student, b, version=1, by=mine.student.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wish.objects.create(list=mine, seat=b, order=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        found.seats.first().delete()
    assert seats_in_order(mine) == [a]


def test_closing_freezes_points_eligibility_and_the_draw() -> None:
    found = make_open_round((1, 1), graduates=2027)
    a, b = found.seats.all()
    fitting, moved, left, late = (make_wishes(found, a, b) for _ in range(4))
    a.position.programmes.add(fitting.student.programme, moved.student.programme)
    Student.objects.filter(pk=moved.student_id).update(programme=make_code("programme"))
    Student.objects.filter(pk=left.student_id).update(state="left")
    Student.objects.filter(pk=late.student_id).update(graduates=2028)

    close_wishes(found, by=None)

    barred = {w.list_id: [x.barred for x in w.list.wishes.all()] for w in a.wishes.all()}
    assert barred[fitting.pk] == ["", ""]
    assert barred[moved.pk] == ["programme", ""]
    assert barred[left.pk] == ["left", "left"]
    assert barred[late.pk] == ["graduates", "graduates"]
    assert sorted(found.wish_lists.values_list("draw", flat=True)) == [0, 1, 2, 3]
    Student.objects.filter(pk=fitting.student_id).update(points="10")
    fitting.refresh_from_db()
    assert fitting.points == 80


def test_a_programme_fits_through_the_groups_above_it() -> None:
    found = make_open_round((1, 1))
    a, b = found.seats.all()
    group = make_code("programme")
    student = make_member_student(found, programme=make_code("programme", parent=group))
    a.position.programmes.add(group)
    b.position.programmes.add(make_code("programme"))
    assert list(policy.visible_choices(student, found).filter(why_not="")) == [a]


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_neither_lose_nor_double_a_wish() -> None:
    found = make_open_round((1, 1))
    seats = list(found.seats.all())
    student = make_member_student(found)
    start, outcomes = threading.Barrier(2), []

    def window(seat: Seat) -> None:
        try:
            start.wait()
            services.add_wish(found, student, seat, version=0, by=student.user)
            outcomes.append("saved")
        except services.ChangedElsewhere:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=window, args=[seat]) for seat in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "told"]
    assert WishList.objects.get(student=student).wishes.count() == 1
