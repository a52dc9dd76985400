from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Round
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread: no 0, 1, I, O


def new_code() -> str:
    return get_random_string(8, CODE_ALPHABET)


class WishList(models.Model):
    """All that one student wishes in one round, under the code that stands for them in public."""

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="wish_lists")
    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="wish_lists"
    )
    code = models.CharField(_("anonymous code"), max_length=8, default=new_code)
    version = models.PositiveIntegerField(default=0)  # counts changes; tells two windows apart
    saved_at = models.DateTimeField(_("saved"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)  # None again after a change
    # frozen when wishes close, so that every run sees the same
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True)
    draw = models.PositiveIntegerField(_("place in the draw"), null=True)  # 0 goes first
    reserves = ArrayField(
        models.BigIntegerField(), default=list, blank=True
    )  # keys of criteria.Reserve whose group the student belongs to

    class Meta:
        verbose_name = _("wish list")
        constraints = [
            models.UniqueConstraint(fields=["round", "student"], name="one_wish_list_a_round"),
            models.UniqueConstraint(fields=["round", "code"], name="one_list_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.round}, {self.student}"


def claim() -> Combinable:
    """The points with which a wish stands in line: with the employer's score where that weighs."""
    weight = Coalesce(
        models.Case(
            models.When(
                list__round__rule="weighted",
                seat__ranking_done=True,
                then=F("list__round__employer_weight"),
            ),
            default=Value(0),
        ),
        Value(0),
    )
    mine = Coalesce(F("list__points"), Value(Decimal(0)))
    theirs = Coalesce(F("score"), Value(Decimal(0)))
    share = models.ExpressionWrapper(
        (mine * (100 - weight) + theirs * weight) / Value(Decimal(100)),
        output_field=models.DecimalField(max_digits=7, decimal_places=4),
    )
    return Round(share, precision=2)


class WishQuerySet(models.QuerySet["Wish"]):
    def in_order_of_claim(self) -> "WishQuerySet":
        """As a seat takes its applicants: by ranking, then points, then the draw."""
        points = F("claim").desc(nulls_last=True)
        rows = self.annotate(claim=claim())
        return rows.order_by(F("rank").asc(nulls_last=True), points, "list__draw")


class Wish(models.Model):
    """A student's n-th choice in a round, and what the employer says to it."""

    class Bar(models.TextChoices):
        """Why a wish that could once be stated no longer counts when wishes close."""

        LEFT = "left", _("The student is no longer enrolled.")
        GRADUATES = "graduates", _("The year of graduation is not that of the round.")
        PROGRAMME = "programme", _("The position does not take the student's programme.")
        EDUCATION = "education", _("The position asks for a higher level of education.")
        RULE = "rule", _("A published requirement is not met.")
        PLACED = "placed", _("The student has a place from an earlier round.")

    list = models.ForeignKey(WishList, on_delete=models.CASCADE, related_name="wishes")
    seat = models.ForeignKey("rounds.Seat", on_delete=models.PROTECT, related_name="wishes")
    order = models.PositiveSmallIntegerField(_("choice"))  # 1 is the dearest
    barred = models.CharField(_("does not count"), max_length=10, choices=Bar, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)  # by the employer, 1 first
    score = models.DecimalField(
        _("score"), max_digits=5, decimal_places=2, null=True, blank=True
    )  # by the employer, 0 to 100, where the rule weighs it
    refused = models.BooleanField(_("not suitable"), default=False)  # the employer will not take
    refused_why = models.CharField(_("why not suitable"), max_length=300, blank=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "order"],
                name="one_wish_per_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["list", "seat"], name="a_seat_is_wished_once"),
            models.UniqueConstraint(
                fields=["seat", "rank"],
                name="one_wish_per_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(refused=False) | Q(rank=None), name="refused_wishes_have_no_rank"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, 100)),
                name="an_employers_score_is_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(refused=False) | ~Q(refused_why=""), name="refused_wishes_say_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.seat}"

    @property
    def called(self) -> str:
        """The applicant's name where policy says ``named`` to the reader, a number otherwise."""
        return self.list.student.name if getattr(self, "named", False) else f"#{self.pk}"
