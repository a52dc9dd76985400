"""What a position and a template of one have in common, and what each kind must state."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual
from silian.kernel.ui import formats


class Work(models.Model):
    """What is asked for: all that a position and a template of one have in common."""

    class Kind(models.TextChoices):
        EMPLOYMENT = "employment", _("Employment")
        INTERNSHIP = "internship", _("Internship")
        APPRENTICESHIP = "apprenticeship", _("Apprenticeship")
        ORDER_CLASS = "order_class", _("Order class")
        FIELD_ENGINEER = "field_engineer", _("Field engineer")
        COMMISSIONED = "commissioned", _("Commissioned training")
        STAFF_TRAINING = "staff_training", _("Staff training")

    class Shift(models.TextChoices):
        DAY = "day", _("Day shift")
        TWO = "two", _("Two shifts in turn")
        THREE = "three", _("Three shifts in turn")
        NIGHT = "night", _("Night shift")
        FLEXIBLE = "flexible", _("Flexible hours")

    class Education(models.IntegerChoices):
        ANY = 0, _("No requirement")
        SECONDARY = 1, _("Secondary vocational")
        COLLEGE = 2, _("Higher vocational")
        BACHELOR = 3, _("Bachelor")
        MASTER = 4, _("Master")
        DOCTOR = 5, _("Doctor")

    TRAINING = (Kind.COMMISSIONED, Kind.STAFF_TRAINING)  # a school is sought, not a person
    PLACING = tuple(kind for kind in Kind if kind not in ("commissioned", "staff_training"))
    MENTORED = (Kind.APPRENTICESHIP, Kind.ORDER_CLASS, Kind.FIELD_ENGINEER)
    STUDENTS = (Kind.INTERNSHIP, *MENTORED)  # students who work stay their school's students

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="%(class)ss"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code",
        verbose_name=_("occupation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cluster = models.ForeignKey(
        "consortia.Cluster",
        verbose_name=_("industry cluster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    places = models.PositiveIntegerField(_("head count"), default=1)
    education = models.PositiveSmallIntegerField(
        _("education"), choices=Education, default=Education.ANY
    )
    pay_low = models.PositiveIntegerField(_("monthly pay from, yuan"), null=True, blank=True)
    pay_high = models.PositiveIntegerField(_("monthly pay to, yuan"), null=True, blank=True)
    shift = models.CharField(_("shifts"), max_length=10, choices=Shift, blank=True)
    mentors = models.PositiveSmallIntegerField(_("company mentors"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours of training"), null=True, blank=True)
    fee = models.PositiveIntegerField(_("fee a person, yuan"), null=True, blank=True)
    region = models.ForeignKey(
        "codes.Code",
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(_("place of work"), max_length=200, blank=True)
    duties_zh = models.TextField(_("duties in Chinese"), blank=True)
    duties_en = models.TextField(_("duties in English"), blank=True)
    duties = Bilingual()
    programmes = models.ManyToManyField(
        "codes.Code", verbose_name=_("programmes that fit"), blank=True, related_name="+"
    )  # none means any

    class Meta:
        abstract = True

    @property
    def is_training(self) -> bool:
        return self.kind in self.TRAINING

    @property
    def pay(self) -> str:
        """The monthly pay as one text; nothing where it was left open."""
        ends = [end for end in (self.pay_low, self.pay_high) if end is not None]
        return " – ".join(formats.money(end) for end in dict.fromkeys(ends))


class AskedSkill(models.Model):
    """One skill that is asked for, and how well it must be mastered."""

    class Level(models.IntegerChoices):
        AWARE = 1, _("Knows of it")
        GUIDED = 2, _("Can do it guided")
        ALONE = 3, _("Can do it alone")
        EXPERT = 4, _("Can teach it")

    skill = models.ForeignKey("occupations.Skill", on_delete=models.PROTECT)
    level = models.PositiveSmallIntegerField(_("mastery"), choices=Level, default=Level.GUIDED)

    class Meta:
        abstract = True
        ordering = ["-level", "pk"]

    def __str__(self) -> str:
        return f"{self.skill} ({self.get_level_display()})"


# What each kind must state before it can be handed in, beside what all of them must.
NEEDED_OF: dict[str, tuple[str, ...]] = {
    Work.Kind.EMPLOYMENT: ("pay_low",),
    Work.Kind.INTERNSHIP: ("pay_low", "ends_on", "shift"),
    Work.Kind.APPRENTICESHIP: ("pay_low", "ends_on", "shift", "mentors", "programmes"),
    Work.Kind.ORDER_CLASS: ("ends_on", "mentors", "programmes"),
    Work.Kind.FIELD_ENGINEER: ("ends_on", "mentors", "programmes"),
    Work.Kind.COMMISSIONED: ("ends_on", "hours", "duties_zh"),
    Work.Kind.STAFF_TRAINING: ("ends_on", "hours", "duties_zh"),
}


def states_what_its_kind_needs() -> Q:
    """NEEDED_OF as far as it is columns that can be empty."""
    complete = Q(pk=None)
    for kind, names in NEEDED_OF.items():
        nullable = [name for name in names if name in {"pay_low", "ends_on", "mentors", "hours"}]
        complete |= Q(kind=kind, **{f"{name}__isnull": False for name in nullable})
    return complete


PAY_IN_ORDER = Q(pay_low=None) | Q(pay_high=None) | Q(pay_high__gte=F("pay_low"))
