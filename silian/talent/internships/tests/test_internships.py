"""No route goes round the rules; the agreement is signed by all; strangers learn nothing."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.rules import RulesBroken
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.signing.models import Method, Process, Signatory
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.states import IllegalMove, move
from silian.talent.contracts.services import offer
from silian.talent.internships import services
from silian.talent.internships.facts import findings
from silian.talent.internships.imports import Internships, Place
from silian.talent.internships.models import Clearance, Internship
from silian.talent.internships.tests.factories import (
    make_agreed,
    make_intern,
    make_internship,
    make_offered,
    make_running,
    sign_all,
)
from silian.talent.safeguards.models import Policy

pytestmark = pytest.mark.django_db
State = Internship.State


def page(internship: Internship, name: str = "internship_detail", *more: object) -> str:
    return reverse(f"internships:{name}", args=[internship.consortium, internship.pk, *more])


def hinders(internship: Internship) -> set[str]:
    fresh = Internship.objects.get(pk=internship.pk)
    return {finding.rule.id for finding in findings(fresh) if finding.hinders}


def test_the_whole_way() -> None:
    internship = make_internship()
    assert hinders(internship) == {"agreement.signed", "consent.guardian", "unit.id-card"}
    internship = make_running(internship)
    assert internship.state == State.RUNNING and hinders(internship) == set()
    agreement = internship.agreement
    assert agreement and "-SX-" in agreement.number
    services.break_off(internship, by=make_user(), on=clock.today(), why="学生生病")
    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.ENDED


def test_the_agreement_names_what_the_law_asks_for_and_who_signs() -> None:
    internship = make_offered()
    text = internship.agreement.versions.get().text  # type: ignore[union-attr]
    for word in ("装配钳工", "每日8", "3200", "平安责任险", "出勤10%", "林父", "知情同意书"):
        assert word in text
    process = Process.objects.get(agreement=internship.agreement)
    ways = {(s.organisation and s.organisation.kind, s.method) for s in process.signatories.all()}
    assert ways == {
        ("college", Method.ELECTRONIC),
        ("enterprise", Method.PAPER),
        (None, Method.ELECTRONIC),
        (None, Method.LINK),
    }
    assert process.document and process.document == internship.agreement.frozen  # type: ignore[union-attr]


def test_without_a_guardian_s_address_the_guardian_signs_on_paper() -> None:
    internship = make_offered(guardian_email="")
    guardian = Signatory.objects.get(process__agreement=internship.agreement, guardian_of__gt="")
    assert guardian.method == Method.PAPER


# --- a blocking rule cannot be passed ---------------------------------------------------------

BROKEN: list[dict[str, Any]] = [
    {"pay": 100},
    {"hours_a_day": 12},
    {"agent": "某人力公司"},
    {"charges": True},
    {"labour_grade": 4},
    {"category": "53"},
    {"tasks": ""},
    {"school_mentor": None},
    {"scheme": {"attendance": 100}},
]


@pytest.mark.parametrize("fields", BROKEN, ids=lambda fields: next(iter(fields)))
def test_no_offer_by_service_or_page(fields: dict[str, Any], client: Client) -> None:
    internship = make_internship(**fields)
    with pytest.raises(RulesBroken):
        offer(internship, by=make_staff(internship.student.school))
    assert not Agreement.everything.exists()
    client.force_login(make_staff(internship.student.school))
    address = reverse("contracts:offer", args=[internship.consortium, internship.pk])
    assert client.post(address).status_code == 403


def test_a_state_move_is_refused_by_the_database() -> None:
    internship = make_internship()
    for target in (State.AGREED, State.RUNNING):
        with pytest.raises((IllegalMove, IntegrityError)), transaction.atomic():
            move(internship, target, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_internship(state=State.RUNNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Internship.objects.filter(pk=internship.pk).update(state=State.FINISHED)


def test_an_agreement_that_is_not_signed_carries_nothing() -> None:
    internship = make_offered()
    Clearance.objects.create(internship=internship)
    with pytest.raises(IntegrityError, match="No signed agreement"), transaction.atomic():
        move(internship, State.AGREED, by=None)
    with pytest.raises(IllegalMove):
        services.settle(internship, by=None)


def test_a_stamp_of_another_transaction_does_not_count() -> None:
    internship = make_agreed()
    Clearance.objects.filter(internship=internship).update(transaction=1)
    with pytest.raises(IntegrityError, match="not let this internship pass"), transaction.atomic():
        Internship.objects.filter(pk=internship.pk).update(hours_a_day=12)


def test_the_database_looks_at_age_and_trade_itself() -> None:
    internship = make_agreed()
    Clearance.objects.create(internship=internship)
    person = internship.student.person
    person.born_on = clock.today() - timedelta(days=365 * 15)
    person.save()
    with pytest.raises(IntegrityError, match="Nobody under 16"), transaction.atomic():
        Internship.objects.filter(pk=internship.pk).update(post="别的")
    person.born_on = clock.today() - timedelta(days=365 * 19)
    person.save()
    agency = make_organisation(industry=make_code(CodeList.Kind.INDUSTRY, "7263"))
    with pytest.raises(IntegrityError, match="Agencies"), transaction.atomic():
        Internship.objects.filter(pk=internship.pk).update(unit=agency)


def test_what_stands_keeps_the_rules_when_it_is_changed(client: Client) -> None:
    internship = make_running()
    client.force_login(make_staff(internship.student.school))
    answer = client.post(page(internship, "internship_adjust"), {"insurance": ""})
    assert answer.status_code == 200
    internship.refresh_from_db()
    assert internship.insurance is not None and internship.school_mentor is not None
    assert client.get(page(internship, "internship_edit")).status_code == 403


def test_it_does_not_begin_before_the_card_was_checked_or_the_insurance_covers() -> None:
    internship = make_agreed()
    with pytest.raises(RulesBroken):
        services.start(internship, by=make_user())
    services.check_card(internship, by=make_staff(internship.unit))
    Policy.objects.update(ends_on=clock.today())
    with pytest.raises(RulesBroken):
        services.start(Internship.objects.get(pk=internship.pk), by=make_user())
    assert Internship.objects.get(pk=internship.pk).state == State.AGREED


def test_a_rule_that_comes_to_hinder_after_signing_holds_it_back() -> None:
    internship = make_offered()
    Internship.objects.filter(pk=internship.pk).update(agent="某人力公司")
    sign_all(internship)
    assert internship.state == State.PREPARED
    assert internship.agreement.state == Agreement.State.SIGNED  # type: ignore[union-attr]
    Internship.objects.filter(pk=internship.pk).update(agent="")
    services.settle(Internship.objects.get(pk=internship.pk), by=make_user())
    internship.refresh_from_db()
    assert internship.state == State.AGREED


def test_a_sheet_prepares_and_passes_no_rule() -> None:
    internship = make_internship()
    consortium, school = internship.consortium, internship.student.school
    student = make_intern(school, code="460105")
    sheet, place = Internships(), Place(consortium, school)
    assert sheet.scope_from(f"{consortium.slug}.{school.pk}") == place
    assert sheet.scope_from("nowhere.1") is None
    assert sheet.permitted(make_staff(school), place)
    assert not sheet.permitted(make_staff(internship.unit), place)
    row = {
        "student": student.number,
        "unit": internship.unit.name_zh,
        "kind": "post",
        "post": "装配钳工",
        "starts_on": f"{clock.today()}",
        "ends_on": f"{clock.today() + timedelta(days=90)}",
        "tasks": "装配",
        "labour_grade": "3",
        "agent": "某人力公司",
        "state": "running",
    }
    form = type(sheet.form(place))(place, row)
    assert form.is_valid(), form.errors
    from silian.kernel.sheets.registry import Row  # noqa: PLC0415

    by = make_staff(school)
    sheet.save([Row(2, form.cleaned_data)], place, by=by, progress=lambda done: None)
    made = Internship.objects.get(student=student)
    assert made.state == State.PREPARED
    assert {"arranged.no-agent", "work.labour-grade"} <= hinders(made)


# --- warnings and caps ------------------------------------------------------------------------


def test_a_cap_is_passed_with_a_reason_that_a_second_person_approves(client: Client) -> None:
    unit = make_organisation(staff_count=5)
    internship = make_internship(unit=unit)
    assert "cap.unit" in hinders(internship)
    first, second = make_staff(internship.student.school), make_staff(internship.student.school)
    client.force_login(first)
    client.post(page(internship, "rule_waive", "cap.unit"), {"reason": ""})
    assert "cap.unit" in hinders(internship)
    client.post(page(internship, "rule_waive", "cap.unit"), {"reason": "产线扩建,带教充足"})
    assert "cap.unit" in hinders(internship)
    waiver = internship.waivers.get()
    approve = reverse("internships:waiver_approve", args=[internship.consortium, waiver.pk])
    assert client.post(approve).status_code == 403
    client.force_login(second)
    client.post(approve)
    assert "cap.unit" not in hinders(internship)
    assert "产线扩建" in client.get(page(internship)).content.decode()
    assert (
        client.post(page(internship, "rule_waive", "pay.floor"), {"reason": "x"}).status_code == 404
    )


def test_interns_are_counted_in_every_consortium_and_only_at_the_same_time() -> None:
    unit = make_organisation(staff_count=10)
    make_agreed(unit=unit)
    second = make_internship(make_consortium(), unit=unit)
    assert "cap.unit" in hinders(second)
    later = clock.today() + timedelta(days=200)
    third = make_internship(make_consortium(), unit=unit, starts_on=later)
    assert "cap.unit" not in hinders(third)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_a_cap_together() -> None:
    unit = make_organisation(staff_count=10)
    offered = [make_offered(unit=unit) for _number in range(2)]
    for internship in offered:
        process = Process.objects.get(agreement=internship.agreement)
        Signatory.objects.filter(process=process).update(state=Signatory.State.SIGNED)
        Process.objects.filter(pk=process.pk).update(state="complete", closed_at=clock.now())
        Agreement.everything.filter(pk=internship.agreement_id).update(
            state="signed", signed_on=clock.today()
        )
    outcomes: list[bool] = []
    barrier = threading.Barrier(2)

    def settle(internship: Internship) -> None:
        barrier.wait()
        fresh = Internship.objects.get(pk=internship.pk)
        outcomes.append(services.settle_if_lawful(fresh, by=None))
        connection.close()

    threads = [threading.Thread(target=settle, args=[one]) for one in offered]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    assert Internship.objects.standing().count() == 1


# --- who sees what ------------------------------------------------------------------------


def test_sides_see_it_and_strangers_learn_nothing(client: Client) -> None:
    internship = make_agreed()
    student, unit = internship.student, internship.unit
    index = reverse("internships:internship_index", args=[internship.consortium])
    for user in (
        make_staff(student.school),
        make_staff(unit),
        student.user,
        internship.unit_mentor,
    ):
        client.force_login(user)  # type: ignore[arg-type]
        assert client.get(page(internship)).status_code == 200
        assert student.name in client.get(index).content.decode()
    other = make_organisation(Organisation.Kind.COLLEGE)
    make_membership(internship.consortium, other)
    for user in (make_user(), make_staff(other), make_secretary(internship.consortium)):
        client.force_login(user)
        assert client.get(page(internship)).status_code == 404
        assert student.name not in client.get(index).content.decode()
        assert student.name not in client.get(index + "?export=csv").content.decode()


def test_the_agreement_stands_in_no_register_search_count_or_program(client: Client) -> None:
    internship = make_agreed()
    agreement, consortium = internship.agreement, internship.consortium
    assert agreement and agreement.state == Agreement.State.SIGNED
    assert not Agreement.objects.exists() and not consortium.agreements.exists()
    detail = reverse("agreements:agreement_detail", args=[consortium, agreement.pk])
    register = reverse("agreements:agreement_index", args=[consortium])
    process = Process.objects.get(agreement=agreement)
    for user in (make_secretary(consortium), make_user()):
        client.force_login(user)
        assert client.get(detail).status_code == 404
        assert agreement.number not in client.get(register).content.decode()
        found = client.get("/search/", {"q": "实习三方协议"}).content.decode()
        assert agreement.get_absolute_url() not in found
        assert client.get("/api/v1/agreements").json()["items"] == []
        assert client.get(process.get_absolute_url()).status_code == 404
    client.force_login(internship.student.user)  # type: ignore[arg-type]
    assert client.get(process.get_absolute_url()).status_code == 200
    assert client.get(agreement.get_absolute_url()).status_code == 302


def test_the_check_page_names_the_student_to_nobody(client: Client) -> None:
    internship = make_agreed()
    code = internship.agreement.check_code  # type: ignore[union-attr]
    answer = client.get(reverse("drafting:check", args=[code])).content.decode()
    assert internship.student.name not in answer and f"{internship.student.name[0]}**" in answer


def test_a_guardian_signs_by_link_with_a_code(client: Client, settings: Any) -> None:
    settings.DEMO = True
    internship = make_offered()
    guardian = Signatory.objects.get(process__agreement=internship.agreement, guardian_of__gt="")
    address = guardian.link.removeprefix(settings.SITE_URL)
    assert client.get(address[:-2] + "x/").status_code == 404
    assert "知情同意书" in client.get(address).content.decode()
    client.post(address + "code/")
    code = client.session[f"code-{guardian.pk}"]
    assert client.post(address, {"confirmed": "on", "code": "000000x"}).status_code == 200
    guardian.refresh_from_db()
    assert guardian.state == Signatory.State.WAITING
    client.post(address, {"confirmed": "on", "code": code})
    guardian.refresh_from_db()
    assert guardian.state == Signatory.State.SIGNED
    assert guardian.act.factor == "mail" and guardian.act.user is None


def test_the_list_asks_as_often_for_thirty_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    internship = make_internship()
    school = internship.student.school
    client.force_login(make_staff(school))
    index = reverse("internships:internship_index", args=[internship.consortium])
    client.get(index)
    with django_assert_max_num_queries(100) as few:
        client.get(index)
    for number in range(29):
        student = make_intern(school, code=f"46{number:04}")
        make_internship(internship.consortium, unit=internship.unit, student=student)
    with django_assert_max_num_queries(len(few)):
        client.get(index)


def test_a_wrong_form_keeps_what_was_typed(client: Client) -> None:
    internship = make_internship()
    client.force_login(make_staff(internship.student.school))
    new = reverse("internships:internship_new", args=[internship.consortium])
    typed = {"number": "nobody", "post": "质检员", "kind": "post", "starts_on": "2026-05-01"}
    answer = client.post(new, typed | {"ends_on": "2026-04-01"})
    assert answer.status_code == 200
    assert {"number", "ends_on", "unit"} <= set(answer.context["form"].errors)
    assert "质检员" in answer.content.decode()
