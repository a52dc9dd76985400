from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class RoleQuerySet(models.QuerySet["Role"]):
    def running(self) -> "RoleQuerySet":
        """Those that count today."""
        today = clock.today()
        return self.filter(Q(end=None) | Q(end__gt=today), start__lte=today)


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
    title = models.CharField(_("job title"), max_length=100, blank=True)
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer counts

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
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
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="a_role_ends_no_earlier_than_it_starts",
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
        return f"{self.get_kind_display()}, {self.side}"

    @property
    def side(self) -> models.Model:
        """The organisation or consortium that this person acts for."""
        return self.organisation or self.consortium  # type: ignore[return-value]  # one is set

    def runs_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither taken up nor withdrawn nor too old."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=clock.now())


class Invitation(models.Model):
    """An offer, sent as a link, to take a role (and an account, where there is none yet).

    Of the link's token the database keeps the SHA-256 and the nonce it is made of together with
    the installation's secret key: who reads the database alone cannot accept.
    """

    nonce = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("role"), max_length=20, choices=Role.Kind)
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    consortium = models.ForeignKey(
        "consortia.Consortium", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("full name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"), default=clock.now)
    expires_at = models.DateTimeField(_("expires"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consortium__isnull=True) ^ Q(organisation__isnull=True),
                name="an_invitation_is_for_one_side",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="accepted_invitations_are_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="accepted_invitations_say_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.side}"

    @property
    def side(self) -> models.Model:
        """The organisation or consortium that invites."""
        return self.organisation or self.consortium  # type: ignore[return-value]  # one is set

    @property
    def token(self) -> str:
        return salted_hmac("silian.invitation", self.nonce, algorithm="sha256").hexdigest()

    @property
    def link(self) -> str:
        """The full address to be mailed, or handed over by whoever invites."""
        return f"{settings.SITE_URL}{reverse('roles:invitation', args=[self.token])}"

    @property
    def is_open(self) -> bool:
        """Can it still be accepted?"""
        return not (self.accepted_at or self.revoked_at) and clock.now() < self.expires_at
