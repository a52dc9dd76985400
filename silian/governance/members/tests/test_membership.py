import threading
import time

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members import policy, services
from silian.governance.members.models import Membership
from silian.governance.members.tests.factories import (
    make_application,
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock, events
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db

ADMISSION = {"grade": "council", "part": "member", "on": "2026-01-05"}


def url(membership: Membership, verb: str) -> str:
    names = {"opinion", "admit", "regrade", "resubmit"}
    if verb in names:
        return reverse(f"members:{verb}", args=[membership.consortium, membership.pk])
    return reverse("members:act", args=[membership.consortium, membership.pk, verb])


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def application(consortium: Consortium) -> Membership:
    return make_application(consortium)


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_member_of_staff_applies_for_the_organisation(
    client: Client, consortium: Consortium
) -> None:
    firm = make_organisation()
    client.force_login(make_staff(firm))
    reader = make_secretary(consortium)
    facts = {"organisation": firm.pk, "statement": "We bring machines.", "contact_name": "Li Lei"}

    page = client.post(
        reverse("members:apply", args=[consortium]),
        facts | {"contact_phone": "13900000001"},
        follow=True,
    )

    application = Membership.objects.get()
    assert application.state == "applied"
    assert application.organisation == firm
    assert "The application is with the secretariat." in page.text
    assert Notice.objects.filter(to=reader).exists()
    assert not policy.may_apply(page.context["user"], consortium)


def test_a_wrong_phone_is_said_beside_the_field_and_nothing_is_lost(
    client: Client, consortium: Consortium
) -> None:
    firm = make_organisation()
    client.force_login(make_staff(firm))
    facts = {"organisation": firm.pk, "statement": "We bring machines.", "contact_name": "Li Lei"}

    page = client.post(reverse("members:apply", args=[consortium]), facts | {"contact_phone": "12"})

    assert "A mobile number has 11 digits" in page.text
    assert "We bring machines." in page.text
    assert not Membership.objects.exists()


def test_nobody_applies_for_an_organisation_they_do_not_act_for(
    client: Client, consortium: Consortium
) -> None:
    client.force_login(make_staff(make_organisation()))
    other = make_organisation()
    facts = {"organisation": other.pk, "statement": "x", "contact_name": "x"}

    client.post(
        reverse("members:apply", args=[consortium]), facts | {"contact_phone": "13900000001"}
    )

    assert not Membership.objects.exists()


def test_a_visitor_without_an_organisation_cannot_apply(
    client: Client, consortium: Consortium
) -> None:
    client.force_login(make_user())
    assert client.get(reverse("members:apply", args=[consortium])).status_code == 403


def test_an_organisation_has_one_running_membership(application: Membership) -> None:
    with pytest.raises(IllegalMove):
        services.apply(application.consortium, application.organisation, by=application.applied_by)


def test_reviewers_give_opinions_that_the_applicant_does_not_read(
    secretary: Client, application: Membership
) -> None:
    colleague = make_secretary(application.consortium)
    services.give_opinion(application, by=colleague, opinion="admit", reason="Good machines.")

    page = secretary.post(
        url(application, "opinion"), {"opinion": "refuse", "reason": "Too far."}, follow=True
    )

    assert "Good machines." in page.text
    assert "Too far." in page.text
    theirs = signed_in(application.applied_by).get(application.get_absolute_url())
    assert theirs.status_code == 200
    assert "Too far." not in theirs.text


def test_the_secretariat_admits_with_grade_part_and_day(
    secretary: Client, application: Membership
) -> None:
    page = secretary.post(url(application, "admit"), ADMISSION, follow=True)

    application.refresh_from_db()
    assert (application.state, application.grade) == ("admitted", "council")
    assert application.admitted_on.isoformat() == "2026-01-05"
    assert "The organisation is a member now." in page.text
    assert Notice.objects.filter(to=application.applied_by).exists()


def test_a_day_of_admission_in_the_future_is_refused_beside_the_field(
    secretary: Client, application: Membership
) -> None:
    page = secretary.post(url(application, "admit"), ADMISSION | {"on": "2999-01-01"})

    assert "This day is in the future." in page.text
    application.refresh_from_db()
    assert application.state == "applied"


def test_a_returned_application_is_changed_and_handed_in_again(
    secretary: Client, application: Membership
) -> None:
    secretary.post(url(application, "return"), {"reason": "Which machines?"})
    applicant = signed_in(application.applied_by)

    assert "Which machines?" in applicant.get(application.get_absolute_url()).text
    changed = {"statement": "Lathes.", "contact_name": "Li", "contact_phone": "13900000002"}
    applicant.post(url(application, "resubmit"), changed)

    application.refresh_from_db()
    assert (application.state, application.statement) == ("applied", "Lathes.")


def test_a_refusal_tells_why_and_leaves_room_for_a_new_application(
    secretary: Client, application: Membership
) -> None:
    secretary.post(url(application, "refuse"), {"reason": "Not of this place."})

    application.refresh_from_db()
    assert application.state == "refused"
    page = signed_in(application.applied_by).get(application.get_absolute_url())
    assert "Not of this place." in page.text
    assert policy.may_apply(application.applied_by, application.consortium)


def test_a_verb_without_a_reason_changes_nothing(
    secretary: Client, application: Membership
) -> None:
    page = secretary.post(url(application, "refuse"), {"reason": " "}, follow=True)

    assert "Please give a reason" in page.text
    application.refresh_from_db()
    assert application.state == "applied"


def test_the_applicant_withdraws(application: Membership) -> None:
    signed_in(application.applied_by).post(url(application, "withdraw"), {"reason": "Too early."})

    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_suspending_tells_the_packages_above_and_can_be_lifted(
    secretary: Client, consortium: Consortium
) -> None:
    member = make_membership(consortium)
    heard: list[events.MembershipEnded] = []

    def listener(fact: events.MembershipEnded, **_: object) -> None:
        heard.append(fact)

    events.membership_ended.connect(listener)
    secretary.post(url(member, "suspend"), {"reason": "No answer for a year."})
    secretary.post(url(member, "lift"), {"reason": "They answered."})
    events.membership_ended.disconnect(listener)

    member.refresh_from_db()
    assert member.state == "admitted"
    assert heard == [events.MembershipEnded(consortium.pk, member.organisation_id, clock.today())]


def test_a_manager_lets_the_organisation_leave_and_staff_cannot(consortium: Consortium) -> None:
    member = make_membership(consortium)
    staff = signed_in(make_staff(member.organisation))
    manager = signed_in(make_staff(member.organisation, "manager"))

    assert staff.post(url(member, "end"), {"reason": "x"}).status_code == 403
    manager.post(url(member, "end"), {"reason": "We move away."})

    member.refresh_from_db()
    assert member.state == "left"
    assert member.ended_on == clock.today()


def test_a_change_of_grade_stands_in_the_record(secretary: Client, consortium: Consortium) -> None:
    member = make_membership(consortium)
    change = {"grade": "vice_chair", "part": "lead", "why": "Elected."}

    secretary.post(url(member, "regrade"), change)

    member.refresh_from_db()
    assert member.grade == "vice_chair"
    entry = Entry.objects.get(action="Grade or part changed")
    assert entry.detail["was"]["grade"] == "member"
    assert entry.detail["why"] == "Elected."


@pytest.mark.parametrize("verb", ["suspend", "lift", "end"])
def test_verbs_of_members_do_not_fit_an_application(
    secretary: Client, application: Membership, verb: str
) -> None:
    assert secretary.post(url(application, verb), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("verb", ["return", "refuse", "withdraw", "lift"])
def test_verbs_of_applications_do_not_fit_a_member(
    secretary: Client, consortium: Consortium, verb: str
) -> None:
    member = make_membership(consortium)
    assert secretary.post(url(member, verb), {"reason": "x"}).status_code == 403


def test_an_unknown_verb_is_not_found(secretary: Client, application: Membership) -> None:
    assert secretary.post(url(application, "bless"), {"reason": "x"}).status_code == 404


def test_who_sees_an_application(application: Membership) -> None:
    address = application.get_absolute_url()
    stranger = make_staff(make_organisation())
    elsewhere = make_secretary(make_consortium())
    colleague = make_staff(application.organisation)

    assert signed_in(colleague).get(address).status_code == 200
    assert signed_in(make_secretary(application.consortium)).get(address).status_code == 200
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(elsewhere).get(address).status_code == 404
    assert Client().get(address).status_code == 404


def test_a_member_is_public_but_its_application_is_not(consortium: Consortium) -> None:
    member = make_application(consortium, statement="Our secret plans.")
    services.admit(
        member, by=make_secretary(consortium), part="member", grade="member", on=clock.today()
    )

    page = Client().get(member.get_absolute_url())

    assert page.status_code == 200
    assert "Our secret plans." not in page.text


def test_of_two_secretaries_who_decide_at_once_one_wins(application: Membership) -> None:
    first = Membership.objects.get(pk=application.pk)
    second = Membership.objects.get(pk=application.pk)
    secretary = make_secretary(application.consortium)
    services.refuse(first, by=secretary, why="Not of this place.")

    with pytest.raises(IllegalMove):
        services.admit(second, by=secretary, part="member", grade="member", on=clock.today())


@pytest.mark.django_db(transaction=True)
def test_the_slower_one_reads_what_happened_instead_of_an_error() -> None:
    """A colleague refuses between this page's check and its move: the row is held meanwhile."""
    application = make_application(make_consortium())
    client = signed_in(make_secretary(application.consortium))
    answers: list[HttpResponse] = []

    def admit() -> None:
        answers.append(client.post(url(application, "admit"), ADMISSION))
        connection.close()

    slower = threading.Thread(target=admit)
    with transaction.atomic():
        services.refuse(application, by=application.applied_by, why="Not of this place.")
        slower.start()
        wait_until_blocked()
    slower.join()

    assert answers[0].status_code == 409
    assert "Somebody else was faster" in answers[0].text
    application.refresh_from_db()
    assert application.state == "refused"


def wait_until_blocked() -> None:
    """Until another session of this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(f"{waiting} AND datname = current_database()")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits for the row")


def test_the_secretariat_enters_a_member_without_an_application(
    secretary: Client, consortium: Consortium
) -> None:
    school = make_organisation("college")
    facts = {"organisation": school.pk, "founding": "on"} | ADMISSION

    secretary.post(reverse("members:member_add", args=[consortium]), facts)

    member = Membership.objects.get()
    assert (member.organisation, member.founding, member.state) == (school, True, "admitted")
