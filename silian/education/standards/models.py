from django.conf import settings
from django.db import models
from django.db.models import Q
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


class Edition(models.Model):
    """One edition of a standard, from draft to publication. A published one never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being drafted")
        REVIEW = "review", _("Before the committee")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("In force")
        REPLACED = "replaced", _("Replaced")

    MOVES = {
        State.DRAFT: {State.REVIEW},
        State.REVIEW: {State.DRAFT, State.APPROVED},
        State.APPROVED: {State.PUBLISHED, State.DRAFT},
        State.PUBLISHED: {State.REPLACED},
    }
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
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.number}"


class Unit(models.Model):
    """One unit of a course, or one course of a plan: what is taught in how many hours."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="units")
    order = models.PositiveSmallIntegerField(_("order"))
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    text = models.TextField(_("content"), blank=True)
    theory_hours = models.PositiveSmallIntegerField(_("hours of theory"), default=0)
    practice_hours = models.PositiveSmallIntegerField(_("hours of practice"), default=0)
    credits = models.DecimalField(_("credits"), max_digits=4, decimal_places=1, default=0)
    skills = models.ManyToManyField("occupations.Skill", through="Taught", blank=True)

    class Meta:
        verbose_name = _("unit")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "order"],
                name="one_unit_per_order",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title


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
        OPEN = "open", _("Open")
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
        Edition, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )

    class Meta:
        verbose_name = _("change request")
        ordering = ["-at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
