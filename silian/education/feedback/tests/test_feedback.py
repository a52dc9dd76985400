import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from silian.education.courses.models import Session
from silian.education.courses.tests.factories import make_session
from silian.education.enrolments.tests.factories import make_enrolment
from silian.education.feedback.models import ASKED, Answer, Filled
from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db
GOOD = dict.fromkeys(ASKED, 4)


def page_of(session: Session) -> str:
    return f"/{session.course.consortium.slug}/courses/sessions/{session.pk}/satisfaction/"


def answer(session: Session, remark: str = "") -> None:
    learner = make_enrolment(session)
    assert learner.person.user
    client = Client()
    client.force_login(learner.person.user)
    assert client.post(page_of(session), {**GOOD, "remark": remark}).status_code == 302


def test_answers_are_anonymous_and_shown_from_five_on(client: Client) -> None:
    session = make_session(days=-2, state="running")
    assert session.course.organiser
    organiser = make_staff(session.course.organiser)
    client.force_login(organiser)
    for remark in ("多练", "很好", "早点", "教室冷"):
        answer(session, remark)
    text = client.get(f"{page_of(session)}results/").text
    assert "4 answers" in text and "Results are shown from 5" in text and "教室冷" not in text
    before = Entry.objects.count()
    answer(session, "再来")
    assert not Entry.objects.filter(pk__gt=before, subject__contains="feedback").exists()
    page = client.get(f"{page_of(session)}results/")
    assert page.context["results"].scores[0][1] == 4
    assert "教室冷" in page.text
    kept = {field.name for field in Answer._meta.fields}
    assert kept == {"id", "session", "remark", *ASKED}
    assert (Answer.objects.count(), Filled.objects.count()) == (5, 5)


def test_one_form_a_learner_and_none_for_others(client: Client) -> None:
    session = make_session(days=-2, state="running")
    learner = make_enrolment(session)
    assert learner.person.user
    client.force_login(learner.person.user)
    assert "Fill in the satisfaction form" in client.get("/me/training/").text
    text = client.post(page_of(session), {**GOOD, "overall": "", "remark": "留着"}).text
    assert "留着" in text and not Answer.objects.exists()
    client.post(page_of(session), GOOD)
    assert client.post(page_of(session), GOOD).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        Filled.objects.create(enrolment=learner)
    client.force_login(make_user())
    assert client.get(page_of(session)).status_code == 403
    assert client.get(f"{page_of(session)}results/").status_code == 403
    client.force_login(make_secretary(session.course.consortium))
    assert client.get(f"{page_of(session)}results/").status_code == 200
    assert Answer.objects.count() == 1
