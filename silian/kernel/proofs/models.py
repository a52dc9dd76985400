from django.conf import settings
from django.db import models
from django.db.models import Q

from silian.kernel import clock


class OneTimeCode(models.Model):
    """A code that was sent by e-mail to confirm one thing; only its digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    address = models.EmailField(blank=True)  # of somebody without an account
    purpose = models.CharField(max_length=100)  # what it confirms: "signing.Signatory:12"
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "sent_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, address="") | (Q(user=None) & ~Q(address="")),
                name="a_code_is_sent_to_somebody",
            ),
            models.CheckConstraint(condition=Q(tries__lte=5), name="a_code_is_tried_five_times"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.address} {self.purpose} {self.sent_at:%Y-%m-%d %H:%M}"
