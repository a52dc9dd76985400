from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.search.services import reindex
from silian.kernel.states import move
from silian.talent.cohorts import rules, services
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.tests.factories import (
    make_cohort,
    make_learner,
    make_training_agreement,
)
from silian.talent.profiles.tests.factories import make_student

pytestmark = pytest.mark.django_db
State = Cohort.State


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/"


def broken(cohort: Cohort) -> set[str]:
    return {finding.rule.id for finding in rules.findings(cohort)}


def test_a_cohort_is_set_up_from_its_agreement_reviewed_and_opened(client: Client) -> None:
    agreement = make_training_agreement()
    consortium = agreement.consortium
    firm = agreement.party_set.get(order=2).organisation
    client.force_login(make_staff(firm))
    home = f"/{consortium.slug}/cohorts/"
    form = client.get(f"{home}new/?agreement={agreement.pk}").context["form"]
    assert (form.instance.school.is_school, form.instance.enterprise) == (True, firm)
    assert form.instance.quota == 40
    typed = {
        "agreement": agreement.pk,
        "kind": "order_class",
        "title_zh": "智行订单班",
        "school": form.instance.school.pk,
        "enterprise": firm.pk,
        "quota": 30,
        "starts_on": "2026-09-01",
        "ends_on": "2026-03-01",
    }
    text = client.post(f"{home}new/", typed).text
    assert "It ends before it starts" in text and "智行订单班" in text
    client.post(f"{home}new/", typed | {"ends_on": "2028-06-30"})
    cohort = Cohort.objects.get()
    client.post(f"{page_of(cohort)}do/submit/")
    secretary = make_secretary(consortium)
    assert "Cohorts to review" in [todo.label for todo in todos_of(secretary)]
    client.force_login(secretary)
    client.post(f"{page_of(cohort)}do/return/", {"reason": ""})
    cohort.refresh_from_db()
    assert cohort.state == State.SUBMITTED
    client.post(f"{page_of(cohort)}do/return/", {"reason": "请写明培养目标"})
    client.force_login(make_staff(firm))
    assert "请写明培养目标" in client.get(page_of(cohort)).text
    client.post(f"{page_of(cohort)}do/submit/")
    client.force_login(secretary)
    client.post(f"{page_of(cohort)}do/open/")
    cohort.refresh_from_db()
    assert cohort.state == State.SELECTING
    client.logout()
    assert "智行订单班" in client.get(home).text


def test_a_stranger_sees_what_is_open_without_persons_and_nothing_before(client: Client) -> None:
    cohort = make_cohort(state=State.PREPARED, tutor="罗老师")
    learner = make_learner(cohort)
    outsiders = [
        make_staff(make_membership(make_consortium()).organisation),
        make_staff(make_membership(cohort.consortium).organisation),
    ]
    for outsider in outsiders:
        client.force_login(outsider)
        assert client.get(page_of(cohort)).status_code == 404
        assert client.post(f"{page_of(cohort)}do/submit/").status_code == 404
    Cohort.objects.filter(pk=cohort.pk).update(state=State.SELECTING)
    for outsider in outsiders:
        client.force_login(outsider)
        text = client.get(page_of(cohort)).text
        assert cohort.title_en in text
        for hidden in ("罗老师", learner.student.name, learner.code):
            assert hidden not in text
        assert client.get(f"{page_of(cohort)}edit/").status_code == 403
        assert client.post(f"{page_of(cohort)}do/cancel/", {"reason": "x"}).status_code == 403
    client.logout()
    home = f"/{cohort.consortium.slug}/cohorts/"
    assert learner.student.name.encode() not in client.get(f"{home}?export=csv").content


def test_the_search_finds_public_cohorts_and_no_learner(client: Client) -> None:
    make_cohort(title_zh="卓越药学人才班")
    make_cohort(state=State.PREPARED, title_zh="卓越护理人才班")
    learner = make_learner(Cohort.objects.get(title_zh="卓越药学人才班"))
    reindex(Cohort)
    assert client.get("/search/?q=卓越").context["everything"] == 1
    assert not client.get(f"/search/?q={learner.student.name}").context["everything"]


@pytest.mark.parametrize(
    "kind, rule",
    [
        ("apprenticeship", "apprenticeship.agreement"),
        ("commissioned", "commissioned.agreement"),
        ("order_class", "order-class.agreement"),
        ("field_engineers", "field-engineers.agreement"),
        ("talent_programme", "talent-programme.agreement"),
    ],
)
def test_each_kind_needs_the_agreement_that_law_asks_for(kind: str, rule: str) -> None:
    wrong = "staff_training"
    right = "framework" if kind == "talent_programme" else kind
    for agreement_kind, state, says in ((wrong, "signed", True), (right, "signed", False)):
        agreement = make_training_agreement(kind=agreement_kind, state=state)
        assert (rule in broken(make_cohort(agreement, kind=kind))) is says
    ended = make_training_agreement(kind=right, state="ended", ended_on=clock.today())
    assert rule in broken(make_cohort(ended, kind=kind))


def test_who_is_no_party_trains_nobody() -> None:
    cohort = make_cohort()
    assert not broken(cohort)
    stranger = make_organisation()
    cohort.partners.add(stranger)
    assert broken(cohort) == {"parties.all"}
    framework = make_training_agreement(kind="framework")
    programme = make_cohort(framework, kind="talent_programme", enterprise=stranger)
    assert not broken(programme)


def test_a_field_engineer_class_is_of_one_enterprise() -> None:
    agreement = make_training_agreement(kind="field_engineers")
    cohort = make_cohort(agreement)
    partner = make_organisation()
    agreement.party_set.create(organisation=partner, order=3)
    assert not broken(cohort)
    cohort.partners.add(partner)
    assert broken(cohort) == {"field-engineers.one-enterprise"}


def test_quotas_stay_within_the_head_count_of_the_agreement() -> None:
    agreement = make_training_agreement()
    make_cohort(agreement, quota=25, state=State.RUNNING)
    second = make_cohort(agreement, quota=15, state=State.PREPARED)
    assert not broken(second)
    second.quota = 16
    second.save()
    assert broken(second) == {"quota.of-agreement"}
    with pytest.raises(rules.RulesBroken):
        services.submit_cohort(second, by=make_user())
    make_training_agreement(
        agreement.consortium, amends=agreement, terms={"head_count": 41}, kind=agreement.kind
    )
    assert not broken(second)


def test_a_warning_is_passed_with_a_reason_that_is_kept(client: Client) -> None:
    cohort = make_cohort(state=State.PREPARED, ends_on=clock.today() + timedelta(days=1600))
    client.force_login(make_staff(cohort.school))
    assert client.post(f"{page_of(cohort)}do/submit/").status_code == 403
    client.post(f"{page_of(cohort)}warnings/term.of-agreement/", {"reason": "已约定续签"})
    assert "已约定续签" in client.get(page_of(cohort)).text
    client.post(f"{page_of(cohort)}do/submit/")
    cohort.refresh_from_db()
    assert cohort.state == State.SUBMITTED
    assert client.post(f"{page_of(cohort)}warnings/nothing/", {"reason": "x"}).status_code == 403


def test_nobody_becomes_an_apprentice_before_sixteen() -> None:
    cohort = make_cohort(make_training_agreement(kind="apprenticeship"))
    first = cohort.starts_on
    young = make_person(born_on=date(first.year - 16, first.month, first.day) + timedelta(days=1))
    learner = make_learner(cohort, student=make_student(cohort.school, person=young))
    with pytest.raises(rules.RulesBroken):
        rules.enforce_for_learner(learner)
    young.born_on = date(first.year - 16, first.month, first.day)
    young.save()
    rules.enforce_for_learner(Learner.objects.get(pk=learner.pk))


def test_the_database_keeps_the_quota() -> None:
    cohort = make_cohort(quota=1)
    make_learner(cohort, Learner.State.SELECTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_learner(cohort, Learner.State.SELECTED)
    cohort.quota = 2
    cohort.save()
    make_learner(cohort, Learner.State.SELECTED)
    cohort.quota = 1
    with pytest.raises(IntegrityError), transaction.atomic():
        cohort.save()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_share_the_last_place() -> None:
    cohort = make_cohort(quota=1)
    learners = [make_learner(cohort), make_learner(cohort)]
    by = make_user()

    def take(learner: Learner) -> bool:
        try:
            move(learner, Learner.State.SELECTED, by=by)
        except IntegrityError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(take, learners)) == [False, True]
    assert cohort.learners.placed().count() == 1


def test_a_cohort_starts_and_finishes(client: Client) -> None:
    cohort = make_cohort()
    taken = make_learner(cohort, Learner.State.SELECTED)
    waiting = make_learner(cohort, Learner.State.WAITING)
    undecided = make_learner(cohort)
    client.force_login(make_staff(cohort.enterprise))
    assert client.post(f"{page_of(cohort)}do/start/").status_code == 403
    client.force_login(make_staff(cohort.school))
    client.post(f"{page_of(cohort)}do/start/")
    client.post(f"{page_of(cohort)}do/finish/")
    states = []
    for learner in (taken, waiting, undecided):
        learner.refresh_from_db()
        states.append(learner.state)
    assert states == ["completed", "refused", "refused"]
    cohort.refresh_from_db()
    assert cohort.state == State.FINISHED


def test_a_cancelled_cohort_lets_everybody_go() -> None:
    cohort = make_cohort()
    learner = make_learner(cohort, Learner.State.SELECTED)
    services.cancel_cohort(cohort, reason="企业停产", by=make_user())
    learner.refresh_from_db()
    assert (learner.state, learner.reason) == ("left", "企业停产")


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    agreement = make_training_agreement()
    client.force_login(make_secretary(agreement.consortium))
    home = f"/{agreement.consortium.slug}/cohorts/"
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_cohort(agreement, quota=1)
        client.get(home)
        with CaptureQueriesContext(connection) as found:
            client.get(home)
        counts.append(len(found))
    assert counts[0] == counts[1]
