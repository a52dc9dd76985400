"""Looking codes up and searching among them. Lists come in through ``imports.py``."""

from collections.abc import Iterable

from django.db.models import Case, Q, QuerySet, Value, When

from silian.kernel.codes.models import Code, CodeList, CodeQuerySet


def find(kind: str, code: str, version: str = "") -> Code:
    """The entry ``code`` of the version in use, or of ``version``; raises Code.DoesNotExist."""
    if version:
        return Code.objects.get(list__kind=kind, list__version=version, code=code)
    return Code.objects.current(kind).get(code=code)


def region(code: str) -> Code:
    """The region with this GB/T 2260 code, such as ``330303``."""
    return find(CodeList.Kind.REGION, code)


def by_code(kind: str, codes: Iterable[str]) -> dict[str, Code]:
    """Those of ``codes`` that exist in the version in use, in one query."""
    found = Code.objects.current(kind).filter(code__in=set(codes)).select_related("list")
    return {one.code: one for one in found}


def under(code: Code) -> CodeQuerySet:
    """``code`` and everything below it: a province with its cities and counties."""
    return Code.objects.under(code)


def search(kind: str, words: str, *, min_level: int = 1, limit: int = 20) -> list[Code]:
    """What somebody who typed ``words`` may mean in the version in use, the likeliest first.

    Each word is the beginning of a code or a part of a name, be it the name of a parent.
    """
    return likeliest(Code.objects.current(kind).choosable(min_level), kind, words, limit)


def search_in(codes: CodeList, words: str, *, limit: int = 20) -> list[Code]:
    """The same in one version, whether it is in use or not."""
    return likeliest(codes.codes.all(), codes.kind, words, limit)


def likeliest(found: QuerySet[Code], kind: str, words: str, limit: int) -> list[Code]:
    for word in words.split():
        found = found.filter(
            Q(code__istartswith=without_section(kind, word))
            | Q(full_name_zh__icontains=word)
            | Q(full_name_en__icontains=word)
        )
    whole = words.strip()
    closeness = Case(
        When(Q(code__iexact=whole) | Q(name_zh=whole) | Q(name_en__iexact=whole), Value(0)),
        When(Q(name_zh__startswith=whole) | Q(name_en__istartswith=whole), Value(1)),
        When(Q(name_zh__contains=whole) | Q(name_en__icontains=whole), Value(2)),
        default=Value(3),
    )
    return list(found.select_related("list").order_by(closeness, "level", "code")[:limit])


def without_section(kind: str, word: str) -> str:
    """Statistics write an industry as C2720; the standard's own code is 2720."""
    industry = kind == CodeList.Kind.INDUSTRY
    return word[1:] if industry and word[:1].isalpha() and word[1:].isdigit() else word


def label(code: Code) -> str:
    """One line that tells an entry from its namesakes: a county with its city, a code elsewhere."""
    if code.list.kind == CodeList.Kind.REGION:
        return code.full_name
    return f"{code.name} · {code.code}"
