"""``/api/v1/``: the lists of all apps, to read; described by OpenAPI at ``/api/v1/docs``."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from ninja import NinjaAPI, Swagger
from ninja.openapi.schema import OpenAPISchema

from silian.education.programmes.api import router as programmes
from silian.education.shortages.api import router as shortages
from silian.education.standards.api import router as standards
from silian.governance.agreements.api import router as agreements
from silian.governance.bodies.api import router as bodies
from silian.governance.charters.api import router as charters
from silian.governance.consortia.api import router as consortia
from silian.governance.council.api import router as council
from silian.governance.directory.api import router as organisations
from silian.governance.elections.api import router as elections
from silian.industry.demand.api import router as positions
from silian.industry.occupations.api import router as skills
from silian.industry.releases.api import router as releases
from silian.kernel.api import Token
from silian.kernel.codes.api import router as codes
from silian.talent.criteria.api import router as rules
from silian.talent.rounds.api import router as rounds

REFUSALS = {
    "401": {"description": "The token does not count"},
    "422": {"description": "A parameter makes no sense; `detail` says which and why"},
}


class Api(NinjaAPI):
    """Describes also what every list has in common: refusals, and that a token is optional."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"] |= REFUSALS
                operation["security"] = [{}, *operation["security"]]
        return schema


api = Api(
    title="Silian",
    version="1",
    description="Lists to read. Public data needs no sign-in; with a personal token, or signed in, "
    "you read what you also see on the pages.",
    auth=[Token()],
    docs=Swagger(settings={"persistAuthorization": False, "tryItOutEnabled": True}),
    urls_namespace="api",
    openapi_extra={"servers": [{"url": "/"}]},
)
api.add_router("/consortia", consortia)
api.add_router("/charters", charters)
api.add_router("/council", council)
api.add_router("/organisations", organisations)
api.add_router("/bodies", bodies)
api.add_router("/elections", elections)
api.add_router("/agreements", agreements)
api.add_router("/positions", positions)
api.add_router("/releases", releases)
api.add_router("/shortages", shortages)
api.add_router("/programmes", programmes)
api.add_router("/standards", standards)
api.add_router("/rounds", rounds)
api.add_router("/rounds", rules)
api.add_router("/codes", codes)
api.add_router("/skills", skills)


def public_urls() -> tuple[Any, ...]:
    """The addresses of the interface; they ask for tokens themselves, so no sign-in page."""
    patterns, *rest = api.urls
    for pattern in patterns:
        login_not_required(cast(Any, pattern.callback))
    return (patterns, *rest)
