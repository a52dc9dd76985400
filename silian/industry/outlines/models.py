from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.work import PAY_IN_ORDER, AskedSkill, Work


class Template(Work):
    """A need worded once, to state positions from: an employer's, or the consortium's sample."""

    organisation = models.ForeignKey(  # null: a sample for all members
        "members.Organisation",
        verbose_name=_("employer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="position_templates",
    )
    skills = models.ManyToManyField("occupations.Skill", through="TemplateSkill", blank=True)

    class Meta:
        verbose_name = _("position template")
        ordering = ["kind", "title_zh"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "organisation", "kind", "title_zh"],
                nulls_distinct=False,
                name="a_template_is_titled_once",
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="a_template_has_a_place"),
            models.CheckConstraint(condition=PAY_IN_ORDER, name="template_pay_is_in_order"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outlines:template_edit", args=[self.consortium, self.pk])


class TemplateSkill(AskedSkill):
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="skill_needs")

    class Meta(AskedSkill.Meta):
        constraints = [
            models.UniqueConstraint(fields=["template", "skill"], name="a_template_asks_once")
        ]
