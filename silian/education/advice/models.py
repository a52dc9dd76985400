from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Report(models.Model):
    """The advice of one year: drafted, answered by the schools, published (专业跟着产业走)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ANSWERING = "answering", _("Before the schools")
        PUBLISHED = "published", _("Published")
        DROPPED = "dropped", _("Discarded")

    MOVES = {
        State.DRAFT: {State.ANSWERING, State.DROPPED},
        State.ANSWERING: {State.PUBLISHED, State.DRAFT},
    }
    STATE_COLOURS = {"draft": "azure", "answering": "yellow", "published": "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="advice_reports"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    rules = models.JSONField(_("rules"))  # with their version, as they were applied
    figures_year = models.PositiveSmallIntegerField(_("figures of"))
    answers_until = models.DateField(_("answers until"), null=True, blank=True)
    foreword_zh = models.TextField(_("foreword in Chinese"), blank=True)
    foreword_en = models.TextField(_("foreword in English"), blank=True)
    foreword = Bilingual()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("report of advice")
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "year"],
                condition=~Q(state="dropped"),
                name="one_report_of_advice_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="answering") | Q(answers_until__isnull=False),
                name="schools_know_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_at__isnull=False) & ~Q(digest="")),
                name="published_advice_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("advice:report_detail", args=[self.consortium, self.pk])


class Advice(models.Model):
    """One line: to open a programme for an occupation, or what to do with a programme."""

    class Verb(models.TextChoices):
        OPEN = "open", _("Open a programme")
        GROW = "grow", _("Grow")
        KEEP = "keep", _("Keep")
        SHRINK = "shrink", _("Shrink")
        STOP = "stop", _("Stop")

    VERB_COLOURS = {
        "open": "blue",
        "grow": "green",
        "keep": "secondary",
        "shrink": "orange",
        "stop": "red",
    }

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lines")
    verb = models.CharField(_("advice"), max_length=10, choices=Verb)
    programme = models.ForeignKey(
        "programmes.Programme",
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="advice",
    )
    occupation = models.ForeignKey(  # the most wanted one of the programme, or the one to open for
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.JSONField(default=dict)  # the figures as they were then

    class Meta:
        verbose_name = _("advice")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verb="open", programme=None)
                | (~Q(verb="open") & Q(programme__isnull=False)),
                name="only_what_is_not_open_is_opened",
            ),
            models.UniqueConstraint(fields=["report", "programme"], name="one_advice_a_programme"),
            models.UniqueConstraint(
                fields=["report", "occupation"],
                condition=Q(verb="open"),
                name="one_opening_an_occupation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("advice:advice_detail", args=[self.report.consortium, self.pk])

    @property
    def subject(self) -> str:
        """What it is about: the programme, or the occupation to open one for."""
        return str(self.programme.name if self.programme else self.occupation.name)

    @property
    def verb_colour(self) -> str:
        return self.VERB_COLOURS[self.verb]


class Answer(models.Model):
    """What one school says to one advice."""

    advice = models.ForeignKey(Advice, on_delete=models.CASCADE, related_name="answers")
    school = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="advice_answers",
    )
    adopted = models.BooleanField(_("adopted"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    planned_intake = models.PositiveIntegerField(
        _("planned intake next year"), null=True, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("answer to advice")
        ordering = ["school", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["advice", "school"], name="a_school_answers_an_advice_once"
            ),
            models.CheckConstraint(
                condition=Q(adopted=True) | ~Q(reason=""), name="what_is_not_adopted_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.adopted}"
