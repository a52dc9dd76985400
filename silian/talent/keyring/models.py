from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.engines.multibase import multikey
from silian.kernel import clock


class Key(models.Model):
    """An Ed25519 key of this installation. The private half is sealed (kernel.vault); the public
    half stays readable for good, so that what was signed with it can still be verified."""

    class State(models.TextChoices):
        IN_USE = "in_use", _("In use")
        RETIRED = "retired", _("Retired")  # signs no more, still verifies
        WITHDRAWN = "withdrawn", _("Withdrawn")  # what it signed counts no more

    MOVES = {
        State.IN_USE: {State.RETIRED, State.WITHDRAWN},
        State.RETIRED: {State.WITHDRAWN},
    }
    STATE_COLOURS = {"in_use": "green", "withdrawn": "red"}

    public = models.BinaryField(_("public key"), max_length=32, unique=True)
    sealed = models.BinaryField()  # the private half, encrypted
    made_at = models.DateTimeField(_("made"), default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.IN_USE)

    class Meta:
        verbose_name = _("key for certificates")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_use"), name="one_key_is_in_use"
            ),
            models.CheckConstraint(
                condition=Q(state="in_use", ended_at=None)
                | (~Q(state="in_use") & Q(ended_at__isnull=False)),
                name="a_replaced_key_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.multikey[:16]

    @property
    def multikey(self) -> str:
        """The public half as a Multikey: z6Mk…"""
        return multikey(bytes(self.public))
