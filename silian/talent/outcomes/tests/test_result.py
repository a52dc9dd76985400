from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import (
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of
from silian.kernel.sheets.registry import Row
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.tests.factories import make_cohort, make_learner
from silian.talent.outcomes.figures import figures_of
from silian.talent.outcomes.imports import Outcomes
from silian.talent.outcomes.models import Outcome

pytestmark = pytest.mark.django_db
COMPLETED = Learner.State.COMPLETED


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/result/"


def make_finished(completed: int = 6, **fields: object) -> Cohort:
    days = {"starts_on": clock.today() - timedelta(days=900)}
    days |= {"ends_on": clock.today() - timedelta(days=200)}
    cohort = make_cohort(state="finished", **(days | fields))
    for _ in range(completed):
        make_learner(cohort, COMPLETED)
    return cohort


def make_outcome(learner: Learner, fate: str = "here", moment: str = "at_end") -> Outcome:
    return Outcome.objects.create(
        learner=learner, fate=fate, moment=moment, on=clock.today(), source="contract"
    )


def test_the_school_enters_the_result_and_again_after_half_a_year(client: Client) -> None:
    cohort = make_finished(2)
    first, second = cohort.learners.all()
    school = make_staff(cohort.school)
    labels = [todo.label for todo in todos_of(school)]
    assert [label for label in labels if label.startswith("Enter the result:")]
    assert [label for label in labels if "after half a year" in label]
    client.force_login(make_staff(cohort.enterprise))
    assert client.get(f"{page_of(cohort)}at_end/").status_code == 403
    client.force_login(school)
    typed = {f"l{first.pk}-fate": "here", f"l{first.pk}-on": f"{clock.today()}"}
    text = client.post(f"{page_of(cohort)}at_end/", typed).text
    assert "from where this is known" in text
    typed |= {f"l{first.pk}-source": "contract", f"l{first.pk}-certificates": "2"}
    client.post(f"{page_of(cohort)}at_end/", typed)
    assert (Outcome.objects.get().learner, Outcome.objects.get().certificates) == (first, 2)
    typed |= {f"l{second.pk}-fate": "unknown", f"l{second.pk}-on": f"{clock.today()}"}
    client.post(f"{page_of(cohort)}at_end/", typed)
    found = figures_of(cohort)
    assert (found.completed, found.missing, found.here, found.certificates) == (2, 0, 50, 2)
    labels = [todo.label for todo in todos_of(school)]
    assert not [label for label in labels if label.startswith("Enter the result:")]
    assert client.get(f"{page_of(cohort)}never/").status_code == 404


def test_figures_are_public_where_they_speak_of_nobody(client: Client) -> None:
    large, small, running = make_finished(5), make_finished(4), make_cohort(state="running")
    make_outcome(large.learners.first())
    assert "20 %" in client.get(page_of(large)).text
    for hidden in (small, running):
        assert client.get(page_of(hidden)).status_code == 404
        client.force_login(make_staff(hidden.school))
        assert client.get(page_of(hidden)).status_code == 200
        client.logout()
    assert large.learners.first().student.name not in client.get(page_of(large)).text


def test_cohorts_are_compared_by_year(client: Client) -> None:
    cohort = make_finished(5)
    make_outcome(cohort.learners.first())
    make_finished(1, agreement=cohort.agreement, title_en="Of one person")
    page = f"/{cohort.consortium.slug}/cohorts/compare/"
    client.force_login(make_staff(make_membership(cohort.consortium).organisation))
    text = client.get(page).text
    assert cohort.title_en in text and "Of one person" not in text
    client.force_login(make_secretary(cohort.consortium))
    found = client.get(f"{page}?kind=order_class")
    assert found.context["listing"].total == 2
    assert found.context["chart"].series["Employed here"] == [1]


def test_what_is_known_has_a_source() -> None:
    learner = make_finished(1).learners.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(learner=learner, fate="here", moment="at_end", on=clock.today())
    make_outcome(learner)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_outcome(learner)


def test_outcomes_come_by_a_sheet() -> None:
    cohort = make_finished(1)
    learner = cohort.learners.get()
    sheet = Outcomes()
    rows = []
    for line, (moment, fate) in enumerate([("at_end", "study"), ("half_year", "here")], start=2):
        form = sheet.form(cohort)
        form.data = {"learner": learner.code, "moment": moment, "fate": fate}
        form.data |= {"source": "survey", "on": f"{clock.today()}"}
        form.is_bound = True
        assert form.is_valid(), form.errors
        rows.append(Row(line, form.cleaned_data))
    by = make_staff(cohort.school)
    assert sheet.permitted(by, cohort) and not sheet.permitted(make_user(), cohort)
    sheet.save(rows, cohort, by=by, progress=lambda done: None)
    assert set(learner.outcomes.values_list("moment", "fate")) == {
        ("at_end", "study"),
        ("half_year", "here"),
    }


def test_the_comparison_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    cohort = make_finished(0)
    client.force_login(make_secretary(cohort.consortium))
    counts = []
    for more in (0, 29):
        for _ in range(more):
            make_finished(0, agreement=cohort.agreement, quota=1)
        page = f"/{cohort.consortium.slug}/cohorts/compare/"
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1]
