"""Papers that wait for a second person."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from silian.education.papers import policy
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def papers_to_approve(user: User) -> Iterable[Todo]:
    for paper in policy.awaiting_approval(user).select_related("bank__consortium"):
        label = _("Approve the paper “%(title)s”") % {"title": paper.title}
        yield Todo(label, paper.get_absolute_url(), place=paper.bank.consortium.name)
