from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


def storage_path(stored: "StoredFile", name: str) -> str:
    """A place that nobody can guess and that keeps nothing of the uploader's file name."""
    return f"{clock.today():%Y/%m}/{uuid4().hex}"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def unused(self) -> "StoredFileQuerySet":
        """Those that no row of any table points at."""
        rows = self
        for relation in StoredFile._meta.get_fields(include_hidden=True):
            if isinstance(relation, models.ForeignObjectRel):
                users = relation.related_model._base_manager
                pointing = users.filter(**{relation.field.name: models.OuterRef("pk")})
                rows = rows.filter(~models.Exists(pointing))
        return rows


class StoredFile(models.Model):
    """A file somebody uploaded. Served only by a view that asks its owner's policy first."""

    name = models.CharField(_("name"), max_length=200)
    content = models.FileField(upload_to=storage_path)
    media_type = models.CharField(max_length=100)  # found in the content, not believed
    sealed = models.BooleanField(default=False)  # encrypted where it lies (kernel.vault)
    size = models.PositiveBigIntegerField(_("size"))  # bytes
    sha256 = models.CharField(max_length=64, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored file")

    def __str__(self) -> str:
        return self.name
