from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Watch(models.Model):
    """A search of the hall that somebody wants to be told about when it finds something new."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Not at the moment")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches"
    )
    consortium = models.ForeignKey(  # null: all of them
        "consortia.Consortium",
        verbose_name=_("consortium"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(_("filters"), max_length=500, blank=True)  # as the address has them
    rhythm = models.CharField(_("tell me"), max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    looked_at = models.DateTimeField(_("looked through"), default=clock.now)

    class Meta:
        verbose_name = _("saved search")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "consortium", "query"],
                nulls_distinct=False,
                name="a_search_is_saved_once",
            )
        ]
        indexes = [models.Index(fields=["rhythm", "looked_at"], name="watch_due")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("watches:watch_detail", args=[self.pk])

    @property
    def hall_url(self) -> str:
        """The hall with these filters on."""
        there = [self.consortium] if self.consortium else []
        hall = reverse("hall:hall" if there else "hall:everywhere", args=there)
        return f"{hall}?{self.query}" if self.query else hall

    @property
    def asked(self) -> QueryDict:
        return QueryDict(self.query)
