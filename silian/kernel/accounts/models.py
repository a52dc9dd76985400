from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in, by user name, e-mail or phone."""

    class Duty(models.TextChoices):
        """等保 2.0 asks that these three never be one person, so a person holds one at most."""

        NONE = "", _("None")
        SYSTEM = "system", _("System administrator")
        SECURITY = "security", _("Security administrator")
        AUDIT = "audit", _("Auditor")

    first_name = None  # type: ignore[assignment]  # one name, written as its bearer writes it
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("full name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[("zh-hans", _("Chinese")), ("en", _("English"))],
        default="zh-hans",
    )
    mail_notices = models.BooleanField(_("send my notices by e-mail too"), default=True)
    duty = models.CharField(_("duty"), max_length=10, choices=Duty, default=Duty.NONE, blank=True)

    REQUIRED_FIELDS = ["email", "name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
