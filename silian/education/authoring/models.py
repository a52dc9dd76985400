from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Contributor(models.Model):
    """An organisation, or one of its people, who takes part in an edition."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Leads the writing")
        WRITER = "writer", _("Writes")
        ADVISER = "adviser", _("Advises")

    WRITING = (Part.LEAD, Part.WRITER)

    edition = models.ForeignKey(
        "standards.Edition", on_delete=models.CASCADE, related_name="contributors"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    user = models.ForeignKey(  # null: the organisation as a whole
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    part = models.CharField(_("takes part as"), max_length=10, choices=Part, default=Part.ADVISER)
    stated = models.CharField(_("what it contributes"), max_length=300, blank=True)
    edits = models.PositiveIntegerField(_("texts saved"), default=0)
    comments = models.PositiveIntegerField(_("comments made"), default=0)
    named = models.BooleanField(_("named in public"), default=False)  # only the person decides

    class Meta:
        verbose_name = _("contributor")
        ordering = ["part", "organisation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "organisation", "user"],
                nulls_distinct=False,
                name="a_contributor_is_listed_once",
            ),
            models.CheckConstraint(
                condition=Q(named=False) | Q(user__isnull=False),
                name="only_people_agree_to_be_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}" if self.user else str(self.organisation)


class Revision(models.Model):
    """What a section said each time it was saved; nothing that was saved is lost."""

    section = models.ForeignKey(
        "standards.Section", on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"), blank=True)
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("version")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "number"], name="one_version_of_a_section_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.number}"


class Keep(models.Model):
    """What somebody is typing into a section and has not saved yet; seen by that person alone."""

    section = models.ForeignKey("standards.Section", on_delete=models.CASCADE, related_name="keeps")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField()  # of the section that it was begun from
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "by"], name="one_unsaved_text_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.by}"


class Comment(models.Model):
    """What somebody says about an edition or a passage of it, and what came of it."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        DECLINED = "declined", _("Declined")

    OUTCOME_COLOURS = {"adopted": "green", "partly": "azure", "declined": "secondary"}

    edition = models.ForeignKey(
        "standards.Edition", on_delete=models.CASCADE, related_name="comments"
    )
    section = models.CharField(_("section"), max_length=30, blank=True)  # its key
    unit = models.ForeignKey(
        "standards.Unit",
        verbose_name=_("unit or course"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    quote = models.CharField(_("passage"), max_length=300, blank=True)
    text = models.TextField(_("comment"))
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("comment")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None, settled_by=None)
                | (~Q(outcome="") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="a_settled_comment_says_what_came_of_it",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["declined", "partly"]) | ~Q(answer=""),
                name="a_comment_is_not_declined_without_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def outcome_colour(self) -> str:
        return self.OUTCOME_COLOURS.get(self.outcome, "yellow")
