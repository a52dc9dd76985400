"""The demo's decisions stand on its charters and can be calculated again."""

import pytest
from django.test import Client
from django.urls import reverse

from silian.demo.loading import services
from silian.engines.tallying import decide
from silian.governance.charters.working import restored
from silian.governance.consortia.models import Consortium
from silian.governance.minutes.models import Minutes
from silian.governance.motions.models import Motion
from silian.governance.resolutions.models import Resolution
from silian.governance.votes import policy
from silian.kernel.accounts.models import User

pytestmark = pytest.mark.django_db


def test_every_result_comes_out_again_from_what_was_kept() -> None:
    decided = Motion.objects.filter(state__in=Motion.DECIDED)
    assert {motion.state for motion in decided} == {"carried", "lost"}
    assert {motion.way for motion in decided} == {"each", "hands", "ballot"}
    for motion in decided:
        kept = restored(motion.decision)
        again = decide(
            kept.votes,
            present=motion.present,
            eligible=motion.eligible,
            quorum_share=kept.quorum.share,
            majority=kept.majority,
        )
        assert again == kept
        assert (motion.state == "carried") == again.carried, motion


def test_some_result_fails_for_want_of_a_quorum() -> None:
    lost = Motion.objects.filter(state="lost")
    assert [motion for motion in lost if not restored(motion.decision).quorum.met]


def test_the_accounts_of_the_demo_can_vote_now() -> None:
    running = Motion.objects.being_voted().filter(consortium__slug="mingshui")
    for word in ("enterprise", "school", "park"):
        user = User.objects.get(username=f"{word}.mingshui")
        waiting = [m for m in running if policy.may_cast(user, m)]
        votes = [policy.choices_cast(m, policy.rights_of(user, m)) for m in waiting]
        assert {} in votes, word


def test_an_amendment_has_changed_a_text() -> None:
    motion = Motion.objects.get(title_zh="设立现场工程师奖学金", amends=None)
    old, new = motion.wordings.all()
    assert "三千元" in old.text_zh
    assert "五千元" in new.text_zh == motion.text_zh
    assert new.amendment.amends == motion


def test_resolutions_are_at_every_stage() -> None:
    assert {resolution.state for resolution in Resolution.objects.all()} == set(Resolution.State)
    assert Resolution.objects.overdue().exists()


def test_founding_minutes_are_sealed_with_their_file() -> None:
    sealed = Minutes.objects.filter(state="sealed")
    assert sealed.count() == 3
    for minutes in sealed:
        assert minutes.pdf.media_type == "application/pdf"
        assert minutes.meeting.title_zh in minutes.pdf.name


@pytest.mark.parametrize("slug", services.SLUGS)
def test_the_pages_open_for_the_secretariat(slug: str) -> None:
    consortium = Consortium.objects.get(slug=slug)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(User.objects.get(username=f"secretary.{slug}"))
    pages = ["motions:motion_index", "votes:letter_index", "minutes:minutes_index"]
    for name in [*pages, "resolutions:resolution_index"]:
        assert client.get(reverse(name, args=[consortium])).status_code == 200, name
    for motion in consortium.motions.all():
        assert client.get(motion.get_absolute_url()).status_code == 200
        vote = reverse("votes:vote", args=[consortium, motion.pk])
        assert client.get(vote).status_code == 200
