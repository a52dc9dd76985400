from decimal import Decimal

import pytest
from django.test import Client

from silian.education.formats.tests.test_formats import ALL
from silian.education.items.tests.factories import make_bank, make_version
from silian.education.papers import services
from silian.education.papers.tests.factories import make_paper

pytestmark = pytest.mark.django_db


def test_every_kind_is_printed(client: Client) -> None:
    bank = make_bank()
    paper = make_paper(bank)
    versions = [make_version(bank, asked, state="approved") for asked in ALL.values()]
    services.add_versions(paper, versions, section="*全部* #1", points=Decimal(2), by=paper.by)
    client.force_login(paper.by)
    for kind in ("paper", "key"):
        page = f"{paper.get_absolute_url()}forms/1/{kind}.pdf"
        assert client.get(page).content.startswith(b"%PDF")
