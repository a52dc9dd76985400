"""What waits for those who vote."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.ballots import policy
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def ballots_to_cast(user: User) -> Iterable[Todo]:
    """Open ballots in which a unit of this person has not voted yet."""
    for voter in policy.unvoted(user, clock.now()):
        poll = voter.poll
        url = reverse("ballots:ballot", args=[poll.consortium, poll.pk]) + f"?unit={voter.pk}"
        label = _("Vote: %(title)s") % {"title": poll.title}
        place = f"{voter.organisation.name} · {poll.consortium.short_name}"
        yield Todo(label, url, due=poll.closes_at, place=place)
