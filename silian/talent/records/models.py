from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position, SkillNeed


class Entry(models.Model):
    """One thing a person states of themselves; a school or issuer may have confirmed it.

    Who changes a confirmed entry has to ask again.
    """

    class Kind(models.TextChoices):
        EDUCATION = "education", _("Education")
        SKILL = "skill", _("Skill")
        CERTIFICATE = "certificate", _("Certificate")
        PRACTICE = "practice", _("Practice")
        PROJECT = "project", _("Project")
        LANGUAGE = "language", _("Language")

    class State(models.TextChoices):
        STATED = "stated", _("Stated by oneself")
        ASKED = "asked", _("Confirmation asked")
        CONFIRMED = "confirmed", _("Confirmed")

    MOVES = {
        State.STATED: {State.ASKED},
        State.ASKED: {State.CONFIRMED, State.STATED},
        State.CONFIRMED: {State.STATED},
    }
    STATE_COLOURS = {"asked": "yellow", "confirmed": "green"}

    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=200, blank=True)
    skill = models.ForeignKey(
        "occupations.Skill",
        verbose_name=_("skill"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    level = models.PositiveSmallIntegerField(
        _("mastery"), choices=SkillNeed.Level, null=True, blank=True
    )
    place = models.CharField(_("school, firm or issuer"), max_length=200, blank=True)
    number = models.CharField(_("number of the certificate"), max_length=60, blank=True)
    started = models.DateField(_("from"), null=True, blank=True)
    ended = models.DateField(_("until"), null=True, blank=True)
    text = models.TextField(_("what was done"), max_length=2000, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmer = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("who confirms"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    answer = models.CharField(_("why not confirmed"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.STATED)

    class Meta:
        verbose_name = _("entry of a record")
        ordering = ["kind", F("ended").desc(nulls_first=True), "-started", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="skill", skill__isnull=False, level__isnull=False, title="")
                | (~Q(kind="skill") & Q(skill=None, level=None) & ~Q(title="")),
                name="a_skill_has_a_level_and_all_else_a_title",
            ),
            models.CheckConstraint(
                condition=Q(started=None) | Q(ended=None) | Q(ended__gte=F("started")),
                name="entries_end_after_they_start",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmer__isnull=False, confirmed_at__isnull=False)
                | Q(state="asked", confirmer__isnull=False, confirmed_at=None)
                | Q(state="stated", confirmed_at=None),
                name="a_confirmed_entry_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=["person", "skill"], name="a_skill_stands_once_in_a_record"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.skill.name if self.skill else self.title

    @property
    def source(self) -> str:
        """Who says so, in the reader's language."""
        if self.state != self.State.CONFIRMED or self.confirmer is None:
            return gettext("By the person")
        if self.confirmer.is_school:
            return gettext("Confirmed by the school")
        return gettext("Confirmed by the issuer")


class Interest(models.Model):
    """What a person looks for; at most one of these a person."""

    person = models.OneToOneField(
        "persons.Person", on_delete=models.PROTECT, related_name="interest"
    )
    kinds = ArrayField(
        models.CharField(max_length=20, choices=Position.Kind),
        verbose_name=_("kinds of work"),
        default=list,
        blank=True,
    )
    occupations = models.ManyToManyField(
        "codes.Code", verbose_name=_("occupations"), blank=True, related_name="+"
    )
    regions = models.ManyToManyField(
        "codes.Code", verbose_name=_("regions"), blank=True, related_name="+"
    )
    free_from = models.DateField(_("free from"), null=True, blank=True)
    note = models.CharField(_("what else matters to me"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("what a person looks for")

    def __str__(self) -> str:
        return f"{self.person}"

    @property
    def kind_names(self) -> list[str]:
        return [str(Position.Kind(kind).label) for kind in self.kinds]
