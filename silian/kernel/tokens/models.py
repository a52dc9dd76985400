from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class TokenQuerySet(models.QuerySet["Token"]):
    def valid(self) -> "TokenQuerySet":
        """Neither withdrawn nor run out, and of somebody who may sign in."""
        return self.filter(
            withdrawn_at=None, expires_at__gt=clock.now(), user__is_active=True
        ).select_related("user")


class Token(models.Model):
    """A secret that a program sends instead of a sign-in. Only its hash is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("Read lists")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(_("purpose of the token"), max_length=60)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.READ)
    sha256 = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)  # of the secret, so that its owner can tell it
    created_at = models.DateTimeField(_("created"), default=clock.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("last used"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="tokens_expire_after_they_are_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.ending}"

    @property
    def is_valid(self) -> bool:
        return self.withdrawn_at is None and self.expires_at > clock.now()
