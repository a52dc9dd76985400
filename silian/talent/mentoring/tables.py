"""Mentors of a cohort, their hours, and what is due: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import (
    DateColumn,
    LinkColumn,
    MoneyColumn,
    NumberColumn,
    StateColumn,
    Table,
)
from silian.talent.mentoring.models import Hours, Mentor


def page_of_mentor(mentor: Mentor) -> str:
    cohort = mentor.cohort
    return reverse("mentoring:mentor_detail", args=[cohort.consortium, cohort.pk, mentor.pk])


def page_of_hours(hours: Hours) -> str:
    cohort = hours.mentor.cohort
    return reverse("mentoring:hours_detail", args=[cohort.consortium, cohort.pk, hours.pk])


class MentorTable(Table):
    name = LinkColumn(to=page_of_mentor)
    organisation = tables.Column(accessor="organisation__name", order_by="organisation__name_zh")
    post = tables.Column()
    looks_after = NumberColumn(accessor="cared", orderable=False, verbose_name=_("looks after"))
    confirmed = NumberColumn(verbose_name=_("confirmed hours"))
    fee = MoneyColumn()

    class Meta:
        model = Mentor
        fields = "name organisation post looks_after confirmed fee".split()
        sequence = fields


class HoursTable(Table):
    what = LinkColumn(to=page_of_hours)
    on = DateColumn()
    mentor = tables.Column(accessor="mentor__name", order_by="mentor__name")
    organisation = tables.Column(
        accessor="mentor__organisation__name",
        order_by="mentor__organisation__name_zh",
        verbose_name=_("organisation"),
    )
    hours = NumberColumn()
    state = StateColumn()

    class Meta:
        model = Hours
        fields = "what on mentor organisation hours state".split()
        sequence = fields


def mentors_here(request: HttpRequest | None) -> QuerySet[Mentor]:
    key = request.resolver_match.kwargs["pk"] if request and request.resolver_match else 0
    return Mentor.objects.filter(cohort=key)


class HoursFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="what", lookup_expr="icontains", label=_("what was done"))
    mentor = filters.ModelChoiceFilter(queryset=mentors_here, label=_("mentor"))
    state = filters.ChoiceFilter(choices=Hours.State.choices)

    class Meta:
        model = Hours
        fields = "q mentor state".split()


class DueTable(Table):
    mentor = tables.Column(accessor="mentor__name", verbose_name=_("mentor"), orderable=False)
    organisation = tables.Column(
        accessor="mentor__organisation__name", verbose_name=_("organisation"), orderable=False
    )
    hours = NumberColumn(verbose_name=_("confirmed hours"), orderable=False)
    open_hours = NumberColumn(verbose_name=_("not confirmed"), orderable=False)
    rate = MoneyColumn(accessor="mentor__fee", verbose_name=_("fee an hour, yuan"), orderable=False)
    fee = MoneyColumn(verbose_name=_("due, yuan"), orderable=False)

    class Meta:
        sequence: Any = "mentor organisation hours open_hours rate fee".split()
