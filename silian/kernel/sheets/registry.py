"""What an app declares so that a list can be filled from a spreadsheet.

In the app's ``imports.py``, which is imported at start::

    class FoundingMember(forms.Form):  # one row; labels are the headers
        name_zh = forms.CharField(label=_("name in Chinese"), max_length=200)
        kind = forms.ChoiceField(label=_("kind"), choices=Organisation.Kind.choices)


    @register
    class FoundingMembers(Sheet[Consortium]):
        name = "members.founding"
        title = _("Founding members")
        row_form = FoundingMember
        examples = {"name_zh": "大连某某有限公司", "kind": Organisation.Kind.ENTERPRISE}

        def scope_from(self, text): return Consortium.objects.filter(slug=text).first()
        def permitted(self, user, scope): return policy.may_admit(user, scope)
        def save(self, rows, scope, *, by, progress): …
        def done_url(self, scope): return reverse("members:member_list", args=[scope])

The page is then ``reverse("sheets:import", args=["members.founding", consortium.slug])``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms

from silian.kernel.accounts.models import User
from silian.kernel.verdicts import Verdict

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Scope = TypeVar("Scope")
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Row:
    """One good row: its number in the file (the header's line counts) and its cleaned data."""

    number: int
    data: dict[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.data[field]


Finding = tuple[int, str, str]  # row number, field ("" for the whole row), message


class Sheet(ABC, Generic[Scope]):
    """One kind of list that can be imported, into one scope: a consortium, a school, a round."""

    name: str  # stands in the address: "members.founding"
    title: "str | _StrPromise"
    lead: "str | _StrPromise" = ""  # one sentence: what is imported, and what happens to it
    row_form: type[forms.BaseForm]
    examples: Mapping[str, Any] = {}  # one good row, shown in the template, skipped when read
    sealed = False  # the file holds what must not lie about: kept encrypted, not handed out again

    @abstractmethod
    def scope_from(self, text: str) -> Scope | None:
        """What the address names; None where there is nothing, which the reader sees as 404."""

    @abstractmethod
    def permitted(self, user: User, scope: Scope) -> Verdict:
        """May ``user`` import here and see past imports? A no is a 404: strangers learn nothing."""

    @abstractmethod
    def save(self, rows: Sequence[Row], scope: Scope, *, by: User, progress: Progress) -> int:
        """Write all rows and return how many; inside one transaction with the import itself.

        ``progress(done)`` may be called now and then. Raise ValidationError to stop: nothing is
        written, and its message is shown.
        """

    @abstractmethod
    def done_url(self, scope: Scope) -> str:
        """Where the imported rows can be seen."""

    def form(self, scope: Scope) -> forms.BaseForm:
        """The one form that reads every row of a file: what it looks up, it looks up once.

        Override to hand it the scope.
        """
        return self.row_form()

    def check(self, rows: Sequence[Row], scope: Scope) -> Iterable[Finding]:
        """What is wrong between rows, or between rows and what is stored already."""
        return ()

    def outlook(self, rows: Sequence[Row], scope: Scope) -> Iterable[str]:
        """What importing the good rows will do, in sentences for whoever decides."""
        return ()


_sheets: dict[str, Sheet[Any]] = {}


def register(sheet: type[Sheet[Any]]) -> type[Sheet[Any]]:
    """Class decorator: the sheet can be reached under its name."""
    _sheets[sheet.name] = sheet()
    return sheet


def sheet_named(name: str) -> Sheet[Any] | None:
    return _sheets.get(name)
