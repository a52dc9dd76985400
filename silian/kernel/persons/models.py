from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel import vault
from silian.kernel.codes.checks import masked
from silian.kernel.persons.naming import NameField


class Person(models.Model):
    """One human being, however many schools and accounts: what stays when a school changes.

    The identity number is kept encrypted (kernel.vault); ``id_digest`` finds it again without
    reading it. What shows it shows ``id_masked``. A number that somebody else has already is kept
    without digest until the two are compared (Doubt).
    """

    class Gender(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")
        NOT_GIVEN = "", _("Not given")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="person",
    )
    name = NameField(_("full name"), max_length=100)  # empty once forgotten
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    id_sealed = models.BinaryField(null=True)  # the encrypted number
    id_digest = models.CharField(max_length=64, unique=True, blank=True, null=True)
    guardian_name = models.CharField(_("guardian"), max_length=100, blank=True)
    guardian_phone = models.CharField(_("guardian's phone"), max_length=20, blank=True)
    guardian_email = models.EmailField(_("guardian's e-mail"), blank=True)
    forgotten_at = models.DateTimeField(_("forgotten"), null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(id_digest=None) | Q(id_sealed__isnull=False),
                name="a_number_that_is_found_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(user=None, id_digest=None, born_on=None),
                name="who_is_forgotten_has_no_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name or gettext("Somebody who asked to be forgotten")

    @property
    def id_masked(self) -> str:
        """The identity number as it may be shown: 3701**********1234; empty without one."""
        return masked(vault.opened(bytes(self.id_sealed))) if self.id_sealed else ""
