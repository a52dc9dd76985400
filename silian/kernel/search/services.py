"""Registering what can be found, keeping the index up to date, and finding.

An app registers a kind of object once, in its ``receivers.py``::

    search.services.index(
        Position, visible=policy.visible_positions, text=lambda p: [p.duties_zh, p.duties_en]
    )
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Cast, Length
from django.utils.safestring import SafeString
from django.utils.translation import override

from silian.kernel.accounts.models import User
from silian.kernel.search import words as wording
from silian.kernel.search.models import Document

Viewer = User | AnonymousUser
BATCH = 1000
BODY_LIMIT = 20_000  # characters of an object's text that are indexed


@dataclass(frozen=True)
class Kind:
    """One kind of object that can be found."""

    model: type[models.Model]
    visible: Callable[[Any], QuerySet[Any]]
    text: Callable[[Any], Iterable[str | None]]
    consortium: Callable[[Any], str]
    name: Any  # plural, translated when it is shown
    kept_above: dict[str, Callable[[Any], Iterable[str | None]]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.model._meta.label


kinds: dict[str, Kind] = {}


def index(
    model: type[models.Model],
    *,
    visible: Callable[[Any], QuerySet[Any]],
    text: Callable[[Any], Iterable[str | None]],
    consortium: Callable[[Any], str] | None = None,
    name: Any = None,
) -> None:
    """Make objects of ``model`` findable by those to whom ``visible(user)`` shows them.

    ``text`` gives what is searched beside the object's own name (its ``str`` in both languages);
    give nothing that some of its viewers may not read. ``consortium`` gives its short address, by
    default that of ``obj.consortium``; ``name`` is what the kind is called in the plural. The page
    of an object is its ``get_absolute_url``.
    """
    if not hasattr(model, "get_absolute_url"):
        raise ImproperlyConfigured(f"{model._meta.label} needs get_absolute_url to be found.")
    kinds[model._meta.label] = Kind(
        model=model,
        visible=visible,
        text=text,
        consortium=consortium or slug_of_consortium,
        name=name or model._meta.verbose_name_plural,
    )
    models.signals.post_save.connect(_saved, sender=model, dispatch_uid="search")
    models.signals.post_delete.connect(_deleted, sender=model, dispatch_uid="search")


def extend(
    model: type[models.Model], through: str, text: Callable[[Any], Iterable[str | None]]
) -> None:
    """Find objects of ``model`` also by what an app above it keeps of each.

    ``through`` is the one-to-one relation that leads from the object to it; ``text`` gives what is
    searched of it, and again nothing that some of the object's viewers may not read.
    """
    relation: Any = model._meta.get_field(through)
    kinds[model._meta.label].kept_above[through] = text

    def saved(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
        _saved(model, getattr(instance, relation.remote_field.name))

    models.signals.post_save.connect(
        saved, sender=relation.related_model, weak=False, dispatch_uid=f"search {through}"
    )


def slug_of_consortium(obj: Any) -> str:
    consortium = getattr(obj, "consortium", None)
    return consortium.slug if consortium else ""


# --- keeping the index up to date ---------------------------------------------------------


_paused: ContextVar[bool] = ContextVar("indexing is left to reindex", default=False)


@contextmanager
def left_to_reindex() -> Iterator[None]:
    """Within it saved rows are not indexed one by one: whoever loads much calls reindex after."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def _saved(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    if not _paused.get():
        transaction.on_commit(partial(_refresh, sender, instance.pk), robust=True)


def _deleted(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    Document.objects.filter(kind=sender._meta.label, object=instance.pk).delete()


def _refresh(model: type[models.Model], key: int) -> None:
    write(kinds[model._meta.label], rows_of(model).filter(pk=key))


def reindex(model: type[models.Model]) -> int:
    """Write every document of ``model`` anew, after rows went in in bulk; return their number."""
    kind = kinds[model._meta.label]
    keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        write(kind, rows_of(model).filter(pk__in=keys[start : start + BATCH]))
    gone = Document.objects.filter(kind=kind.label)
    gone.exclude(object__in=model._base_manager.values("pk")).delete()
    return len(keys)


def rows_of(model: type[models.Model]) -> QuerySet[Any]:
    """All rows, each with what it points at, from which names, texts and addresses are made."""
    pointed_at = [f.name for f in model._meta.fields if isinstance(f, models.ForeignKey)]
    pointed_at += kinds[model._meta.label].kept_above
    many = [f.name for f in model._meta.many_to_many]
    return model._base_manager.select_related(*pointed_at).prefetch_related(*many)


def write(kind: Kind, rows: Iterable[Any]) -> None:
    Document.objects.bulk_create(
        [document(kind, row) for row in rows],
        update_conflicts=True,
        unique_fields=["kind", "object"],
        update_fields=["consortium", "title_zh", "title_en", "body", "url", "tokens"],
    )


def document(kind: Kind, obj: Any) -> Document:
    """What the index is to know of ``obj``."""
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            titles[language] = str(obj)[:300]
    title_zh, title_en = titles["zh-hans"], titles["en"]
    body = "\n".join(str(part) for part in text_of(kind, obj) if part)[:BODY_LIMIT]
    tokens = wording.vector(f"{title_zh} {title_en}", body)
    return Document(
        kind=kind.label,
        object=obj.pk,
        consortium=kind.consortium(obj),
        title_zh=title_zh,
        title_en="" if title_en == title_zh else title_en,
        body=body,
        url=obj.get_absolute_url(),
        tokens=Cast(Value(tokens), Document._meta.get_field("tokens")),
    )


def text_of(kind: Kind, obj: Any) -> Iterator[str | None]:
    """What is searched of ``obj`` beside its name: its own text, and what is kept of it above."""
    yield from kind.text(obj)
    for through, text in kind.kept_above.items():
        if kept := getattr(obj, through, None):
            yield from text(kept)


# --- finding ------------------------------------------------------------------------------


class Lexemes(SearchQuery):
    """A tsquery whose words are cut already; PostgreSQL shall not cut them again."""

    template = "(%(expressions)s)::tsquery"


@dataclass(frozen=True)
class Hit:
    """One object found, as its finder may see it."""

    kind: Any  # the name of the kind
    title: SafeString
    excerpt: SafeString
    url: str


@dataclass(frozen=True)
class Facet:
    kind: str
    name: Any
    count: int


@dataclass(frozen=True)
class Results(Sequence[Hit]):
    """What was found: counts by kind, and a sequence of hits that a paginator can slice."""

    words: str
    facets: list[Facet] = field(default_factory=list)
    total: int = 0
    ranked: QuerySet[Any, Any] | None = None

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, at: Any) -> Any:
        piece = at if isinstance(at, slice) else slice(at, at + 1)
        keys = [key for key, *_order in self.ranked[piece]] if self.ranked is not None else []
        found = Document.objects.defer("tokens").in_bulk(keys)
        hits = [self.hit(found[key]) for key in keys if key in found]
        return hits if isinstance(at, slice) else hits[0]

    def hit(self, found: Document) -> Hit:
        return Hit(
            kind=kinds[found.kind].name,
            title=wording.highlight(found.title, self.words),
            excerpt=wording.excerpt(found.body, self.words),
            url=found.url,
        )


def find(user: Viewer, words: str, kind: str = "", consortium: str = "") -> Results:
    """What ``user`` may find by ``words``, the best first; of one ``kind`` or of all.

    Every kind's own ``visible(user)`` limits both the hits and the counts, inside the database.
    """
    query = wording.query(words)
    if not query or not kinds:
        return Results(words)
    matching = Document.objects.filter(tokens=Lexemes(query))
    if consortium:
        matching = matching.filter(consortium=consortium)
    parts = {label: visible_part(matching, known, user) for label, known in kinds.items()}
    counted = union([part.values("kind").annotate(count=Count("pk")) for part in parts.values()])
    counts = {row["kind"]: row["count"] for row in counted}
    chosen = [parts[kind]] if kind in parts else list(parts.values())
    rank = SearchRank(F("tokens"), Lexemes(query))
    ranked = union([keys_of(part, rank) for part in chosen])
    return Results(
        words=words,
        facets=[Facet(k, kinds[k].name, counts[k]) for k in kinds if counts.get(k)],
        total=counts.get(kind, 0) if kind in parts else sum(counts.values()),
        ranked=ranked.order_by("-rank", "length", "pk"),
    )


def matching(model: type[models.Model], words: str) -> QuerySet[Any, Any]:
    """Keys of the rows of ``model`` that ``words`` find, for a list that has its own policy."""
    query = wording.query(words)
    found = Document.objects.filter(kind=model._meta.label)
    found = found.filter(tokens=Lexemes(query)) if query else found.none()
    return found.values_list("object", flat=True)


def visible_part(matching: QuerySet[Document], kind: Kind, user: Viewer) -> QuerySet[Document]:
    """Of the documents that match, those of one kind that ``user`` may see."""
    allowed = kind.visible(user).order_by().values("pk")
    return matching.filter(kind=kind.label, object__in=allowed)


def keys_of(part: QuerySet[Document], rank: SearchRank) -> Any:
    """Keys with what orders them: how well they match, and among equals the shorter title."""
    ordered = part.annotate(rank=rank, length=Length("title_zh"))
    return ordered.values_list("pk", "rank", "length")


def union(parts: list[Any]) -> Any:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
