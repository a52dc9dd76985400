"""What every reader gives: questions, and what could not be taken with the reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from silian.education.questions.building import Asked
from silian.education.questions.schema import problems

MOST = 5000  # questions in one file; more come by a spreadsheet, in the background


class Unreadable(Exception):
    """The whole file cannot be read; the text says why."""


class Untakable(Exception):
    """One question cannot be taken; the text says why."""


@dataclass(frozen=True)
class Question:
    """One question as it was found, with the name that the file gives it."""

    name: str
    content: dict[str, Any]
    key: Any
    explanation: tuple[str, str] = ("", "")
    loss: str = ""  # what was left out of it


@dataclass
class Found:
    """What stands in a file; ``refused`` and ``losses`` are pairs of a name and a reason."""

    questions: list[Question] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def losses(self) -> list[tuple[str, str]]:
        return [(one.name, one.loss) for one in self.questions if one.loss]

    def take(self, name: str, read: Callable[[], Question | None]) -> None:
        """Add what ``read`` gives if it is sound; otherwise why it is not."""
        try:
            question = read()
            if question is None:
                return
            wrong = problems(question.content, question.key)
            if wrong:
                raise Untakable("; ".join(dict.fromkeys(problem.message for problem in wrong)))
        except Untakable as reason:
            self.refused.append((name, str(reason)))
        else:
            self.questions.append(question)


def question(
    name: str, asked: Asked, explanation: tuple[str, str] = ("", ""), loss: str = ""
) -> Question:
    content, key = asked
    return Question(name[:100], content, key, explanation, loss)


def text_of(content: bytes) -> str:
    """The text of a file, in UTF-8 or in what Chinese Windows writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The text is neither UTF-8 nor GB 18030."))


def bounded(found: Iterable[Any]) -> list[Any]:
    """All of ``found`` unless they are too many for one file."""
    rows = list(found)
    if len(rows) > MOST:
        message = _("A file holds at most %(n)d questions; bring more by a spreadsheet.")
        raise Unreadable(message % {"n": MOST})
    return rows
