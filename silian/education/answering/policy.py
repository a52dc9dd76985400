"""Who may open a paper, and from where."""

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from silian.education.answering.models import Attempt
from silian.education.sittings.models import Candidate, Exam
from silian.education.sittings.policy import may_manage
from silian.governance.roles.policy import Viewer
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict


def attempt_of(candidate: Candidate) -> Attempt | None:
    """Asked for once, or not at all where it came with the candidate."""
    return getattr(candidate, "attempt", None)


def may_open(
    candidate: Candidate, attempt: Attempt | None, *, device: str, code: str = ""
) -> Verdict:
    """May this device open the paper now? A second device needs the invigilator's code."""
    exam = candidate.exam
    if exam.state != Exam.State.ANNOUNCED:
        return Verdict(_("The exam is not going on."))
    if attempt is not None:
        return _may_go_on(attempt, device, code)
    if clock.now() < exam.opens_at:
        return Verdict(_("The exam has not begun yet."))
    if clock.now() >= exam.closes_at:
        return Verdict(_("The exam is over."))
    if candidate.admitted_at is None:
        return Verdict(_("The invigilator has to check your identity first."))
    return YES


def _may_go_on(attempt: Attempt, device: str, code: str) -> Verdict:
    if attempt.end:
        return Verdict(_("Your paper is handed in."))
    last = attempt.opened.last()
    allowed = bool(attempt.device_code) and constant_time_compare(attempt.device_code, code.strip())
    if allowed or (last and last.device == device):
        return YES
    return Verdict(_("The paper is open on another device. Ask the invigilator for a code."))


def may_admit_late(user: Viewer, candidate: Candidate) -> Verdict:
    """May ``user`` decide that answers count which came after the end and the grace?"""
    own = may_manage(user, candidate.exam)
    if own and attempt_of(candidate) is None:
        return Verdict(_("The candidate has not begun."))
    return own
