from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client

from silian.governance.consortia.models import Cluster
from silian.governance.members.tests.factories import make_consortium
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.watches import policy, services, tasks
from silian.industry.watches.models import Watch
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db
Rhythm = Watch.Rhythm


def make_watch(user: User | None = None, **fields: object) -> Watch:
    facts = {"name": "我的检索", "rhythm": Rhythm.AT_ONCE} | fields
    return Watch.objects.create(user=user or make_user(), **facts)


def later(settings: LazySettings, **delta: int) -> None:
    settings.CLOCK = (clock.now() + timedelta(**delta)).isoformat()


def told(watch: Watch) -> list[str]:
    return [notice.text for notice in Notice.objects.filter(to=watch.user).order_by("pk")]


def test_a_search_is_saved_from_the_hall(client: Client) -> None:
    consortium = make_consortium()
    user = make_user()
    address = f"/me/watches/new/?in={consortium.slug}&kind=internship&page=3&sort=-pay&q="
    assert client.get(address).status_code == 302  # who is not signed in is asked to
    client.force_login(user)
    page = client.get(address)
    assert 'value="Internship"' in page.text
    wrong = client.post(address, {"name": "", "rhythm": "daily"})
    assert "name" in wrong.context["form"].errors
    client.post(address, {"name": "实习", "rhythm": "daily"})
    watch = Watch.objects.get()
    assert (watch.user, watch.consortium, watch.query) == (user, consortium, "kind=internship")
    again = client.post(address, {"name": "实习", "rhythm": "weekly"})
    assert "saved this search already" in again.text
    assert Watch.objects.count() == 1
    assert client.get(watch.hall_url).status_code == 200


def test_told_at_once_and_only_once(settings: LazySettings) -> None:
    watch = make_watch(query="kind=internship")
    make_position(kind="internship", published_at=clock.now() - timedelta(days=1))  # before it
    later(settings, minutes=3)
    make_position(kind="employment")
    tasks.look_at_once(timestamp=0)
    assert told(watch) == []
    later(settings, minutes=3)
    new = make_position(kind="internship", title_zh="质检实习生", title_en="Quality intern")
    tasks.look_at_once(timestamp=0)
    tasks.look_at_once(timestamp=0)
    assert told(watch) == ["New in your search “我的检索”: Quality intern"]
    assert Notice.objects.get().url == new.get_absolute_url()


def test_digests_of_the_day_and_of_the_week(settings: LazySettings) -> None:
    daily, weekly = make_watch(rhythm=Rhythm.DAILY), make_watch(rhythm=Rhythm.WEEKLY)
    silent = make_watch(rhythm=Rhythm.NEVER)
    later(settings, hours=2)
    for _ in range(2):
        make_position()
    tasks.look_at_once(timestamp=0)
    assert told(daily) == []
    later(settings, hours=22)
    tasks.look_each_morning(timestamp=0)
    assert told(daily) == ["2 new positions in your search “我的检索”"]
    assert told(weekly) == []
    later(settings, days=6)
    tasks.look_each_morning(timestamp=0)
    assert len(told(daily)) == 1
    assert told(weekly) == ["2 new positions in your search “我的检索”"]
    assert told(silent) == []


def test_within_one_consortium_only(settings: LazySettings) -> None:
    consortium = make_consortium()
    watch = make_watch(consortium=consortium)
    later(settings, minutes=1)
    make_position()
    tasks.look_at_once(timestamp=0)
    assert told(watch) == []
    later(settings, minutes=1)
    make_position(consortium)
    tasks.look_at_once(timestamp=0)
    assert len(told(watch)) == 1


def test_a_search_for_what_is_gone_finds_nothing_rather_than_everything(client: Client) -> None:
    consortium = make_consortium()
    cluster = Cluster.objects.create(consortium=consortium, name_zh="装备")
    watch = make_watch(consortium=consortium, query=f"cluster={cluster.pk}")
    make_position(consortium)
    cluster.delete()
    assert not services.hits_of(watch).exists()
    client.force_login(watch.user)
    assert "no longer exists" in client.get(watch.get_absolute_url()).text


def test_nobody_else_knows_of_it(client: Client) -> None:
    watch = make_watch(name="秘密检索")
    client.force_login(make_user())
    for address in ("", "edit/"):
        assert client.get(f"/me/watches/{watch.pk}/{address}").status_code == 404
    assert client.post(f"/me/watches/{watch.pk}/remove/").status_code == 404
    assert "秘密检索" not in client.get("/me/watches/").text


def test_changed_and_removed_by_its_owner(client: Client) -> None:
    watch = make_watch()
    make_position()
    client.force_login(watch.user)
    assert client.get(watch.get_absolute_url()).status_code == 200
    client.post(f"/me/watches/{watch.pk}/edit/", {"name": "新名字", "rhythm": "never"})
    watch.refresh_from_db()
    assert (watch.name, watch.rhythm) == ("新名字", Rhythm.NEVER)
    client.post(f"/me/watches/{watch.pk}/remove/")
    assert not Watch.objects.exists()


def test_nobody_keeps_too_many(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "MOST", 1)
    watch = make_watch()
    client.force_login(watch.user)
    assert client.get("/me/watches/new/").status_code == 403


def test_one_search_once() -> None:
    watch = make_watch(query="q=x")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_watch(watch.user, query="q=x")


def test_a_drafts_state_is_nobodys_news(settings: LazySettings) -> None:
    watch = make_watch()
    later(settings, minutes=1)
    make_position(state=Position.State.SUBMITTED)
    tasks.look_at_once(timestamp=0)
    assert told(watch) == []
