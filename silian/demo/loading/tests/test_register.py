"""The demo's register: firms of each region with what they make, and one that is there twice."""

import pytest

from silian.demo.loading import services
from silian.governance.claims.models import Claim
from silian.governance.consortia.models import Consortium
from silian.governance.directory.policy import doubles
from silian.governance.members.models import Organisation
from silian.industry.enterprises.models import Profile
from silian.industry.enterprises.policy import visible_enterprises
from silian.kernel.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", services.SLUGS)
def test_every_region_has_firms_beside_the_members(slug: str) -> None:
    consortium = Consortium.objects.get(slug=slug)
    firms = visible_enterprises(User(), consortium)
    assert firms.filter(memberships=None).count() >= 40
    assert Profile.objects.filter(organisation__in=firms).exclude(products_zh="").count() >= 60


def test_there_are_doubles_to_merge() -> None:
    assert len(doubles(Organisation.objects.all())) >= len(services.SLUGS)


def test_somebody_waits_for_each_secretariat_to_check_a_claim() -> None:
    assert Claim.objects.filter(state=Claim.State.SUBMITTED).count() == len(services.SLUGS)
