from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


def new_nonce() -> str:
    return get_random_string(32)


class Feed(models.Model):
    """The secret address at which a calendar program reads what concerns one person.

    The database keeps the SHA-256 of its token and the nonce that the token is made of together
    with the installation's secret key: who reads the database alone cannot read the calendar.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=32, default=new_nonce)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("calendar address")

    def __str__(self) -> str:
        return f"{self.user}"

    @property
    def token(self) -> str:
        return salted_hmac("silian.calendar", self.nonce, algorithm="sha256").hexdigest()

    @property
    def link(self) -> str:
        """The full address, for the calendar program."""
        return f"{settings.SITE_URL}{reverse('calendars:feed', args=[self.token])}"
