"""The register of agreements, for programs."""

from datetime import date

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.governance.agreements import policy
from silian.governance.agreements.models import Agreement
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["agreements"])


class PartyOut(Schema):
    organisation: str = Field(alias="organisation.name_zh")
    part: str


class AgreementOut(Schema):
    id: int
    consortium: str = Field(alias="consortium.slug")
    kind: Agreement.Kind
    number: str
    title_zh: str
    title_en: str
    parties: list[PartyOut] = Field(alias="party_set")
    state: Agreement.State
    signed_on: date | None
    expires_on: date | None
    ended_on: date | None
    sha256: str | None = Field(None, alias="frozen.sha256")


class AgreementFilter(Schema):
    q: Word | None = None
    consortium: Word | None = None
    kind: Agreement.Kind | None = None
    state: Agreement.State | None = None


@router.get("", response=list[AgreementOut], summary="Agreements: signed ones, and one's own")
@paginate(Paging)
def agreements(request: ApiRequest, asked: Query[AgreementFilter]) -> QuerySet[Agreement]:
    return narrowed(
        policy.visible_agreements(request.auth),
        title_zh__contains=asked.q,
        consortium__slug=asked.consortium,
        kind=asked.kind,
        state=asked.state,
    )
