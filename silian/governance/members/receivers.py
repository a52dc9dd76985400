"""What waits for the people of secretariats and organisations, and what can be found."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.governance.members import policy
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search.services import index

index(
    Organisation,
    visible=policy.visible_organisations,
    text=lambda organisation: [
        organisation.short_name_zh,
        organisation.short_name_en,
        organisation.credit_code,
        organisation.school_code,
        organisation.region and organisation.region.full_name_zh,
        organisation.industry and organisation.industry.full_name_zh,
        organisation.about_zh,
        organisation.about_en,
    ],
    name=gettext_lazy("Organisations"),
)


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
