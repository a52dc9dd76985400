from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.schemes.levels import PartKind, SkillLevel
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Appraisal(models.Model):
    """People of one occupation are appraised for one level by one body, by a rule that stays as it
    was when entries opened (``terms``, see schemes.terms)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OPEN = "open", _("Open for entries")
        UNDER_WAY = "under_way", _("Under way")
        DRAFTED = "drafted", _("Results drafted")
        PUBLICITY = "publicity", _("In publicity")
        PUBLISHED = "published", _("Results final")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.DRAFT: {State.OPEN, State.CANCELLED},
        State.OPEN: {State.UNDER_WAY, State.CANCELLED},
        State.UNDER_WAY: {State.OPEN, State.DRAFTED, State.CANCELLED},
        State.DRAFTED: {State.UNDER_WAY, State.PUBLICITY},
        State.PUBLICITY: {State.PUBLISHED},
    }
    STATE_COLOURS = {
        "open": "blue",
        "under_way": "blue",
        "drafted": "yellow",
        "publicity": "yellow",
        "published": "green",
        "cancelled": "red",
    }
    TOLD = (State.PUBLICITY, State.PUBLISHED)  # people know their results
    ANNOUNCED = (State.OPEN, State.UNDER_WAY, State.DRAFTED, *TOLD)

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="skill_appraisals"
    )
    organiser = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("assessment body"),
        on_delete=models.PROTECT,
        related_name="skill_appraisals",
    )
    number = models.CharField(_("plan number"), max_length=40)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("skill level"), max_length=12, choices=SkillLevel)
    site = models.CharField(_("assessment site"), max_length=200)
    entries_from = models.DateField(_("entries from"))
    entries_until = models.DateField(_("entries until"))
    exam_on = models.DateField(_("exam on"))
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    notice_zh = models.TextField(_("who may enter, in Chinese"), blank=True)
    notice_en = models.TextField(_("who may enter, in English"), blank=True)
    notice = Bilingual()
    terms = models.JSONField(default=dict)
    exam = models.ForeignKey(
        "sittings.Exam",
        verbose_name=_("theory exam"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appraisals",
    )
    practical = models.ForeignKey(
        "practicals.Practical",
        verbose_name=_("practical exam"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appraisals",
    )
    public_from = models.DateField(_("in publicity from"), null=True)
    public_until = models.DateField(_("in publicity until"), null=True)
    appeals_until = models.DateField(_("appeals until"), null=True)
    final_on = models.DateField(_("final since"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("skill level appraisal")
        ordering = ["-exam_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "number"], name="a_plan_number_names_one_appraisal"
            ),
            models.CheckConstraint(
                condition=Q(entries_until__gte=F("entries_from"), exam_on__gte=F("entries_until")),
                name="first_entries_then_the_exam",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["publicity", "published"])
                | Q(
                    public_from__isnull=False,
                    public_until__gte=F("public_from"),
                    appeals_until__gte=F("public_from"),
                ),
                name="results_are_public_for_days",
            ),
            models.CheckConstraint(
                condition=Q(state="published", final_on__isnull=False)
                | ~Q(state="published") & Q(final_on=None),
                name="final_results_say_since_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | ~Q(terms={}),
                name="an_open_appraisal_has_its_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("skillappraisals:appraisal_detail", args=[self.consortium, self.pk])

    @property
    def is_told(self) -> bool:
        return self.state in self.TOLD

    @property
    def takes_entries(self) -> bool:
        today = clock.today()
        return self.state == self.State.OPEN and self.entries_from <= today <= self.entries_until

    @property
    def is_over(self) -> bool:
        """Are its days of publicity and for appeals behind it?"""
        today = clock.today()
        ends: list[date | None] = [self.public_until, self.appeals_until]
        return all(day is not None and day < today for day in ends)


class Entry(models.Model):
    """Somebody who wants to be appraised, and what the office found of it."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("To be checked")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.SUBMITTED: {State.ACCEPTED, State.RETURNED, State.WITHDRAWN},
        State.ACCEPTED: {State.RETURNED, State.WITHDRAWN},
        State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
    }
    STATE_COLOURS = {"submitted": "yellow", "accepted": "green", "returned": "red"}

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey(
        "persons.Person", on_delete=models.PROTECT, related_name="skill_entries"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("firm that entered them"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    number = models.CharField(_("number of the entry"), max_length=24, unique=True)
    grounds = models.TextField(_("why you may enter"), max_length=1000, blank=True)
    papers: Any = models.ManyToManyField(
        "files.StoredFile", verbose_name=_("supporting papers"), blank=True, related_name="+"
    )
    reason = models.CharField(_("why it was returned"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered the appraisal on"), default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUBMITTED)

    class Meta:
        verbose_name = _("entry for an appraisal")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "person"],
                condition=~Q(state="withdrawn"),
                name="a_person_enters_an_appraisal_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="a_returned_entry_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse(
            "skillappraisals:entry_detail",
            args=[self.appraisal.consortium, self.appraisal_id, self.pk],
        )

    @property
    def masked(self) -> str:
        """As the list of results shows it: its owner knows it again, nobody else does."""
        return f"{self.number[:4]}****{self.number[-4:]}"


class Exemption(models.Model):
    """A part that somebody need not take: it was passed before, and that counts still."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="exemptions")
    part = models.CharField(_("exam part"), max_length=12, choices=PartKind)
    points = models.DecimalField(
        _("points of 100"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    passed_on = models.DateField(_("passed on"))
    grounds = models.CharField(_("where it was passed"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("exemption from a part")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "part"], name="an_exemption_once_a_part"),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0, points__lte=100),
                name="points_of_an_exemption_are_of_100",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.get_part_display()}"
