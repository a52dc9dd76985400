"""The directory of organisations and their memberships, for programs."""

from datetime import date

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.governance.members import policy
from silian.governance.members.models import Membership, Organisation
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["organisations"])


class MembershipOut(Schema):
    consortium: str = Field(alias="consortium.slug")
    part: Membership.Part
    grade: Membership.Grade
    admitted_on: date


class OrganisationOut(Schema):
    id: int
    kind: Organisation.Kind
    name_zh: str
    name_en: str
    credit_code: str | None
    region: str | None = Field(None, alias="region.code")
    memberships: list[MembershipOut] = Field(alias="current_memberships")


class OrganisationFilter(Schema):
    q: Word | None = None
    kind: Organisation.Kind | None = None
    region: Word | None = None
    consortium: Word | None = None


@router.get("", response=list[OrganisationOut], summary="The directory, with current memberships")
@paginate(Paging)
def organisations(request: ApiRequest, asked: Query[OrganisationFilter]) -> QuerySet[Organisation]:
    rows = policy.visible_organisations(request.auth)
    if asked.consortium:
        current = Membership.objects.current()
        rows = rows.filter(memberships__in=current.filter(consortium__slug=asked.consortium))
    return narrowed(rows, name_zh__contains=asked.q, kind=asked.kind, region__code=asked.region)
