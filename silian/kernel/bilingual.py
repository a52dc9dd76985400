"""Content in two languages: ``name_zh`` and ``name_en`` in the database, ``name`` for readers."""

from typing import Any, overload

from django.utils.translation import get_language


class Bilingual:
    """Reads ``<name>_zh`` or ``<name>_en`` by the reader's language, the other where one is empty.

    Declared beside its two columns::

        name_zh = models.CharField(max_length=200)
        name_en = models.CharField(max_length=200, blank=True)
        name = Bilingual()
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.chinese, self.english = f"{name}_zh", f"{name}_en"

    @overload
    def __get__(self, obj: None, owner: type) -> "Bilingual": ...
    @overload
    def __get__(self, obj: object, owner: type) -> str: ...
    def __get__(self, obj: object | None, owner: type) -> "Bilingual | str":
        if obj is None:
            return self
        return in_reading_language(getattr(obj, self.chinese), getattr(obj, self.english))


def in_reading_language(chinese: str, english: str) -> str:
    """The text in the language that is active, or in the other one where that is empty."""
    if (get_language() or "zh").startswith("zh"):
        return chinese or english
    return english or chinese


def both(obj: Any, field: str = "name") -> dict[str, str]:
    """Both texts of ``obj.<field>``, to be kept in a notice and chosen when it is read."""
    return {"zh": getattr(obj, f"{field}_zh"), "en": getattr(obj, f"{field}_en")}
