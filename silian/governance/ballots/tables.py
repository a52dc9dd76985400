"""The board as a list: every slip by its code, with what it says."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.engines.tallying import Choice
from silian.governance.ballots.models import Question, Slip
from silian.kernel.ui.listing import Table


def readable(
    questions: list[Question], choices: dict[str, dict[str, str]]
) -> list[tuple[str, str]]:
    """Each question, and what a slip says to it in words."""
    return [(question.text, said(question, choices[str(question.order)])) for question in questions]


def said(question: Question, marks: dict[str, str]) -> str:
    names = {str(option.order): option.label for option in question.options.all()}
    parts = [
        label + "、".join(names[place] for place, mark in marks.items() if mark == choice)
        for label, choice in ((_("for: "), Choice.FAVOUR), (_("against: "), Choice.AGAINST))
        if choice in marks.values()
    ]
    return "; ".join(parts) or _("abstains")


class SlipTable(Table):
    """``questions`` are set on a subclass for each poll."""

    code = tables.Column(
        verbose_name=gettext_lazy("code of the ballot"),
        attrs={"td": {"class": "font-monospace text-nowrap"}},
    )
    choices = tables.Column(verbose_name=gettext_lazy("ballot"), orderable=False)
    questions: list[Question] = []

    class Meta:
        model = Slip
        fields = ["code", "choices"]
        sequence = fields

    def render_choices(self, value: dict[str, Any]) -> SafeString:
        lines = readable(self.questions, value)
        return format_html_join("", "<div><b>{}</b> · {}</div>", lines)

    def value_choices(self, value: dict[str, Any]) -> str:
        return "\n".join(
            f"{question}: {words}" for question, words in readable(self.questions, value)
        )


def slip_table(questions: list[Question]) -> type[SlipTable]:
    return type("SlipTable", (SlipTable,), {"questions": questions})
