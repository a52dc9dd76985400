"""Calling the roll. Each function is one thing somebody does."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.courses.models import Lesson
from silian.education.enrolments.models import Enrolment
from silian.education.rollcalls import policy
from silian.education.rollcalls.codes import is_current
from silian.education.rollcalls.models import Mark
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@transaction.atomic
def answer(lesson: Lesson, code: str, *, by: User) -> Mark:
    """Somebody who scanned the screen is here. The code counts for a minute and a half."""
    mine = policy.place_in(by, lesson)
    if mine is None or not is_current(lesson, code):
        raise ValidationError(_("This code is no longer valid. Scan the screen again."))
    facts = {"was": Mark.Was.HERE, "how": Mark.How.CODE, "at": clock.now(), "by": by}
    mark, _new = Mark.objects.update_or_create(lesson=lesson, enrolment=mine, defaults=facts)
    return mark


@transaction.atomic
def call_by_list(lesson: Lesson, marks: Mapping[Enrolment, str], *, by: User) -> int:
    """Keep who was there; what the code has noted and does not change stays as it was noted."""
    known = dict(lesson.marks.values_list("enrolment", "was"))
    changed = {one: was for one, was in marks.items() if was and known.get(one.pk) != was}
    for enrolment, was in changed.items():
        facts = {"was": was, "how": Mark.How.LIST, "at": clock.now(), "by": by}
        Mark.objects.update_or_create(lesson=lesson, enrolment=enrolment, defaults=facts)
    if changed:
        action = gettext_noop("Roll called by list")
        record(lesson.session, action, by=by, lesson=str(lesson), changed=len(changed))
    return len(changed)
