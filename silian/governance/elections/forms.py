"""An election, its posts, its scrutineers, hours and candidates as forms."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat
from silian.governance.council.policy import fits, voting_members
from silian.governance.elections import policy
from silian.governance.elections.models import Candidate, Election, Race
from silian.governance.meetings.models import Item, Meeting
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.ui.widgets import DayInput, MomentInput


class ElectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Election
        fields = ["title_zh", "title_en", "organ", "item", "order", "office_from"]
        widgets = {"office_from": DayInput()}
        help_texts = {
            "item": gettext_lazy(
                "Where the election is held in a meeting: those signed in are present, and proxies"
                " count."
            ),
            "office_from": gettext_lazy("Left empty: from the day of publication."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ModelChoiceField)
        ahead = Meeting.objects.filter(consortium=self.instance.consortium_id).exclude(
            state__in=[Meeting.State.CLOSED, Meeting.State.CANCELLED]
        )
        items = Item.objects.filter(kind=Item.Kind.ELECTION)
        field.queryset = items.filter(meeting__in=ahead).select_related("meeting")
        field.label_from_instance = lambda item: f"{item.meeting}: {item}"  # type: ignore[assignment]
        field.empty_label = _("Not in a meeting")


@dataclass(frozen=True)
class Group:
    """The seats of one post kept for one kind of unit, as the page shows them."""

    title: str
    seats: BoundField
    contested: BoundField


class PostsForm(forms.Form):
    """Which seats are to be filled, post by post, and where there is to be a contest."""

    def __init__(
        self, seats: Iterable[Seat], races: Iterable[Race], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.groups = [list(found) for _, found in groupby(seats, key=self._kind)]
        chosen = {self._kind(race): race for race in races}
        for number, group in enumerate(self.groups):
            race = chosen.get(self._kind(group[0]))
            ticked = [seat.pk for seat in race.seats.all()] if race else []
            self.fields[f"seats_{number}"] = forms.TypedMultipleChoiceField(
                label=_seats_title(group[0]),
                choices=[(seat.pk, _seat_label(seat)) for seat in group],
                coerce=int,
                required=False,
                initial=ticked,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            )
            self.fields[f"contested_{number}"] = forms.BooleanField(
                label=_("More candidates than seats"),
                required=False,
                initial=bool(race and race.contested),
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    @staticmethod
    def _kind(one: Seat | Race) -> tuple[str, str]:
        return one.post, one.category

    def sections(self) -> Iterator[Group]:
        for number, group in enumerate(self.groups):
            title = _seats_title(group[0])
            yield Group(title, self[f"seats_{number}"], self[f"contested_{number}"])

    def chosen(self) -> list[tuple[list[Seat], bool]]:
        """The seats of each post that is to be filled, and whether it is contested."""
        found = []
        for number, group in enumerate(self.groups):
            keys = set(self.cleaned_data[f"seats_{number}"])
            seats = [seat for seat in group if seat.pk in keys]
            if seats:
                found.append((seats, self.cleaned_data[f"contested_{number}"]))
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not any(value for name, value in data.items() if name.startswith("seats_")):
            raise ValidationError(_("Choose a seat at least."))
        return data


def _seats_title(seat: Seat) -> str:
    return Race(post=seat.post, category=seat.category).title


def _seat_label(seat: Seat) -> str:
    holder = seat.holder
    words = {
        "seat": str(seat),
        "holder": holder and holder.person,
        "unit": holder and holder.organisation,
    }
    if holder is None:
        return _("%(seat)s: vacant") % words
    return _("%(seat)s: %(holder)s, %(unit)s") % words


class UntilForm(forms.Form):
    until = forms.DateTimeField(label=gettext_lazy("nominations until"), widget=MomentInput())

    def clean_until(self) -> Any:
        return _ahead(self.cleaned_data["until"])


def _ahead(moment: Any) -> Any:
    if moment <= clock.now():
        raise ValidationError(_("This moment is in the past."))
    return moment


class StatementForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Candidate
        fields = ["job", "statement_zh", "statement_en"]
        widgets = {
            "statement_zh": forms.Textarea(attrs={"rows": 6}),
            "statement_en": forms.Textarea(attrs={"rows": 6}),
        }


class CandidateForm(StatementForm):
    """Whom for which post, and in whose name."""

    account = forms.CharField(
        label=gettext_lazy("account"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("User name or e-mail of the person, where there is an account."),
    )
    field_order = ["race", "organisation", "person", "job", "account", "nominated_by"]

    class Meta(StatementForm.Meta):
        fields = ["race", "organisation", "person", "nominated_by", *StatementForm.Meta.fields]

    def __init__(
        self, election: Election, units: QuerySet[Organisation], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        members = voting_members(election.consortium, clock.today())
        every = Organisation.objects.filter(pk__in=members.values("organisation"))
        races = election.races.prefetch_related("seats")
        for name, rows in (("race", races), ("organisation", every), ("nominated_by", units)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.fields["organisation"].widget.attrs["data-search"] = ""
        self.fields["nominated_by"].required = False
        self._choose_nominator(election, units)

    def _choose_nominator(self, election: Election, units: QuerySet[Organisation]) -> None:
        """The secretariat may nominate in nobody's name; others do so for their unit."""
        field = self.fields["nominated_by"]
        assert isinstance(field, forms.ModelChoiceField)
        first = units.first()
        self.initial.setdefault("organisation", first and first.pk)
        if first is None:
            del self.fields["nominated_by"]
        else:
            field.initial, field.empty_label, field.required = first.pk, None, True

    def clean_account(self) -> User | None:
        typed = self.cleaned_data["account"].strip()
        if not typed:
            return None
        found = User.objects.filter(Q(username=typed) | Q(email__iexact=typed), is_active=True)
        if len(found) != 1:
            raise ValidationError(_("Nobody with this user name or e-mail has an account."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        race, unit = data.get("race"), data.get("organisation")
        if race and unit:
            seat = race.seats.all()[0]
            if not fits(seat, unit):
                words = {"kind": seat.get_category_display()}
                self.add_error("organisation", _("This post is kept for %(kind)s.") % words)
            same = race.candidates.filter(organisation=unit, person=data.get("person", ""))
            if same.exclude(state__in=["declined", "withdrawn"]).exists():
                self.add_error("person", _("This person is nominated for the post already."))
        return data


def open_seats_in_order(consortium: Consortium) -> list[Seat]:
    """Post by post, so that seats of a kind stand together."""
    seats = policy.open_seats(consortium).prefetch_related("terms__organisation")
    posts = [post for post, _label in Race._meta.get_field("post").choices or []]
    return sorted(seats, key=lambda seat: (posts.index(seat.post), seat.category, seat.number))
