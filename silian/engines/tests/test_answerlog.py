from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from silian.engines.answerlog import SLACK, Line, answers, counts

END = datetime(2026, 6, 1, 10, tzinfo=UTC)
GRACE = timedelta(minutes=10)
seconds = st.integers(-3600, 3600)


@st.composite
def logs(draw: st.DrawFn) -> list[Line]:
    places = draw(st.sets(st.tuples(st.integers(1, 4), st.integers(1, 30)), max_size=40))
    lines = []
    for opening, number in sorted(places):
        said = draw(seconds)
        received = max(said, draw(seconds))
        lines.append(
            Line(
                opening,
                number,
                item=draw(st.sampled_from(["1", "2", "3.1"])),
                response=draw(st.integers()),
                said_at=END + timedelta(seconds=said),
                received_at=END + timedelta(seconds=received),
                admitted=draw(st.booleans()),
            )
        )
    return lines


@given(logs(), st.randoms())
def test_order_of_arrival_and_repetition_make_no_difference(log, random) -> None:
    shuffled = log + log[: len(log) // 2]
    random.shuffle(shuffled)
    assert answers(shuffled, ends_at=END, grace=GRACE) == answers(log, ends_at=END, grace=GRACE)


@given(logs())
def test_the_last_line_that_counts_is_the_answer_and_no_line_is_forgotten(log) -> None:
    found = answers(log, ends_at=END, grace=GRACE)
    counted = [line for line in log if counts(line, END, GRACE)]
    assert set(found.by_item) == {line.item for line in counted}
    for item, response in found.by_item.items():
        assert (
            max((x for x in counted if x.item == item), key=lambda x: x.place).response == response
        )
    assert len(found.too_late) + len(counted) == len(log)


def line(said: int, received: int, *, admitted: bool = False) -> Line:
    moments = [END + timedelta(seconds=one) for one in (said, received)]
    return Line(1, 1, "1", "a", *moments, admitted=admitted)


def test_what_was_written_in_time_may_arrive_within_the_grace() -> None:
    grace = int(GRACE.total_seconds())
    assert counts(line(-1, grace), END, GRACE)
    assert not counts(line(-1, grace + 1), END, GRACE)
    assert not counts(line(60, 61), END, GRACE), "written after the end"
    assert counts(line(1, int(SLACK.total_seconds())), END, GRACE), "was on its way"
    assert counts(line(-1, 9999, admitted=True), END, GRACE)
