from itertools import count

from silian.kernel import clock
from silian.kernel.codes.models import Code, CodeList

numbers = count(1)


def make_list(kind: str = CodeList.Kind.OCCUPATION, version: str = "2022") -> CodeList:
    """The list of this kind and version: made where it is missing, and then the one in use."""
    known = CodeList.objects.filter(kind=kind, version=version).first()
    if known:
        return known
    CodeList.objects.filter(kind=kind).update(current=False)
    return CodeList.objects.create(
        kind=kind, version=version, source_zh="试验", licence="none", imported_at=clock.now()
    )


def make_code(
    kind: str = CodeList.Kind.OCCUPATION, code: str = "", parent: Code | None = None, **fields: str
) -> Code:
    """An entry of the list in use; ``make_code("region", "330303", name_zh="龙湾区")``."""
    number = next(numbers)
    in_use = CodeList.objects.filter(kind=kind, current=True).first()
    names = {"name_zh": f"条目{number}", "name_en": f"Entry {number}"} | fields
    return Code.objects.create(
        list=in_use or make_list(kind),
        code=code or f"x-{number}",
        parent=parent,
        level=parent.level + 1 if parent else 1,
        full_name_zh=(parent.full_name_zh if parent else "") + names["name_zh"],
        full_name_en=names["name_en"],
        **names,
    )
