from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.questions.schema import Level


class Examiner(models.Model):
    """Somebody who judges work in practical exams of a consortium."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="examiners"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="examiner_entries",
    )
    organisation = models.ForeignKey(  # whose people they do not examine
        "members.Organisation",
        verbose_name=_("works for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("examiner")
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "user"], name="an_examiner_is_registered_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("examiners:examiner_detail", args=[self.consortium, self.pk])


class CardQuerySet(models.QuerySet["Card"]):
    def ending(self, first: date, last: date) -> "CardQuerySet":
        """Those that run out from ``first`` to ``last`` and that no other follows."""
        later = Card.objects.filter(
            examiner=OuterRef("examiner"),
            occupation=OuterRef("occupation"),
            valid_until__gt=OuterRef("valid_until"),
        )
        return self.filter(~Exists(later), valid_until__range=(first, last))


class Card(models.Model):
    """An examiner's card: occupation, the highest level that it is for, and until when it holds."""

    examiner = models.ForeignKey(Examiner, on_delete=models.CASCADE, related_name="cards")
    number = models.CharField(_("number of the card"), max_length=40)
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    highest = models.CharField(_("up to level"), max_length=1, choices=Level)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    document = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("scan of the card"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    warned_at = models.DateTimeField(null=True)  # that it runs out

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("examiner's card")
        ordering = ["-valid_until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="a_card_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="one_card_an_occupation_at_a_time",
                expressions=[
                    ("examiner", RangeOperators.EQUAL),
                    ("occupation", RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_until", models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Relation(models.Model):
    """Why an examiner does not judge somebody."""

    class Kind(models.TextChoices):
        FAMILY = "family", _("Family")
        TEACHER = "teacher", _("Taught or coached them")
        WORK = "work", _("Work together")
        OTHER = "other", _("Another interest")

    examiner = models.ForeignKey(Examiner, on_delete=models.CASCADE, related_name="relations")
    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("relation"), max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("relation of an examiner")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["examiner", "person"], name="a_relation_is_declared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.examiner}: {self.get_kind_display()}"
