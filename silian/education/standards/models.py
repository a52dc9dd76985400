from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import SkillNeed
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Standard(models.Model):
    """A talent-training plan (人才培养方案) or course standard (课程标准), whatever its edition."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("Talent-training plan")
        COURSE = "course", _("Course standard")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="standards"
    )
    programme = models.ForeignKey(
        "programmes.Programme",
        verbose_name=_("programme"),
        on_delete=models.PROTECT,
        related_name="standards",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()

    class Meta:
        verbose_name = _("standard")
        ordering = ["programme", "-kind", "title_zh"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "title_zh"], name="a_standard_is_titled_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("standards:standard_detail", args=[self.consortium, self.pk])

    @property
    def school(self) -> Any:
        return self.programme.school

    def json_ld(self) -> dict[str, Any]:
        """What a search engine is told: a course, or the whole of a training, of its school."""
        course = self.kind == self.Kind.COURSE
        facts = {
            "@context": "https://schema.org",
            "@type": "Course" if course else "EducationalOccupationalProgram",
            "name": self.title_zh,
            "alternateName": self.title_en,
            "description": f"{self.get_kind_display()} · {self.programme.name}",
            "provider": {"@type": "EducationalOrganization", "name": self.school.name_zh},
            "inLanguage": "zh",
        }
        return {name: fact for name, fact in facts.items() if fact}


class Edition(models.Model):
    """One edition of a standard, from draft to publication. A published one never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being drafted")
        REVIEW = "review", _("Before the committee")
        APPROVED = "approved", _("Approved by the school")
        PUBLISHED = "published", _("In force")
        REPLACED = "replaced", _("Replaced")

    MOVES = {
        State.DRAFT: {State.REVIEW},
        State.REVIEW: {State.DRAFT, State.APPROVED},
        State.APPROVED: {State.PUBLISHED, State.DRAFT},
        State.PUBLISHED: {State.REPLACED},
    }
    PUBLIC = (State.PUBLISHED, State.REPLACED)
    STATE_COLOURS = {
        "draft": "azure",
        "review": "yellow",
        "approved": "blue",
        "published": "green",
        "replaced": "secondary",
    }

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField(_("edition"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    aims = models.CharField(_("what this edition changes"), max_length=300, blank=True)
    hours = models.PositiveSmallIntegerField(_("total hours"), null=True, blank=True)
    credits = models.DecimalField(
        _("total credits"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    approved_as = models.CharField(_("number of the approval"), max_length=60, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    published_on = models.DateField(_("in force since"), null=True, blank=True)

    class Meta:
        verbose_name = _("edition")
        ordering = ["standard", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="one_edition_a_number"),
            models.UniqueConstraint(
                fields=["standard"],
                condition=Q(state="published"),
                name="one_edition_in_force",
            ),
            models.UniqueConstraint(
                fields=["standard"],
                condition=Q(state__in=["draft", "review", "approved"]),
                name="one_edition_in_the_making",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"]) | Q(published_on__isnull=False),
                name="published_editions_say_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} · {self.name}"

    def get_absolute_url(self) -> str:
        place = [self.standard.consortium, self.standard_id, self.number]
        return reverse("authoring:edition_detail", args=place)

    @property
    def name(self) -> str:
        return gettext("Edition %(number)s") % {"number": self.number}

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC


class Section(models.Model):
    """One section of an edition, as it was last saved; its kind stands in sections.toml."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(_("section"), max_length=30)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)  # counts what was saved
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        verbose_name = _("section")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"], name="an_edition_has_a_section_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.kind}"


class Unit(models.Model):
    """One unit of a course, or one course of a plan: what is taught in how many hours."""

    class Part(models.TextChoices):
        GENERAL = "general", _("General course")
        PROFESSIONAL = "professional", _("Professional course")
        PRACTICE = "practice", _("Practice block")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="units")
    order = models.PositiveSmallIntegerField(_("order"))
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    text = models.TextField(_("content"), blank=True)
    theory_hours = models.PositiveSmallIntegerField(_("hours of theory"), default=0)
    practice_hours = models.PositiveSmallIntegerField(_("hours of practice"), default=0)
    credits = models.DecimalField(_("credits"), max_digits=4, decimal_places=1, default=0)
    # what only the courses of a plan have
    part = models.CharField(_("part of the plan"), max_length=15, choices=Part, blank=True)
    elective = models.BooleanField(_("elective"), default=False)
    term = models.PositiveSmallIntegerField(_("term"), null=True, blank=True)
    course = models.ForeignKey(
        Standard,
        verbose_name=_("its course standard"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="planned_in",
    )
    line = models.UUIDField(default=uuid4, editable=False)  # the same unit in other editions
    version = models.PositiveIntegerField(default=1, editable=False)  # counts what was saved
    skills = models.ManyToManyField("occupations.Skill", through="Taught", blank=True)

    class Meta:
        verbose_name = _("unit or course")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "order"],
                name="one_unit_per_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["edition", "line"], name="an_edition_has_a_unit_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hours(self) -> int:
        return self.theory_hours + self.practice_hours


class Taught(models.Model):
    """A skill that a unit teaches, and how well it is mastered afterwards."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="taught")
    skill = models.ForeignKey(
        "occupations.Skill", on_delete=models.PROTECT, related_name="taught_in"
    )
    level = models.PositiveSmallIntegerField(
        _("mastery"), choices=SkillNeed.Level, default=SkillNeed.Level.GUIDED
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "skill"], name="a_unit_teaches_a_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.skill}"


class ChangeRequest(models.Model):
    """What somebody asks to change in a standard, and why; the next edition answers it."""

    class State(models.TextChoices):
        OPEN = "open", _("Unanswered")
        ADOPTED = "adopted", _("Adopted")
        DECLINED = "declined", _("Declined")

    MOVES = {State.OPEN: {State.ADOPTED, State.DECLINED}}
    STATE_COLOURS = {"open": "blue", "adopted": "green", "declined": "secondary"}

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="requests")
    skill = models.ForeignKey(
        "occupations.Skill", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("what should change"))
    evidence = models.JSONField(default=dict, blank=True)  # figures and keys as they were then
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    adopted_in = models.ForeignKey(
        Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )

    class Meta:
        verbose_name = _("change request")
        ordering = ["-at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="adopted", adopted_in__isnull=False)
                | Q(state__in=["open", "declined"], adopted_in=None),
                name="what_is_adopted_says_where",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="nothing_is_declined_without_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        place = [self.standard.consortium, self.standard_id, self.pk]
        return reverse("requests:request_detail", args=place)
