"""The demo is what the five articles tell, filled up with what is plainly invented."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, global_settings
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import translation

from silian.demo.cast.invention import Inventor
from silian.demo.cast.people import PASSWORD
from silian.demo.loading import services
from silian.demo.loading.tests import articles
from silian.demo.loading.tests.digest import digest_of_body
from silian.education.advice.models import Advice, Answer, Report
from silian.education.shortages.models import Catalogue
from silian.education.shortages.models import Entry as ShortageEntry
from silian.engines import verify_bundle
from silian.governance.agreements.models import Agreement, Party
from silian.governance.appraisals.models import Renewal, Year
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodies.policy import people_of_body
from silian.governance.ceremonies.models import Ceremony
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.plans.models import Target
from silian.governance.signatures.evidence import holds
from silian.governance.signatures.models import Act
from silian.governance.signatures.receivers import scans_to_check
from silian.governance.signing.models import Process
from silian.governance.signing.policy import waiting_for
from silian.industry.demand.models import Position
from silian.industry.outlines.models import Template
from silian.industry.releases.papers import digest_of
from silian.industry.watches.models import Watch
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import Entry
from silian.kernel.notices.todos import todos_of
from silian.talent.complaints.models import Complaint
from silian.talent.consents.models import Consent
from silian.talent.criteria.models import Criterion
from silian.talent.internships.facts import findings
from silian.talent.internships.models import Internship
from silian.talent.placement.models import Decision, Placement, Run
from silian.talent.practice.models import Entry as Week
from silian.talent.practice.models import Incident
from silian.talent.practice.policy import pay_gaps
from silian.talent.profiles.models import Student
from silian.talent.rights.models import Correction
from silian.talent.rounds.models import Round
from silian.talent.wishes.models import WishList
from silian.talent.wishes.policy import visible_applicants

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-hans"}


def body(slug: str) -> Consortium:
    return Consortium.objects.get(slug=slug)


def members(slug: str) -> list[Organisation]:
    current = Membership.objects.current().filter(consortium__slug=slug)
    return list(Organisation.objects.filter(memberships__in=current))


def figures(slug: str) -> dict[str, int]:
    return dict(body(slug).figures.values_list("label_zh", "value"))


# --- what the articles tell -------------------------------------------------------------


def test_five_bodies_stand_side_by_side() -> None:
    assert set(Consortium.objects.values_list("slug", flat=True)) == set(articles.ORGANISATIONS)
    days = dict(Consortium.objects.values_list("slug", "founded_on"))
    assert days["wenzhou-bay"] == date(2023, 7, 28)
    assert days["mingshui"] == days["chongqing-bio"] == date(2024, 5, 16)
    assert days["jjj-bio"] == date(2024, 5, 24)


@pytest.mark.parametrize("slug", articles.ORGANISATIONS)
def test_every_unit_that_an_article_names_is_a_member(slug: str) -> None:
    missing = set(articles.ORGANISATIONS[slug]) - {unit.name_zh for unit in members(slug)}
    assert not missing


def test_guests_are_known_and_members_of_nothing() -> None:
    found = Organisation.objects.filter(name_zh__in=articles.GUESTS)
    assert found.count() == len(articles.GUESTS)
    assert not found.exclude(memberships=None).exists()


def test_what_no_article_names_is_marked_as_invented() -> None:
    named = {name for names in articles.ORGANISATIONS.values() for name in names}
    named |= set(articles.GUESTS)
    known = Organisation.objects.filter(invented=False).values_list("name_zh", flat=True)
    assert set(known) == named
    assert Organisation.objects.filter(invented=True).count() > 50
    assert not Organisation.objects.filter(name_zh__contains="九游").exists()


def test_nobody_bears_the_name_of_somebody_in_the_articles() -> None:
    names = set(User.objects.values_list("name", flat=True))
    names |= set(Student.objects.values_list("name", flat=True))
    names |= set(Position.objects.values_list("contact_name", flat=True))
    names |= set(Membership.objects.values_list("contact_name", flat=True))
    names |= set(Appointment.objects.values_list("name", flat=True))
    assert len(names) > 100
    assert not names & articles.REAL_PEOPLE


def test_mingshui_has_sixty_two_members() -> None:
    assert len(members("mingshui")) == 62
    assert figures("mingshui")["发起成员单位(家)"] == 62


def test_mingshui_signed_eleven_agreements_of_six_kinds() -> None:
    signed = Agreement.objects.filter(consortium__slug="mingshui", signed_on__isnull=False)
    assert {agreement.signed_on for agreement in signed} == {date(2024, 5, 16)}
    found = {
        (
            agreement.kind,
            *agreement.parties.order_by("party__order").values_list("name_zh", flat=True),
        )
        for agreement in signed
    }
    assert found == articles.SIGNED_AT_MINGSHUI
    assert len(signed) == 11
    stages = {agreement.state for agreement in signed}
    assert stages == {Agreement.State.SIGNED, Agreement.State.ENDED}  # all were signed, some ended
    assert len({agreement.kind for agreement in signed}) == 6


def test_the_eleven_were_signed_in_turn_in_every_way() -> None:
    ceremony = Ceremony.objects.get(state=Ceremony.State.DONE)
    assert ceremony.item.meeting.organ == "assembly"
    signed = [turn.agreement for turn in ceremony.turns.all()]
    assert len(signed) == 11
    assert {agreement.signed_on for agreement in signed} == {ceremony.started_at.date()}
    acts = Act.objects.filter(signatory__process__agreement__in=signed)
    assert set(acts.values_list("method", flat=True)) == {"electronic", "paper", "authority"}
    assert all(holds(act) for act in acts)
    assert acts.count() == Party.objects.filter(agreement__in=signed).count()


def test_signings_wait_for_everybody_and_a_dozen_for_a_ceremony() -> None:
    coming = Ceremony.objects.get(state=Ceremony.State.PREPARED)
    assert coming.item.meeting.starts_at > clock.now()
    turns = coming.turns.values("agreement")
    waiting = Process.objects.filter(agreement__in=turns, state=Process.State.OPEN)
    assert waiting.count() == 12
    for name in ("enterprise.mingshui", "school.mingshui"):
        assert waiting_for(User.objects.get(username=name)).exists(), name
    for name in ("secretary.mingshui", "secretary2.mingshui"):
        assert list(scans_to_check(User.objects.get(username=name))), name
    refused = Process.objects.get(state=Process.State.REFUSED)
    assert refused.reason and refused.agreement.state == Agreement.State.DRAFT


def test_wenzhou_founded_its_bodies() -> None:
    running = Body.objects.filter(consortium__slug="wenzhou-bay", state=Body.State.RUNNING)
    stations = running.filter(kind__code="phd_station").values_list("host__name_zh", flat=True)
    assert sorted(stations) == sorted(articles.STATIONS)
    committees = running.filter(kind__code="expert_committee")
    assert set(committees.values_list("cluster__name_zh", flat=True)) == set(articles.COMMITTEES)
    assert committees.count() == 5
    assert running.filter(name_zh__in=articles.COLLEGES_OF_THE_AREA).count() == 3


def test_every_stage_of_a_body_can_be_seen_somewhere() -> None:
    states = set(Body.objects.values_list("state", flat=True))
    assert {"draft", "submitted", "returned", "planned", "running"} <= states
    years = set(Year.objects.values_list("state", flat=True))
    assert {Year.State.PLANNED, Year.State.REPORTED, Year.State.APPRAISED} <= years
    assert set(Renewal.objects.values_list("state", flat=True)) >= {"asked"}
    committees = Body.objects.filter(kind__code="expert_committee", state="running")
    assert all(people_of_body(body).count() >= 10 for body in committees)
    stations = Body.objects.filter(kind__code="phd_station", state="running")
    assert all(one.plaque and one.co_builders.exists() and one.years.exists() for one in stations)
    assert all(people_of_body(one).filter(role__name_zh="博士").exists() for one in stations)


def test_bodies_wait_for_those_who_look_after_them() -> None:
    def waits(username: str) -> str:
        return " ".join(todo.label for todo in todos_of(User.objects.get(username=username)))

    with translation.override("zh-hans"):
        mingshui, wenzhou = waits("secretary.mingshui"), waits("secretary.wenzhou-bay")
        assert "待审核的机构申报" in mingshui
        assert "考核“伊莱特教师企业实践流动站”" in mingshui
        assert "即将到期或已到期的机构" in wenzhou
        assert "“超达汽配博士创新站”连续考核不合格" in wenzhou
        assert "审批“裕泰汽配博士创新站”续期申请" in wenzhou
        assert "修改“伊莱特博士创新站”的申报" in waits("enterprise.mingshui")
        assert "申请“麦田能源博士创新站”续期" in waits("enterprise.wenzhou-bay")


def test_wenzhou_has_seven_tasks_and_its_figures() -> None:
    tasks = body("wenzhou-bay").tasks.order_by("number")
    assert list(tasks.values_list("title_zh", flat=True)) == articles.TASKS
    assert all(task.owner for task in tasks)
    stated = figures("wenzhou-bay")
    assert stated["工业企业(家)"] == 26_000
    assert stated["规上企业(家)"] == 1_267
    assert stated["上市企业(家)"] == 6
    assert stated["世界500强投资落地企业(家)"] == 9
    assert stated["省市产教融合型企业(家)"] == 27
    assert stated["产教融合实验实习实训基地(个)"] == 28


def test_wenzhou_has_the_schools_that_its_article_counts() -> None:
    kinds = Counter(unit.kind for unit in members("wenzhou-bay"))
    assert [kinds["university"], kinds["college"], kinds["secondary"]] == [1, 2, 5]


def test_chongqing_has_its_yearly_targets() -> None:
    year = Target.objects.filter(consortium__slug="chongqing-bio", year=clock.today().year)
    aims = {target.name_en: (target.low, target.high) for target in year}
    assert aims["Skills contests"] == (1, None)
    assert aims["Biomedical forums"] == (1, 3)
    assert aims["People trained and examined"] == (2000, None)


# --- what it is good for ----------------------------------------------------------------


def test_the_same_seed_and_day_make_the_same_rows(first_load: str) -> None:
    assert digest_of_body(services.SLUGS[0]) == first_load


def test_another_seed_invents_other_things() -> None:
    def drawn(seed: int) -> list[object]:
        inventor = Inventor(seed)
        made = [inventor.organisation("enterprise", "章丘", ["电机", "锻件"]) for _ in range(9)]
        return [*made, inventor.person(), inventor.credit_code("91", "370114"), inventor.mobile()]

    assert drawn(1) == drawn(1) != drawn(2)


def test_every_body_has_work_for_every_role() -> None:
    offered = {account.username for account in services.accounts()}
    roles = "secretary enterprise school teacher student expert".split()
    assert {f"{role}.{slug}" for role in roles for slug in services.SLUGS} <= offered
    assert {"admin", "security", "auditor"} <= offered
    assert all(account.role and account.place and account.name for account in services.accounts())


def test_the_password_of_the_table_opens_an_account(client: Client, settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    form = {"login": "secretary.mingshui", "password": PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 302
    assert client.get(reverse("portal:workspace")).status_code == 200
    offered = [account.username for account in services.accounts()]
    hashes = User.objects.filter(username__in=offered).values_list("password", flat=True)
    assert len(set(hashes)) == 1


def test_every_account_of_the_table_has_a_workspace(client: Client) -> None:
    for account in services.accounts():
        client.force_login(User.objects.get(username=account.username))
        assert client.get(reverse("portal:workspace")).status_code == 200, account.username


@pytest.mark.parametrize("slug", articles.ORGANISATIONS)
def test_every_body_has_a_home(client: Client, slug: str) -> None:
    page = client.get(reverse("portal:consortium_home", args=[body(slug)]), headers=CHINESE)
    assert page.status_code == 200
    assert body(slug).name_zh in page.content.decode()


@pytest.mark.parametrize("slug", articles.ORGANISATIONS)
def test_a_published_round_can_be_checked_by_anybody(slug: str, tmp_path: Path) -> None:
    rounds = Round.objects.filter(consortium__slug=slug, state=Round.State.PUBLISHED)
    published = rounds.latest("wishes_from")
    archive = tmp_path / "bundle.zip"
    archive.write_bytes(bytes(published.runs.get().bundle.archive))
    checked = verify_bundle.Round(verify_bundle.read(archive))
    assert not list(checked.problems())
    assert any(checked.given.values())


def test_rounds_show_every_stage() -> None:
    states = Counter(Round.objects.values_list("state", flat=True))
    assert set(states) >= {"prepared", "wishing", "ranking", "published", "rehearsal"}
    assert Round.objects.filter(follows__isnull=False, seats__isnull=False).exists()


def test_placements_show_reserves_replacement_decisions_and_a_minimum_not_met() -> None:
    assert Placement.objects.filter(reserve__isnull=False).exists()
    assert set(Placement.objects.values_list("origin", flat=True)) == set(Placement.Origin.values)
    assert Decision.objects.get().reason
    assert any(run.summary["short"] for run in Run.objects.all())
    assert Criterion.objects.filter(scores__isnull=False).exists()


def test_what_was_done_stands_in_the_record() -> None:
    for published in Round.objects.filter(state=Round.State.PUBLISHED):
        assert Entry.objects.about(published).count() >= 4
    assert Entry.objects.filter(by__username="secretary.mingshui").exists()


@pytest.mark.parametrize("slug", services.SLUGS)
def test_demand_of_every_kind_stands_at_every_freshness(slug: str) -> None:
    """Fresh, asked, lowered, lapsed and last year's; templates, samples and saved searches."""
    positions = Position.objects.filter(consortium__slug=slug)
    published = positions.published()
    assert set(published.values_list("kind", flat=True)) == set(Position.Kind.values)
    assert published.filter(asked_on=None).count() > published.filter(lowered_on=None).count() / 2
    assert published.filter(asked_on__isnull=False, lowered_on=None).exists()
    assert published.filter(lowered_on__isnull=False).exists()
    assert positions.filter(lapsed_on__isnull=False).exists()
    year_ago = clock.today() - timedelta(days=200)
    assert positions.filter(state="closed", starts_on__lt=year_ago).count() >= 4
    assert not [position for position in published if position.missing() or position.is_over]
    assert Template.objects.filter(consortium__slug=slug, organisation=None).count() == 3
    assert Template.objects.filter(consortium__slug=slug).count() == 5
    assert Watch.objects.filter(user__username__endswith=f".{slug}").count() == 4


# --- demand, shortages and advice -------------------------------------------------------
def test_every_body_released_six_years_and_its_catalogues_show_both_ends() -> None:
    for consortium in Consortium.objects.all():
        releases = consortium.releases.filter(state="published")
        assert releases.count() == 6, consortium
        assert all(release.digest == digest_of(release) for release in releases)
    stars = set(ShortageEntry.objects.values_list("computed_stars", flat=True))
    assert {1, 3, 5} <= stars
    assert set(Catalogue.objects.values_list("state", flat=True)) == {"published", "draft"}
    assert ShortageEntry.objects.exclude(stars=F("computed_stars")).exists()


def test_advice_stands_at_every_stage_and_schools_answered() -> None:
    states = set(Report.objects.values_list("state", flat=True))
    assert states == {"draft", "answering", "published"}
    verbs = set(Advice.objects.values_list("verb", flat=True))
    assert {"grow", "keep"} <= verbs
    assert verbs & {"shrink", "stop"}
    assert set(Answer.objects.values_list("adopted", flat=True)) == {True, False}


def test_internships_that_stand_are_lawful_and_the_one_that_is_held_says_why() -> None:
    states = set(Internship.objects.values_list("state", flat=True))
    assert {"prepared", "agreed", "running", "finished"} <= states
    for internship in Internship.objects.standing():
        hindering = {f.rule.id for f in findings(internship) if f.hinders}
        assert hindering <= {"unit.id-card"}, internship
    held = Internship.objects.filter(agent__gt="").first()
    assert held and {"arranged.no-agent", "pay.floor"} <= {f.rule.id for f in findings(held)}
    assert Week.objects.filter(state="submitted").exists() and Incident.objects.exists()
    assert any(pay_gaps(internship) for internship in Internship.objects.standing())
    assert Complaint.objects.filter(state="answered").exists()


def test_employers_see_the_names_of_most_who_wish_for_them_and_numbers_of_the_rest() -> None:
    for slug in services.SLUGS:
        lists = WishList.objects.filter(round__consortium__slug=slug)
        secretary = User.objects.get(username=f"secretary.{slug}")
        firms = set(lists.values_list("wishes__seat__position__organisation", flat=True))
        staff = User.objects.filter(roles__organisation__in=firms, roles__kind="manager").distinct()
        seen = {wish.named for one in staff for wish in visible_applicants(one)}
        assert seen == {True, False}
        assert {wish.named for wish in visible_applicants(secretary)} == {True}


def test_people_keep_records_allow_them_and_see_who_looked() -> None:
    for slug in services.SLUGS:
        user = User.objects.get(username=f"student.{slug}")
        me = user.person
        assert me.id_masked.startswith("0000**********")  # a place that does not exist
        assert me.entries.filter(state="confirmed").exists()
        assert Consent.objects.running().filter(person=me).count() >= 2
        assert me.consents.filter(withdrawn_at__isnull=False).exists()
        assert me.views.count() >= 4
        worker = User.objects.get(username=f"worker.{slug}").person
        assert worker.entries.exists() and not worker.enrolments.exists()
        open_corrections = Correction.objects.filter(student__user=user, state="open")
        assert open_corrections.get().due_on > clock.today()
