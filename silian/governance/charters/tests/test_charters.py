import threading
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from silian.governance.charters import policy, services
from silian.governance.charters.forms import Adoption
from silian.governance.charters.models import Charter, MatterRule, Organ, Post, SeatRule, Weight
from silian.governance.charters.reading import compared, content_of, differences
from silian.governance.charters.samples import names, sample
from silian.governance.charters.tests.factories import make_charter
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, consortium: Consortium, *args: object) -> str:
    return reverse(f"charters:{name}", args=[consortium, *args])


def filled_in(consortium: Consortium, name: str = "municipal", **change: object) -> dict[str, Any]:
    """What a browser sends when it leaves a sample as it is, apart from ``change``."""
    adoption = Adoption(sample(name).content_for(consortium))
    data: dict[str, Any] = {"basis": "First assembly", "in_force_from": f"{clock.today()}"}
    forms = [adoption.form]
    for rows in (adoption.seats, adoption.matters, adoption.weights):
        forms += [rows.management_form, *rows.forms]
    for form in forms:
        for field in form:
            value = field.value()
            unticked = field.widget_type == "checkbox" and not value
            if field.name not in data and value is not None and not unticked:
                data[field.html_name] = value
    return data | change


# --- samples ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_a_sample_is_sound_and_says_where_each_value_is_from(
    name: str, consortium: Consortium
) -> None:
    shown = sample(name)
    assert not list(services.contradictions(content_today(shown.content_for(consortium))))
    sources = [source for _line, source in shown.lines()]
    assert sources and all(source.title_zh and source.title_en for source in sources)
    assert {source.url for source in sources} > {""}  # some from a page, some only custom


def content_today(content: Any) -> Any:
    content.charter.in_force_from = clock.today()
    return content


def test_three_samples_ship(consortium: Consortium) -> None:
    assert names() == ["alliance", "college", "municipal"]
    assert sample("alliance").content.charter.chair_years == 1
    assert consortium.name_zh in sample("college").content_for(consortium).charter.text_zh


def test_anybody_reads_a_sample_with_its_sources(client: Client, consortium: Consortium) -> None:
    page = client.get(address("sample_detail", consortium, "alliance")).text
    assert "http://www.kehoso.com/zztx.html" in page
    assert "Start from this sample" not in page
    assert client.get(address("sample_detail", consortium, "nothing")).status_code == 404


# --- adopting -----------------------------------------------------------------------------


def test_a_sample_is_adopted_with_all_its_rows(consortium: Consortium) -> None:
    by = make_secretary(consortium)
    charter = services.adopt_sample(
        consortium, "municipal", by=by, in_force_from=clock.today(), basis="First assembly"
    )

    rule = policy.rule_for(charter, Organ.ASSEMBLY, "amendment")
    assert (charter.version, rule.majority, rule.strict) == (1, Fraction(2, 3), False)
    assert charter.seat_rules.get(post=Post.CHAIR).category == "government"
    entry = Entry.objects.about(charter).get()
    assert entry.by == by
    assert len(entry.detail["seats"]) == charter.seat_rules.count()


def test_versions_follow_each_other_and_the_newest_in_force_counts(consortium: Consortium) -> None:
    today = clock.today()
    first = make_charter(consortium)
    second = make_charter(consortium, since=today, notice_days=7)
    coming = make_charter(consortium, since=today + timedelta(days=9), notice_days=5)

    assert [c.version for c in (first, second, coming)] == [1, 2, 3]
    assert policy.charter_of(consortium) == second
    assert policy.charter_of(consortium, today - timedelta(days=1)) == first
    assert policy.charter_of(consortium, today + timedelta(days=9)) == coming


def test_a_new_charter_is_news_to_the_members(consortium: Consortium) -> None:
    member = make_staff(make_membership(consortium).organisation)
    stranger = make_staff(make_membership(make_consortium()).organisation)
    make_charter(consortium)
    assert not Notice.objects.exists()  # history that is only entered now
    make_charter(consortium, since=clock.today())
    assert [notice.to for notice in Notice.objects.all()] == [member]
    assert stranger != member


def test_no_version_is_in_force_before_the_one_before_it(consortium: Consortium) -> None:
    make_charter(consortium, since=clock.today())
    with pytest.raises(ValidationError, match="The version before it is in force from"):
        make_charter(consortium, since=clock.today() - timedelta(days=1))
    assert consortium.charters.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_adopt_at_once_make_two_versions() -> None:
    consortium = make_consortium()
    made: list[int] = []

    def adopt() -> None:
        made.append(make_charter(consortium).version)
        connection.close()

    threads = [threading.Thread(target=adopt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [1, 2]


def test_a_fault_half_way_leaves_nothing(consortium: Consortium) -> None:
    content = content_today(sample("municipal").content_for(consortium))
    twice = [SeatRule(post="chair", count=1), SeatRule(post="chair", count=2)]
    rows = {"seats": [*content.seats, *twice], "matters": content.matters, "weights": []}
    with pytest.raises(IntegrityError):
        services.adopt_charter(content.charter, by=None, **rows)


@pytest.mark.parametrize(
    ("part", "rows", "message"),
    [
        ("seats", [], "A charter has seats"),
        ("matters", [], "what its organs need"),
        ("matters", [MatterRule(organ="council", matter="election")], "no rule for ordinary"),
        ("seats", [SeatRule(post="chair", count=1)], "rules but no seats"),
        ("seats", [SeatRule(post="supervisor", count=1)], "no seat of Chair"),
    ],
)
def test_what_contradicts_itself_is_refused(
    consortium: Consortium, part: str, rows: list[Any], message: str
) -> None:
    content = content_today(sample("municipal").content_for(consortium))
    parts = {"seats": content.seats, "matters": content.matters, "weights": []}
    with pytest.raises(ValidationError, match=message):
        services.adopt_charter(content.charter, by=None, **(parts | {part: rows}))


@pytest.mark.parametrize(
    "impossible",
    [
        lambda c: MatterRule(charter=c, organ="council", quorum=Fraction(3, 2)),
        lambda c: MatterRule(charter=c, organ="council", majority=Fraction(1), strict=True),
        lambda c: MatterRule(charter=c, organ="council", matter="ordinary"),
        lambda c: SeatRule(charter=c, post="chair", category="school", count=0),
        lambda c: Weight(charter=c, grade="chair", votes=0),
        lambda c: Charter(consortium=c.consortium, version=1, in_force_from=clock.today()),
        lambda c: Charter(
            consortium=c.consortium, version=9, in_force_from=clock.today(), chair_years=0
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(consortium: Consortium, impossible: Any) -> None:
    charter = make_charter(consortium)
    with pytest.raises(IntegrityError):
        impossible(charter).save()


# --- the form -----------------------------------------------------------------------------


def test_the_secretariat_adopts_a_sample_as_it_likes(
    secretary: Client, consortium: Consortium
) -> None:
    change = {"notice_days": 14, "matters-0-majority": "60%", "matters-0-strict": "False"}

    page = secretary.post(
        address("charter_new", consortium), filled_in(consortium, **change), follow=True
    )

    charter = consortium.charters.get()
    assert (charter.notice_days, charter.basis) == (14, "First assembly")
    rule = policy.rule_for(charter, Organ.ASSEMBLY, "ordinary")
    assert (rule.majority, rule.strict, rule.secret) == (Fraction(3, 5), False, False)
    kept, meant = content_of(charter), sample("municipal").content
    assert [len(kept.seats), len(kept.matters)] == [len(meant.seats), len(meant.matters)]
    assert "at least 3/5 of those present in favour" in page.text


def test_rows_are_added_taken_away_and_blank_ones_left_out(
    secretary: Client, consortium: Consortium
) -> None:
    count = len(sample("municipal").content.seats)
    change = {f"seats-{count}-post": "vice_chair", f"seats-{count}-category": "school"}
    change |= {f"seats-{count}-count": "2", f"seats-{count}-filling": "election"}
    change |= {f"seats-{count + 1}-category": "any", f"seats-{count + 1}-filling": "election"}
    change |= {"seats-3-DELETE": "on", "seats-TOTAL_FORMS": str(count + 2)}
    change |= {"weights-TOTAL_FORMS": "1", "weights-0-grade": "chair", "weights-0-votes": "3"}

    secretary.post(address("charter_new", consortium), filled_in(consortium, **change))

    charter = consortium.charters.get()
    (vice,) = charter.seat_rules.filter(post="vice_chair")
    assert (vice.category, vice.count) == ("school", 2)
    assert charter.seat_rules.count() == count
    assert charter.weights.get().votes == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"matters-0-quorum": "4/3"}, "no more than all"),
        ({"matters-0-quorum": "two thirds"}, "A share is written as 2/3"),
        ({"matters-0-quorum": "1/0"}, "A share is written as 2/3"),
        ({"matters-0-majority": "333/1000"}, "Nobody can count so fine a share"),
        ({"matters-0-majority": "1", "matters-0-strict": "True"}, "Nobody can need more than all"),
        ({"matters-0-majority": "1/3"}, "Less than half decides nothing"),
        ({"matters-1-matter": "ordinary"}, "This stands in another row already"),
        ({"seats-1-post": "chair", "seats-1-category": "government"}, "in another row already"),
        ({"seats-0-count": "0"}, "greater than or equal to 1"),
        ({"matters-0-DELETE": "on"}, "there is no rule for ordinary matters"),
        ({"callers": []}, "This field is required"),
        ({"basis": ""}, "This field is required"),
        ({"term_years": "0"}, "greater than or equal to 1"),
        ({"chair_years": "5"}, "cannot rotate more slowly"),
        ({"in_force_from": "1999-01-01"}, "The version before it is in force from"),
    ],
)
def test_mistakes_are_said_and_nothing_is_lost(
    secretary: Client, consortium: Consortium, change: dict[str, Any], message: str
) -> None:
    make_charter(consortium)
    data = filled_in(consortium, **({"text_zh": "**宗旨**", "notice_days": "33"} | change))

    page = secretary.post(address("charter_new", consortium), data).text

    assert message in page
    assert "**宗旨**" in page and 'value="33"' in page
    assert consortium.charters.count() == 1


def test_a_new_version_begins_as_the_newest(secretary: Client, consortium: Consortium) -> None:
    make_charter(consortium, notice_days=21)
    page = secretary.get(address("charter_new", consortium)).text
    assert 'value="21"' in page
    sampled = secretary.get(address("charter_new", consortium) + "?from=college").text
    assert 'value="21"' not in sampled
    assert secretary.get(address("charter_new", consortium) + "?from=x").status_code == 404


# --- reading ------------------------------------------------------------------------------


def test_anybody_reads_the_charter_in_force_in_words(
    client: Client, consortium: Consortium
) -> None:
    make_charter(consortium)
    page = client.get(address("charter_list", consortium)).text
    for shown in [
        "2/3 of those entitled must be present; more than 1/2 of those present in favour",
        "by secret ballot",
        "may be decided by correspondence",
        "the secretariat",
        "another round among those who tie",
        "In force",
    ]:
        assert shown in page
    assert "Adopt a new version" not in page


def test_a_consortium_without_a_charter_says_so(client: Client, consortium: Consortium) -> None:
    assert "No charter is adopted yet" in client.get(address("charter_list", consortium)).text
    assert client.get(address("charter_compare", consortium)).status_code == 404
    assert client.get(address("charter_detail", consortium, 1)).status_code == 404


def test_two_versions_are_compared_value_by_value_and_in_their_text(
    client: Client, consortium: Consortium
) -> None:
    old = make_charter(consortium, text_zh="每年召开一次会议")
    new = make_charter(consortium, since=clock.today(), notice_days=7, text_zh="每年召开两次会议")

    (notice,) = differences(content_of(old), content_of(new))
    assert (notice.was, notice.now) == ("10", "7")
    assert list(compared(old.text_zh, new.text_zh)) == [
        ("same", "每年召开"),
        ("was", "一"),
        ("now", "两"),
        ("same", "次会议"),
    ]
    page = client.get(address("charter_compare", consortium)).text
    assert "<del>10</del>" in page and "<ins>7</ins>" in page
    assert "<del>一</del>" in page
    turned = client.get(address("charter_compare", consortium) + "?from=2&to=1").text
    assert "<del>7</del>" in turned
    odd = client.get(address("charter_compare", consortium) + "?from=x&to=99")
    assert "<del>10</del>" in odd.text


def test_seats_that_come_and_go_are_differences(consortium: Consortium) -> None:
    old = make_charter(consortium)
    content = content_today(sample("municipal").content_for(consortium))
    seats = [*content.seats[1:], SeatRule(post="chair", category="school", count=1)]
    rows = {"seats": seats, "matters": content.matters, "weights": [Weight(grade="chair", votes=2)]}
    new = services.adopt_charter(content.charter, by=None, **rows)

    found = {d.label: (d.was, d.now) for d in differences(content_of(old), content_of(new))}
    assert found == {
        "Chair · schools": ("", "1 seat · by election"),
        "Chairing unit": ("", "2 votes"),
        "Chair · government and park": ("1 seat · by election", ""),
    }


def test_only_the_secretariat_adopts(consortium: Consortium) -> None:
    member = make_staff(make_membership(consortium).organisation)
    for user in (member, make_user(), make_secretary(make_consortium())):
        page = signed_in(user).post(address("charter_new", consortium), filled_in(consortium))
        assert page.status_code == 403
        assert "Only the secretariat" in page.text
    assert Client().get(address("charter_new", consortium)).status_code == 302
    assert not consortium.charters.exists()


def test_a_secretariat_without_a_charter_is_told_to_adopt_one(consortium: Consortium) -> None:
    user = make_secretary(consortium)
    assert "Adopt a charter" in [todo.label for todo in todos_of(user)]
    make_charter(consortium)
    assert "Adopt a charter" not in [todo.label for todo in todos_of(user)]
    assert "Adopt a charter" not in [todo.label for todo in todos_of(make_user())]


def test_the_page_asks_no_more_of_the_database_for_many_versions(
    client: Client, consortium: Consortium, django_assert_max_num_queries: Any
) -> None:
    make_charter(consortium)
    with django_assert_max_num_queries(100) as few:
        client.get(address("charter_list", consortium))
    for _ in range(29):
        make_charter(consortium)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address("charter_list", consortium))


def test_programs_read_charters(client: Client, consortium: Consortium) -> None:
    make_charter(consortium)
    make_charter(make_consortium())
    answer = client.get("/api/v1/charters", {"consortium": consortium.slug}).json()
    (row,) = answer["items"]
    assert (row["version"], row["notice_days"]) == (1, 10)
    assert row["matters"][0]["quorum"] == "2/3"
    assert {seat["post"] for seat in row["seats"]} >= {"chair", "secretary_general"}
