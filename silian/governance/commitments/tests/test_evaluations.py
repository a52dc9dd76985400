from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from silian.governance.charters.tests.factories import other_todos
from silian.governance.commitments import policy, services
from silian.governance.commitments.models import Evaluation
from silian.governance.commitments.tests.factories import make_evaluation, make_signed
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
SAID = {"performance": 5, "cooperation": 4, "benefit": 4, "results": "培养学徒36人"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def parties(evaluation: Evaluation) -> list[Organisation]:
    return [party.organisation for party in evaluation.agreement.party_set.all()]


def url(evaluation: Evaluation, verb: str = "") -> str:
    address = evaluation.get_absolute_url()
    return f"{address}{verb}/" if verb else address


def test_each_party_answers_and_the_secretariat_concludes() -> None:
    agreement = make_signed()
    secretary = make_secretary(agreement.consortium)
    opening = reverse("commitments:evaluation_open", args=[agreement.consortium, agreement.pk])
    assert signed_in(secretary).post(opening).status_code == 302
    evaluation = Evaluation.objects.get()
    for party in parties(evaluation):
        staff = make_staff(party)
        assert [todo.label for todo in other_todos(staff)] == ["Yearly evaluation to answer"]
        assert signed_in(secretary).get(url(evaluation, "conclude")).status_code == 403
        answer = signed_in(staff).post(
            url(evaluation, "assess"), SAID | {"organisation": party.pk, "goes_on": "on"}
        )
        assert answer.status_code == 302
        assert other_todos(staff) == []
    assert [todo.label for todo in other_todos(secretary)] == ["Yearly evaluation to conclude"]
    said = {"grade": "excellent", "conclusion": "目标全部完成"}
    assert signed_in(secretary).post(url(evaluation, "conclude"), said).status_code == 302
    evaluation.refresh_from_db()
    assert evaluation.state == "concluded" and evaluation.concluded_on == clock.today()
    assert evaluation.assessments.first().mean == 4.3
    assert Notice.objects.filter(message__startswith="The yearly evaluation").count() == 2


def test_missing_answers_do_not_hold_it_up_for_ever(settings: LazySettings) -> None:
    evaluation = make_evaluation()
    secretary = make_secretary(evaluation.agreement.consortium)
    assert not policy.may_conclude(secretary, evaluation)
    settings.CLOCK = (clock.now() + timedelta(days=31)).isoformat()
    assert policy.may_conclude(secretary, evaluation)


def test_all_agreements_in_force_are_asked_once() -> None:
    consortium = make_consortium()
    first = make_signed(consortium)
    make_signed(consortium, amends=first)  # is evaluated with its original
    make_signed(consortium, state="ended")
    make_evaluation(make_signed(consortium))
    secretary = signed_in(make_secretary(consortium))
    every = reverse("commitments:evaluation_open_all", args=[consortium])
    secretary.post(every)
    secretary.post(every)
    assert Evaluation.objects.filter(agreement__consortium=consortium).count() == 2
    with pytest.raises(IllegalMove):
        services.open_evaluation(first, by=make_secretary(consortium))
    assert signed_in(make_staff(make_organisation())).post(every).status_code == 403


def test_nobody_answers_twice_for_others_or_after_the_end() -> None:
    evaluation = make_evaluation()
    first, second = parties(evaluation)
    by = make_staff(first)
    services.assess(evaluation, first, by=by, **SAID)
    with pytest.raises(IllegalMove):
        services.assess(evaluation, first, by=by, **SAID)
    assert signed_in(by).get(url(evaluation, "assess")).status_code == 403
    answer = signed_in(make_staff(second)).post(
        url(evaluation, "assess"), SAID | {"organisation": first.pk}
    )
    assert answer.context["form"].errors.keys() == {"organisation"}
    secretary = make_secretary(evaluation.agreement.consortium)
    services.conclude(evaluation, by=secretary, grade="good", conclusion="完成")
    with pytest.raises(IllegalMove):
        services.assess(evaluation, second, by=make_staff(second), **SAID)


def test_scores_out_of_range_are_refused_on_the_page_and_in_the_database() -> None:
    evaluation = make_evaluation()
    party = parties(evaluation)[0]
    wrong = SAID | {"organisation": party.pk, "benefit": 6}
    answer = signed_in(make_staff(party)).post(url(evaluation, "assess"), wrong)
    assert answer.context["form"].errors.keys() == {"benefit"}
    assert answer.context["form"]["results"].value() == SAID["results"]
    with pytest.raises(IntegrityError), transaction.atomic():
        services.assess(evaluation, party, by=make_staff(party), **(SAID | {"benefit": 6}))


def test_strangers_see_nothing_and_parties_read_one_another() -> None:
    evaluation = make_evaluation()
    first, second = parties(evaluation)
    services.assess(evaluation, first, by=make_staff(first), **SAID)
    page = signed_in(make_staff(second)).get(url(evaluation)).content.decode()
    assert "培养学徒36人" in page
    for user in (make_staff(make_organisation()), make_secretary(make_consortium())):
        for verb in ("", "assess", "conclude"):
            assert signed_in(user).get(url(evaluation, verb)).status_code == 404
