"""Official codes are public: everybody may read every list in every version."""

from django.db.models import Count, QuerySet

from silian.kernel.codes.models import Code, CodeList


def visible_lists() -> QuerySet[CodeList]:
    return CodeList.objects.annotate(size=Count("codes"))


def visible_codes() -> QuerySet[Code]:
    return Code.objects.select_related("list", "parent__parent__parent")
