from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import in_reading_language


class Notice(models.Model):
    """One thing one person was told; worded in their language when they read it."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    at = models.DateTimeField(_("when"), default=clock.now)
    message = models.CharField(max_length=300)  # an English msgid with %(name)s places
    params = models.JSONField(default=dict)  # a text, or {"zh": …, "en": …} chosen when read
    url = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["to", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The message in the language that is active."""
        return gettext(self.message) % {k: _reading(v) for k, v in self.params.items()}


def _reading(value: Any) -> str:
    return in_reading_language(value["zh"], value["en"]) if isinstance(value, dict) else str(value)
