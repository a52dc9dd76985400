from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from silian.kernel.bilingual import Bilingual


class Document(models.Model):
    """What the index knows of one object. Who may find it is asked of the object's own policy."""

    kind = models.CharField(max_length=100)  # "demand.Position"
    object = models.BigIntegerField()  # its key
    consortium = models.CharField(max_length=40, blank=True)  # short address, where it has one
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    title = Bilingual()
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    tokens = SearchVectorField()  # words of the title weigh A, of the body B, pairs D (words.py)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object"], name="one_document_an_object")
        ]
        indexes = [GinIndex(fields=["tokens"], name="document_tokens")]

    def __str__(self) -> str:
        return self.title
