"""A demand that enough units support waits for the secretariat."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from silian.governance.petitions.models import Petition
from silian.governance.petitions.policy import count_of
from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def petitions_to_answer(user: User) -> Iterable[Todo]:
    open_ones = Petition.objects.filter(meeting=None, consortium__in=secretariats_of(user))
    for petition in open_ones.select_related("consortium"):
        if count_of(petition).reached:
            label = _("Prepare the meeting that is demanded: “%(title)s”")
            url, place = petition.get_absolute_url(), petition.consortium.name
            yield Todo(label % {"title": petition.title}, url, place=place)
