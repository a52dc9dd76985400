from typing import Any

from silian.education.shortages import services
from silian.education.shortages.models import Catalogue
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.industry.releases.tests.factories import make_release
from silian.kernel.codes.models import Code


def make_catalogue(
    consortium: Consortium | None = None,
    year: int = 2025,
    lines: dict[Code, int] | None = None,
    *,
    published: bool = True,
    **of_lines: Any,
) -> Catalogue:
    """Computed from a release of ``lines`` with whatever programmes there are."""
    consortium = consortium or make_consortium()
    release = make_release(consortium, year, lines, **of_lines)
    by = make_secretary(consortium)
    catalogue = services.prepare_catalogue(release, by=by)
    if published:
        catalogue.foreword_zh = "前言"
        services.edit_catalogue(catalogue, by=by)
        services.publish_catalogue(catalogue, by=by)
    return Catalogue.objects.get(pk=catalogue.pk)
