from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.kernel.bilingual import Bilingual, in_reading_language


class KindQuerySet(models.QuerySet["Kind"]):
    def for_consortium(self, consortium: models.Model) -> "KindQuerySet":
        """Those that ship, and the consortium's own."""
        return self.filter(Q(consortium=None) | Q(consortium=consortium))


class Kind(models.Model):
    """A kind of body: one that ships with Silian, or one that a consortium adds."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    consortium = models.ForeignKey(  # null: it ships
        "consortia.Consortium",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="body_kinds",
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name = Bilingual()
    purpose_zh = models.TextField(_("what it is for, in Chinese"))
    purpose_en = models.TextField(_("what it is for, in English"), blank=True)
    purpose = Bilingual()
    hosts = ArrayField(  # empty: any
        models.CharField(max_length=20, choices=Organisation.Kind),
        verbose_name=_("who may host it"),
        default=list,
        blank=True,
    )
    term_years = models.PositiveSmallIntegerField(
        _("term, years"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    warning_days = models.PositiveSmallIntegerField(
        _("days of warning before a term ends"), default=90, validators=[MaxValueValidator(730)]
    )
    appraise_every = models.PositiveSmallIntegerField(
        _("years from one appraisal to the next"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    failures_to_end = models.PositiveSmallIntegerField(
        _("failed appraisals in a row after which its end is suggested"),
        default=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_open = models.BooleanField(_("open for new bodies"), default=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of body")
        ordering = ["consortium_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "name_zh"],
                nulls_distinct=False,
                name="one_kind_of_body_per_name",
            ),
            models.CheckConstraint(
                condition=Q(term_years__gte=1, appraise_every__gte=1),
                name="terms_and_intervals_are_years",
            ),
            models.CheckConstraint(
                condition=Q(failures_to_end=None) | Q(failures_to_end__gte=1),
                name="an_end_needs_a_failure",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def host_names(self) -> list[str]:
        """The kinds of organisation that may host it, in the reader's language."""
        return [str(Organisation.Kind(host).label) for host in self.hosts]

    def takes(self, organisation: Organisation) -> bool:
        """May ``organisation`` host a body of this kind?"""
        return not self.hosts or organisation.kind in self.hosts


class Role(models.Model):
    """What somebody can be in a body of a kind: 主任, 站长, 首席技师, …"""

    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, related_name="roles")
    name_zh = models.CharField(_("role in Chinese"), max_length=60)
    name_en = models.CharField(_("role in English"), max_length=60, blank=True)
    name = Bilingual()
    sole = models.BooleanField(_("one holder at a time"), default=False)

    class Meta:
        verbose_name = _("role")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name_zh"], name="one_role_of_a_kind_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Field(models.Model):
    """Something an application for a body of this kind must or may answer."""

    class Type(models.TextChoices):
        TEXT = "text", _("Line of text")
        LONG = "long", _("Longer text")
        NUMBER = "number", _("Whole number")
        MONEY = "money", _("Amount in yuan")
        DAY = "day", _("A day")
        CHOICE = "choice", _("One of several")
        CHOICES = "choices", _("Any of several")
        YES_NO = "yes_no", _("Yes or no")

    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, related_name="fields")
    code = models.CharField(_("code"), max_length=30)
    label_zh = models.CharField(_("question in Chinese"), max_length=100)
    label_en = models.CharField(_("question in English"), max_length=100, blank=True)
    label = Bilingual()
    type = models.CharField(_("kind of answer"), max_length=10, choices=Type, default=Type.TEXT)
    choices = ArrayField(  # "中文 | English", the Chinese is what is kept
        models.CharField(max_length=120), verbose_name=_("choices"), default=list, blank=True
    )
    least = models.PositiveIntegerField(_("smallest value"), null=True, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    public = models.BooleanField(_("shown to everybody"), default=False)

    class Meta:
        verbose_name = _("question")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="one_question_of_a_kind_per_code")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def options(self) -> list[tuple[str, str]]:
        """What is kept and what is shown of each choice."""
        pairs = [tuple(part.strip() for part in text.partition("|")[::2]) for text in self.choices]
        return [(zh, in_reading_language(zh, en)) for zh, en in pairs]

    def worded(self, value: Any) -> Any:
        """A kept answer as its reader reads it."""
        names = dict(self.options)
        if isinstance(value, list):
            return "、".join(str(names.get(one, one)) for one in value)
        return names.get(value, value) if isinstance(value, str) else value


class Grade(models.Model):
    """What an appraisal of a body of this kind can end with: 优秀, 合格, 不合格."""

    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, related_name="grades")
    name_zh = models.CharField(_("grade in Chinese"), max_length=30)
    name_en = models.CharField(_("grade in English"), max_length=30, blank=True)
    name = Bilingual()
    failing = models.BooleanField(_("means that it failed"), default=False)

    class Meta:
        verbose_name = _("appraisal grade")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name_zh"], name="one_grade_of_a_kind_per_name")
        ]

    def __str__(self) -> str:
        return self.name
