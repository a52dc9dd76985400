from fractions import Fraction

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class Organ(models.TextChoices):
    """Who decides in a consortium."""

    ASSEMBLY = "assembly", _("Assembly of members")
    COUNCIL = "council", _("Council")
    STANDING = "standing", _("Standing council")
    SUPERVISORS = "supervisors", _("Supervisors")


class Post(models.TextChoices):
    """What somebody is elected or appointed to."""

    CHAIR = "chair", _("Chair")
    EXECUTIVE_VICE_CHAIR = "executive_vice_chair", _("Executive vice-chair")
    VICE_CHAIR = "vice_chair", _("Vice-chair")
    SECRETARY_GENERAL = "secretary_general", _("Secretary-general")
    DEPUTY_SECRETARY_GENERAL = "deputy_secretary_general", _("Deputy secretary-general")
    COUNCILLOR = "councillor", _("Council member")
    SUPERVISOR = "supervisor", _("Supervisor")


LEADERS = (
    Post.CHAIR,
    Post.EXECUTIVE_VICE_CHAIR,
    Post.VICE_CHAIR,
    Post.SECRETARY_GENERAL,
    Post.DEPUTY_SECRETARY_GENERAL,
)
SITS_IN = {
    Organ.COUNCIL: (*LEADERS, Post.COUNCILLOR),
    Organ.STANDING: LEADERS,
    Organ.SUPERVISORS: (Post.SUPERVISOR,),
}


class Matter(models.TextChoices):
    """What a decision is about; each kind may need a majority of its own."""

    ORDINARY = "ordinary", _("Ordinary matter")
    ELECTION = "election", _("Election")
    DISMISSAL = "dismissal", _("Dismissal")
    ADMISSION = "admission", _("Admission or removal of a member")
    AMENDMENT = "amendment", _("Amendment of the charter")
    DISSOLUTION = "dissolution", _("Dissolution")


class Base(models.TextChoices):
    """Of what a majority is a share."""

    PRESENT = "present", _("those present")
    ELIGIBLE = "eligible", _("those entitled")
    VALID = "valid", _("valid votes")


YEARS = [MinValueValidator(1), MaxValueValidator(10)]


class Charter(models.Model):
    """One version of what a consortium's charter sets. The newest in force counts.

    The defaults are customs of sample charters, not law; each consortium sets its own.
    """

    class Caller(models.TextChoices):
        CHAIR = "chair", _("the chair")
        EXECUTIVE_VICE_CHAIR = "executive_vice_chair", _("the executive vice-chair")
        SECRETARIAT = "secretariat", _("the secretariat")
        SUPERVISORS = "supervisors", _("the supervisors")

    class Tie(models.TextChoices):
        RUNOFF = "runoff", _("another round among those who tie")
        LOT = "lot", _("a lot from a published seed")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="charters"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    in_force_from = models.DateField(_("in force from"))
    basis = models.CharField(_("adopted by"), max_length=200, blank=True)
    text_zh = models.TextField(_("text in Chinese"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    text = Bilingual()

    term_years = models.PositiveSmallIntegerField(
        _("term of office, years"), default=3, validators=YEARS
    )
    chair_years = models.PositiveSmallIntegerField(
        _("years after which the chair rotates"), null=True, blank=True, validators=YEARS
    )
    term_limit = models.PositiveSmallIntegerField(
        _("terms in a row a leader may serve"), default=2, validators=YEARS
    )
    age_limit = models.PositiveSmallIntegerField(
        _("age at which nobody is elected a leader any more"),
        null=True,
        blank=True,
        validators=[MinValueValidator(40), MaxValueValidator(100)],
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice of a meeting"), default=10, validators=[MaxValueValidator(90)]
    )
    callers = ArrayField(
        models.CharField(max_length=30, choices=Caller),
        verbose_name=_("who may call a meeting"),
        default=list,
    )
    demand_numerator = models.PositiveSmallIntegerField(default=1)
    demand_denominator = models.PositiveSmallIntegerField(default=2)
    proxies_each = models.PositiveSmallIntegerField(
        _("proxies one person may hold"), default=1, validators=[MaxValueValidator(20)]
    )
    extra_candidates_percent = models.PositiveSmallIntegerField(
        _("candidates beyond the seats, in %, where an election is contested"),
        default=0,
        validators=[MaxValueValidator(200)],
    )
    rounds = models.PositiveSmallIntegerField(
        _("rounds of voting at most"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    tie = models.CharField(_("what decides a tie"), max_length=10, choices=Tie, default=Tie.RUNOFF)

    class Meta:
        verbose_name = _("charter")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "version"], name="one_charter_version"),
            models.CheckConstraint(
                condition=Q(demand_numerator__gte=1, demand_denominator__gte=F("demand_numerator")),
                name="demands_are_a_share_of_members",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1, term_years__gte=1, term_limit__gte=1, rounds__gte=1)
                & (Q(chair_years=None) | Q(chair_years__gte=1)),
                name="charters_count_from_one",
            ),
        ]

    def __str__(self) -> str:
        names = {"consortium": self.consortium.name, "version": self.version}
        return gettext("Charter of %(consortium)s, version %(version)s") % names

    def get_absolute_url(self) -> str:
        return reverse("charters:charter_detail", args=[self.consortium, self.version])

    @property
    def demand(self) -> Fraction:
        """The share of members whose demand makes an extraordinary meeting due."""
        return Fraction(self.demand_numerator, self.demand_denominator)

    @demand.setter
    def demand(self, share: Fraction) -> None:
        self.demand_numerator, self.demand_denominator = share.numerator, share.denominator


class SeatRule(models.Model):
    """How many seats of a post there are, kept for a kind of organisation or open to all."""

    class Filling(models.TextChoices):
        ELECTION = "election", _("by election")
        APPOINTMENT = "appointment", _("by appointment")

    class Category(models.TextChoices):
        """Four kinds of party (政校行企), and research."""

        ANY = "any", _("any member")
        GOVERNMENT = "government", _("government and park")
        SCHOOL = "school", _("schools")
        ENTERPRISE = "enterprise", _("enterprises")
        ASSOCIATION = "association", _("associations")
        RESEARCH = "research", _("institutes and hospitals")

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="seat_rules")
    post = models.CharField(_("post"), max_length=30, choices=Post)
    category = models.CharField(
        _("kept for"), max_length=20, choices=Category, default=Category.ANY
    )
    count = models.PositiveSmallIntegerField(_("seats"), validators=[MinValueValidator(1)])
    filling = models.CharField(
        _("filled"), max_length=20, choices=Filling, default=Filling.ELECTION
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "post", "category"], name="one_seat_rule_a_category"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="seat_rules_make_seats"),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} × {self.count}"


class MatterRule(models.Model):
    """What an organ needs to decide a kind of matter: quorum, majority, and how it may vote.

    ``quorum`` is a share of those entitled. A majority is *more than* its share where ``strict``,
    *at least* its share otherwise.
    """

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="matter_rules")
    organ = models.CharField(_("organ"), max_length=20, choices=Organ)
    matter = models.CharField(_("matter"), max_length=20, choices=Matter)
    quorum_numerator = models.PositiveSmallIntegerField(default=2)
    quorum_denominator = models.PositiveSmallIntegerField(default=3)
    majority_numerator = models.PositiveSmallIntegerField(default=1)
    majority_denominator = models.PositiveSmallIntegerField(default=2)
    strict = models.BooleanField(_("more than this share"), default=True)
    base = models.CharField(_("share of"), max_length=10, choices=Base, default=Base.PRESENT)
    secret = models.BooleanField(_("by secret ballot"), default=False)
    correspondence = models.BooleanField(_("may be decided by correspondence"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "organ", "matter"], name="one_rule_a_matter"
            ),
            models.CheckConstraint(
                condition=Q(
                    quorum_numerator__gte=1,
                    quorum_denominator__gte=F("quorum_numerator"),
                    majority_numerator__gte=1,
                    majority_denominator__gte=F("majority_numerator"),
                ),
                name="shares_are_no_more_than_all",
            ),
            models.CheckConstraint(
                condition=~Q(strict=True, majority_numerator=F("majority_denominator")),
                name="nobody_needs_more_than_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_organ_display()}: {self.get_matter_display()}"

    @property
    def quorum(self) -> Fraction:
        return Fraction(self.quorum_numerator, self.quorum_denominator)

    @quorum.setter
    def quorum(self, share: Fraction) -> None:
        self.quorum_numerator, self.quorum_denominator = share.numerator, share.denominator

    @property
    def majority(self) -> Fraction:
        return Fraction(self.majority_numerator, self.majority_denominator)

    @majority.setter
    def majority(self, share: Fraction) -> None:
        self.majority_numerator, self.majority_denominator = share.numerator, share.denominator


class Weight(models.Model):
    """How many votes a unit of a grade has in the assembly, where the charter says so."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="weights")
    grade = models.CharField(_("grade"), max_length=30)  # a members.Membership.Grade
    votes = models.PositiveSmallIntegerField(_("votes"), validators=[MinValueValidator(1)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charter", "grade"], name="one_weight_a_grade"),
            models.CheckConstraint(condition=Q(votes__range=(1, 20)), name="weights_are_small"),
        ]

    def __str__(self) -> str:
        return f"{self.grade}: {self.votes}"
