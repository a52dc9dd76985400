"""The register: columns and filters."""

from datetime import timedelta
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.examiners.models import Card, Examiner
from silian.education.examiners.services import AHEAD
from silian.education.questions.schema import Level
from silian.kernel import clock
from silian.kernel.codes.fields import CodeFilter
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.listing import DateColumn, LinkColumn, Table
from silian.kernel.ui.templatetags.ui import badge

VALID, ENDING, ENDED, NONE = "valid", "ending", "ended", "none"
VALIDITY = [
    (VALID, _("Valid")),
    (ENDING, _("Runs out within 60 days")),
    (ENDED, _("Run out")),
    (NONE, _("No card")),
]
COLOURS = {VALID: "green", ENDING: "yellow", ENDED: "red"}


def validity_of(card: Card) -> str:
    if card.valid_until < clock.today():
        return ENDED
    return ENDING if card.valid_until <= clock.today() + AHEAD else VALID


class ExaminerTable(Table):
    user = LinkColumn(accessor="user__name", order_by="user__name", verbose_name=_("examiner"))
    organisation = tables.Column(accessor="organisation__name", order_by="organisation__name_zh")
    cards = tables.Column(empty_values=(), orderable=False, verbose_name=_("cards"))
    until = DateColumn(verbose_name=_("valid until"))
    validity = tables.Column(accessor="until", orderable=False, verbose_name=_("validity"))

    class Meta:
        model = Examiner
        fields = "user organisation cards until validity".split()
        sequence = fields

    def render_cards(self, record: Examiner) -> str:
        cards = record.cards.all()
        return "、".join(f"{one.occupation.name} · {one.get_highest_display()}" for one in cards)

    def render_validity(self, record: Any) -> Any:
        kind = self.value_validity(record)
        return badge(dict(VALIDITY)[kind], COLOURS[kind])

    def value_validity(self, record: Any) -> str:
        return validity_of(Card(valid_until=record.until))


class ExaminerFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Name, organisation or number of a card"))
    occupation = CodeFilter(
        kind=CodeList.Kind.OCCUPATION, method="of_a_card", label=_("occupation")
    )
    level = filters.ChoiceFilter(choices=Level, method="of_a_card", label=_("examines level"))
    validity = filters.ChoiceFilter(choices=VALIDITY, method="of_a_card", label=_("validity"))

    class Meta:
        model = Examiner
        fields = "q occupation level validity".split()

    def search(self, rows: QuerySet[Examiner], name: str, value: str) -> QuerySet[Examiner]:
        numbered = Card.objects.filter(examiner=OuterRef("pk"), number__startswith=value)
        places = Q(organisation__name_zh__icontains=value) | Q(
            organisation__name_en__icontains=value
        )
        return rows.filter(Q(user__name__icontains=value) | places | Q(Exists(numbered)))

    def of_a_card(self, rows: QuerySet[Examiner], name: str, value: Any) -> QuerySet[Examiner]:
        return rows  # one card has to fit all three: filter_queryset

    def filter_queryset(self, queryset: QuerySet[Examiner]) -> QuerySet[Examiner]:
        rows: QuerySet[Examiner] = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        cards = Card.objects.filter(examiner=OuterRef("pk"))
        if asked["validity"] == NONE:
            return rows.filter(~Exists(cards))
        if occupation := asked["occupation"]:
            cards = cards.filter(occupation__code=occupation.code)
        if level := asked["level"]:
            cards = cards.filter(highest__lte=level)
        if validity := asked["validity"]:
            cards = cards.filter(valid_until__range=_days(validity))
        asks_cards = any(asked[name] for name in ("occupation", "level", "validity"))
        return rows.filter(Exists(cards)) if asks_cards else rows


def _days(validity: str) -> tuple[Any, Any]:
    today = clock.today()
    return {
        VALID: (today + AHEAD + timedelta(days=1), today.replace(year=today.year + 100, day=1)),
        ENDING: (today, today + AHEAD),
        ENDED: (today.replace(year=1990, day=1), today - timedelta(days=1)),
    }[validity]
