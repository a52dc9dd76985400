"""``<consortium:consortium>`` in an address: the view is given the row, or the reader a 404."""

from silian.governance.consortia.models import Consortium


class ConsortiumConverter:
    regex = "[a-z][a-z0-9-]+"

    def to_python(self, value: str) -> Consortium:
        try:
            return Consortium.objects.select_related("region").get(slug=value)
        except Consortium.DoesNotExist:
            raise ValueError(value) from None

    def to_url(self, value: Consortium | str) -> str:
        return value if isinstance(value, str) else value.slug
