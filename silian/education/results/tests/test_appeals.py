"""An appeal is looked at by somebody else, answered in time, and followed by a correction."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from silian.education.marking.models import Marker
from silian.education.panels import services as panels
from silian.education.results import policy, services
from silian.education.results.models import Appeal, Outcome
from silian.education.results.tests.factories import (
    days_over,
    decide_turn,
    make_marked,
    mark_practical,
    mark_theory,
    published,
    turn_of,
)
from silian.education.skillappraisals.models import Appraisal
from silian.education.skillappraisals.tests.factories import make_appraisal, make_entry, moved
from silian.governance.members.tests.factories import make_organisation, make_staff
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.clock import working_day
from silian.kernel.notices import todos
from silian.kernel.notices.models import Notice
from silian.kernel.persons.models import Person

pytestmark = pytest.mark.django_db
TYPED = {"part": "practical", "text": "第二工位计时有误，请复核。"}


def page(appeal: Appeal, rest: str = "") -> str:
    appraisal = appeal.outcome.entry.appraisal
    return f"/{appraisal.consortium.slug}/appraisals/{appraisal.pk}/appeals/{appeal.pk}/{rest}"


def make_outcome() -> Outcome:
    (outcome,) = published(make_marked([(80, 55)]))
    return outcome


def make_appeal() -> Appeal:
    outcome = make_outcome()
    return services.appeal(outcome, by=outcome.entry.person.user, **TYPED)


def test_the_whole_way_of_an_appeal(client: Client) -> None:
    outcome = make_outcome()
    entry, appraisal = outcome.entry, outcome.entry.appraisal
    client.force_login(entry.person.user)
    address = f"/me/results/{outcome.pk}/appeal/"
    refused = client.post(address, {"part": "", "text": TYPED["text"]})
    assert TYPED["text"] in refused.text and not Appeal.objects.exists()
    photo = SimpleUploadedFile("说明.pdf", b"%PDF-1.4\n%%EOF\n")
    client.post(address, TYPED | {"papers": photo})
    appeal = Appeal.objects.get()
    assert appeal.due == working_day(clock.today(), 10) and appeal.papers.count() == 1
    assert "already" in client.post(address, TYPED).text
    office, other = make_staff(appraisal.organiser), make_staff(appraisal.organiser)
    assert any("looks at an appeal" in todo.label for todo in todos.todos_of(office))
    client.force_login(office)
    assert client.get(page(appeal, f"papers/{appeal.papers.get().pk}/")).status_code == 200
    client.post(page(appeal, "assign/"), {"reviewer": other.pk})
    assert client.get(page(appeal, "decide/")).status_code == 403, "the reviewer alone decides"
    assert any("Decide an appeal" in todo.label for todo in todos.todos_of(other))
    client.force_login(other)
    assert "required" in client.post(page(appeal, "decide/"), {"upheld": "yes"}).text
    client.post(page(appeal, "decide/"), {"upheld": "yes", "answer": "计时记录确有误。"})
    appeal.refresh_from_db()
    assert (appeal.state, appeal.reviewer) == ("upheld", other)
    decide_turn(turn_of(entry), 65)
    services.correct(entry, reason="申诉成立", by=office)
    client.force_login(entry.person.user)
    shown = client.get("/me/results/").text
    assert "申诉成立" in shown and "Has passed" in shown
    assert "计时记录确有误" in client.get(page(appeal)).text
    assert Notice.objects.filter(to=entry.person.user, message__contains="decided").exists()


def test_an_appeal_holds_up_what_is_final_and_has_its_days() -> None:
    appeal = make_appeal()
    appraisal = appeal.outcome.entry.appraisal
    office = make_staff(appraisal.organiser)
    days_over(appraisal)
    assert "appeal waits" in policy.may_finish(office, appraisal).reason
    services.withdraw(appeal, by=appeal.by)
    assert policy.may_finish(office, appraisal)
    late = make_outcome()
    Appraisal.objects.filter(pk=late.entry.appraisal_id).update(
        public_from=clock.today() - timedelta(days=9),
        appeals_until=clock.today() - timedelta(days=1),
    )
    late.refresh_from_db()
    assert "days to appeal" in policy.may_appeal(late.entry.person.user, late).reason


def make_expert(appraisal: Appraisal) -> User:
    """Of the consortium, without a role in the assessment body."""
    expert = make_user()
    Role.objects.create(user=expert, kind=Role.Kind.EXPERT, consortium=appraisal.consortium)
    return expert


def test_the_reviewer_reads_what_they_decide_on_and_no_page_of_the_office(client: Client) -> None:
    outcome = make_outcome()
    entry, appraisal = outcome.entry, outcome.entry.appraisal
    office, expert = make_staff(appraisal.organiser), make_expert(appraisal)
    facts = {"text": "请复核", "by": entry.person.user}
    theory, practical = (
        services.appeal(outcome, part=part, **facts) for part in ("theory", "practical")
    )
    turn = turn_of(entry).pk
    for appeal, points in ((theory, "Nothing was answered."), (practical, "工位")):
        services.assign(appeal, expert, by=office)
        client.force_login(expert)
        shown = client.get(page(appeal)).text
        assert "What was marked" in shown and points in shown
        assert "Where this part is marked" not in shown and f"/turns/{turn}/" not in shown
        assert entry.person.name not in shown
        client.force_login(entry.person.user)
        assert "What was marked" not in client.get(page(appeal)).text
    client.force_login(office)
    shown = client.get(page(practical)).text
    assert f"/turns/{turn}/" in shown and "Where this part is marked" in shown


def make_reviewed_appeal(*points: int) -> Appeal:
    """Against the review of a panel, whose chief comes first."""
    appraisal = make_appraisal(level="l2", state="under_way")
    entry = make_entry(appraisal)
    for part in (mark_theory, mark_practical):
        part(appraisal, {entry: 80})
    panel = [appraisal.seats.create(user=make_user(), chief=not n) for n, _p in enumerate(points)]
    for n, (seat, given) in enumerate(zip(panel, points, strict=True), 1):
        panels.opine(entry, points=Decimal(given), note=f"第{n}条意见", by=seat.user)
    (outcome,) = published(moved(appraisal, "drafted"))
    return services.appeal(outcome, part="review", text="请复核", by=entry.person.user)


def test_the_reviewer_of_a_review_reads_points_and_no_experts_name(client: Client) -> None:
    appeal = make_reviewed_appeal(50, 55, 58)
    appraisal = appeal.outcome.entry.appraisal
    expert = make_expert(appraisal)
    services.assign(appeal, expert, by=make_staff(appraisal.organiser))
    client.force_login(expert)
    shown = client.get(page(appeal)).text
    assert "Expert 2: 55" in shown and "第2条意见" in shown
    assert not any(seat.user.name in shown for seat in appraisal.seats.all())


def test_the_chief_is_told_of_an_upheld_appeal_and_rules_anew(client: Client) -> None:
    appeal = make_reviewed_appeal(50, 55, 58)
    entry, appraisal = appeal.outcome.entry, appeal.outcome.entry.appraisal
    chief, second, _third = (seat.user for seat in appraisal.seats.all())
    office, expert = make_staff(appraisal.organiser), make_expert(appraisal)
    services.assign(appeal, expert, by=office)
    assert not any("anew" in todo.label for todo in todos.todos_of(chief))
    services.decide(appeal, upheld=True, answer="评分偏低，理由成立。", by=expert)
    address = f"/{appraisal.consortium.slug}/appraisals/{appraisal.pk}/review/{entry.pk}/"
    assert Notice.objects.get(to=chief, message__contains="anew").url == address
    assert [todo.url for todo in todos.todos_of(chief)] == [address]
    assert not todos.todos_of(second)
    client.force_login(chief)
    client.post(address, {"points": "66", "reason": "申诉成立"})
    assert not todos.todos_of(chief)
    (_entry, _published, now) = policy.differing(appraisal)[0]
    assert [one.points for one in now.parts if one.part == "review"] == [66]


def test_who_has_marked_a_part_does_not_decide_on_it() -> None:
    outcome = make_outcome()
    appraisal = outcome.entry.appraisal
    marker = make_staff(appraisal.organiser)
    Marker.objects.create(marking=appraisal.exam.marking, user=marker)
    facts = {"text": "请复核", "by": outcome.entry.person.user}
    theory = services.appeal(outcome, part="theory", **facts)
    practical = services.appeal(outcome, part="practical", **facts)
    assert marker not in policy.possible_reviewers(theory)
    assert marker in policy.possible_reviewers(practical)
    with pytest.raises(Exception, match="has marked this part"):
        services.assign(theory, marker, by=make_staff(appraisal.organiser))


def test_nobody_else_sees_an_appeal_and_a_decided_one_stays_answered(client: Client) -> None:
    appeal = make_appeal()
    for user in (make_user(), make_staff(make_organisation())):
        client.force_login(user)
        for rest in ("", "assign/", "decide/"):
            assert client.get(page(appeal, rest)).status_code == 404
        assert client.get(f"/me/results/{appeal.outcome.pk}/appeal/").status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(state="upheld")


def test_a_firm_appeals_for_somebody_without_an_account(client: Client) -> None:
    outcome, firm = make_outcome(), make_organisation()
    entry = outcome.entry
    Person.objects.filter(pk=entry.person_id).update(user=None)
    type(entry).objects.filter(pk=entry.pk).update(organisation=firm)
    acting = make_staff(firm)
    client.force_login(acting)
    ours = f"/{entry.appraisal.consortium.slug}/appraisals/{entry.appraisal_id}/results/ours/"
    assert "without an account" in client.get(ours).text
    form = client.get(f"/me/results/{outcome.pk}/appeal/").text
    assert f'href="{ours}"' in form and "My results" not in form.split("<main")[1]
    client.post(f"/me/results/{outcome.pk}/appeal/", TYPED)
    appeal = Appeal.objects.get()
    assert appeal.by == acting and acting.pk in policy.involved(appeal)
    for user in (acting, make_staff(firm)):
        client.force_login(user)
        assert f'href="{page(appeal)}"' in client.get(ours).text
        assert client.get(page(appeal)).status_code == 200
    other = make_staff(make_organisation())
    client.force_login(other)
    assert client.get(ours).status_code == 404 and client.get(page(appeal)).status_code == 404
