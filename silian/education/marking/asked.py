"""The questions of a form one by one: an item, or a part of a case, with what scores it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from silian.education.questions.building import answer_of, worded
from silian.education.sittings.models import Form
from silian.engines import scoring


@dataclass(frozen=True)
class Asked:
    """One question: what candidates saw, and what they did not."""

    item: str  # "7", of a case "7.2"
    section: dict[str, str]
    stem: dict[str, str] | None  # what the case tells, before its questions
    content: dict[str, Any]
    key: Any
    points: Decimal
    rule: str
    version: int

    @property
    def by_hand(self) -> bool:
        return scoring.by_hand(self.content, self.key)

    @property
    def right(self) -> list[str]:
        """The answer that the exam was set with, in words."""
        return answer_of(self.content, self.key)

    def score(self, response: Any, key: Any) -> Decimal | None:
        """By ``key``, which may have been corrected; None: people mark it."""
        return scoring.score(self.content, key, response, self.points, self.rule)


def asked_in(form: Form) -> dict[str, Asked]:
    """By item, in the order of the form."""
    return {asked.item: asked for asked in _questions(form)}


def _questions(form: Form) -> Iterator[Asked]:
    for section in form.content["sections"]:
        for item in section["items"]:
            known = form.keys[item["key"]]
            yield from _of_item(item["key"], section["title"], item["content"], known)


def _of_item(
    item: str, section: dict[str, str], content: dict[str, Any], known: dict[str, Any]
) -> Iterator[Asked]:
    points, rule, version = Decimal(known["points"]), known["rule"], known["version"]
    if content["kind"] != "case":
        yield Asked(item, section, None, content, known["key"], points, rule, version)
        return
    worth = scoring.shares(points, len(content["parts"]))
    for n, part in enumerate(content["parts"]):
        place, key = f"{item}.{n + 1}", known["key"][n]
        yield Asked(place, section, content["text"], part, key, worth[n], rule, version)


def in_words(content: dict[str, Any], response: Any) -> list[str]:
    """A response as people read it, a line each; it comes from a browser and may be anything."""
    if scoring.is_empty(response):
        return []
    if isinstance(response, bool):
        return [_("True") if response else _("False")]
    named = _named(content, "choices")
    if isinstance(response, dict):
        targets = _named(content, "targets")
        pairs = response.items()
        return [f"{named.get(one, one)} → {targets.get(str(to), to)}" for one, to in pairs]
    given = response if isinstance(response, list) else [response]
    return [named.get(str(one), str(one)) for one in given]


def _named(content: dict[str, Any], rows: str) -> dict[str, str]:
    return {row["id"]: f"{row['id'].upper()}. {worded(row)}" for row in content.get(rows, [])}
