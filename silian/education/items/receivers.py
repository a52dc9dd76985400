"""What waits for authors and reviewers. Items are kept out of the search: they are secret."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.banks.policy import visible_banks
from silian.education.items import policy
from silian.education.items.models import Tested, Version
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer
from silian.industry.occupations import links
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def items_to_review(user: User) -> Iterable[Todo]:
    yield from _of(policy.awaiting_review(user), _("Items to review"), "?state=review")


@todos.source
def items_sent_back(user: User) -> Iterable[Todo]:
    yield from _of(policy.sent_back(user), _("Items to change after a review"), "?state=draft")


@links.source(gettext_lazy("Items that test it"))
def items_testing(skill: Skill, user: Viewer) -> Iterable[links.Link]:
    """Only how many, and only in banks that the reader sees."""
    banks = visible_banks(user)
    rows = Tested.objects.filter(skill=skill, item__bank__in=banks.values("pk"))
    for row in rows.order_by().values("item__bank").annotate(n=Count("pk")):
        bank = banks.get(pk=row["item__bank"])
        url = f"{reverse('items:item_index', args=[bank.consortium])}?skill={skill.pk}"
        yield links.Link(bank.name, url, str(row["n"]))


def _of(rows: QuerySet[Version], label: str, query: str) -> Iterable[Todo]:
    found = dict(
        rows.order_by().values_list("item__bank__consortium").annotate(Count("pk", distinct=True))
    )
    for consortium in Consortium.objects.filter(pk__in=found):
        url = reverse("items:item_index", args=[consortium]) + query
        yield Todo(label, url, found[consortium.pk], place=consortium.name)
