"""The code on the teacher's screen: it changes every half minute, and a photograph of it is soon
worth nothing."""

from django.utils.crypto import constant_time_compare, salted_hmac

from silian.education.courses.models import Lesson
from silian.kernel import clock

SECONDS = 30  # how long one code stands on the screen
KEPT = 2  # so many codes back are still taken: whoever scans the last one has time to press


def code_of(lesson: Lesson) -> str:
    """The code of this moment."""
    return _code(lesson, _step())


def is_current(lesson: Lesson, code: str) -> bool:
    now = _step()
    return any(constant_time_compare(_code(lesson, now - back), code) for back in range(KEPT + 1))


def _step() -> int:
    return int(clock.now().timestamp()) // SECONDS


def _code(lesson: Lesson, step: int) -> str:
    value = f"{lesson.pk}:{step}"
    return salted_hmac("silian.rollcall", value, algorithm="sha256").hexdigest()[:20]
