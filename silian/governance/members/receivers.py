"""What waits for the people of secretariats and organisations."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def applications_to_review(user: User) -> Iterable[Todo]:
    waiting = Count("memberships", filter=Q(memberships__state=Membership.State.APPLIED))
    secretariats = Consortium.objects.filter(pk__in=secretariats_of(user))
    for consortium in secretariats.annotate(waiting=waiting).filter(waiting__gt=0):
        url = reverse("members:member_index", args=[consortium]) + "?state=applied"
        yield Todo(
            _("Applications for membership to review"),
            url,
            count=consortium.waiting,
            place=consortium.name,
        )


@todos.source
def returned_applications(user: User) -> Iterable[Todo]:
    returned = Membership.objects.filter(
        state=Membership.State.RETURNED, organisation__in=organisations_of(user)
    )
    for application in returned.select_related("consortium", "organisation"):
        yield Todo(
            _("Application for membership to change"),
            application.get_absolute_url(),
            place=f"{application.organisation.name} · {application.consortium.name}",
        )
