from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Role(models.Model):
    """A person acts for an organisation, or for a consortium, from one day to another."""

    class Kind(models.TextChoices):
        MANAGER = "manager", _("Manager of the organisation")  # invites people, edits its data
        STAFF = "staff", _("Staff")  # states demand, keeps rosters, answers
        TEACHER = "teacher", _("Teacher")
        STUDENT = "student", _("Student")
        SECRETARY = "secretary", _("Secretariat")
        EXPERT = "expert", _("Expert")

    OF_CONSORTIUM = (Kind.SECRETARY, Kind.EXPERT)
    ACTING = (Kind.MANAGER, Kind.STAFF)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles"
    )
    kind = models.CharField(_("role"), max_length=20, choices=Kind)
    organisation = models.ForeignKey(
        "members.Organisation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="roles",
    )
    consortium = models.ForeignKey(
        "consortia.Consortium",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="roles",
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer counts

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["secretary", "expert"],
                    consortium__isnull=False,
                    organisation__isnull=True,
                )
                | Q(
                    kind__in=["manager", "staff", "teacher", "student"],
                    consortium__isnull=True,
                    organisation__isnull=False,
                ),
                name="a_role_is_for_one_side",
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gt=F("start")), name="a_role_ends_after_it_starts"
            ),
            *(
                ExclusionConstraint(
                    name=f"one_{side}_role_at_a_time",
                    expressions=[
                        ("user", RangeOperators.EQUAL),
                        ("kind", RangeOperators.EQUAL),
                        (side, RangeOperators.EQUAL),
                        (Func("start", "end", function="daterange"), RangeOperators.OVERLAPS),
                    ],
                )
                for side in ("organisation", "consortium")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.organisation or self.consortium}"

    def runs_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


class Invitation(models.Model):
    """An offer, sent as a link, to take a role (and an account, where there is none yet)."""

    token = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("role"), max_length=20, choices=Role.Kind)
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    consortium = models.ForeignKey(
        "consortia.Consortium", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    title = models.CharField(_("title"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(_("expires"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation or self.consortium}"
