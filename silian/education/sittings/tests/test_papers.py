"""The paper of an exam: chosen from approved ones, copied, in an order of each candidate's own."""

from decimal import Decimal

import pytest
from django.test import Client

from silian.education.answering.tests.devices import Device
from silian.education.items.models import Version
from silian.education.items.tests.factories import make_bank
from silian.education.papers import services as setting
from silian.education.papers.models import Paper
from silian.education.papers.tests.factories import make_items, make_paper
from silian.education.sittings import services
from silian.education.sittings.models import Exam
from silian.education.sittings.tests.factories import (
    announced,
    make_candidate,
    make_exam,
    make_room,
)
from silian.engines.scoring import score
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.kernel.accounts.tests.factories import make_user

pytestmark = pytest.mark.django_db


def approved_paper(consortium: Consortium, **fields: object) -> Paper:
    bank = make_bank(consortium)
    paper = make_paper(bank, total=10, passing=6, **fields)
    setting.add_versions(
        paper, make_items(bank, 5), section="单项选择", points=Decimal(2), by=paper.by
    )
    Paper.objects.filter(pk=paper.pk).update(
        state="approved", approved_by=make_user(), approved_at=paper.at
    )
    paper.refresh_from_db()
    return paper


def blank_exam(consortium: Consortium) -> Exam:
    exam = make_exam(consortium)
    exam.forms.all().delete()
    return exam


def test_the_office_chooses_an_approved_paper_of_its_own_body(client: Client) -> None:
    consortium = make_consortium()
    paper, draft = approved_paper(consortium), make_paper(make_bank(consortium))
    elsewhere = approved_paper(make_consortium())
    exam = blank_exam(consortium)
    client.force_login(make_secretary(consortium))
    address = f"/{consortium.slug}/exams/{exam.pk}/paper/"
    for wrong in (draft, elsewhere):
        client.post(address, {"paper": wrong.pk})
        exam.refresh_from_db()
        assert exam.paper is None
    client.post(address, {"paper": paper.pk})
    exam.refresh_from_db()
    assert exam.paper == paper and exam.forms.count() == 1
    announced(exam)
    assert client.get(address).status_code == 403


def test_what_is_sat_is_a_copy_that_can_be_scored_without_the_bank() -> None:
    consortium = make_consortium()
    exam, paper = blank_exam(consortium), approved_paper(consortium)
    services.take_paper(exam, paper, by=make_user())
    form = exam.forms.get()
    assert "explanation" not in str(form.content)
    items = [item for section in form.content["sections"] for item in section["items"]]
    assert [item["key"] for item in items] == ["1", "2", "3", "4", "5"] == list(form.keys)
    for item in items:
        scored = form.keys[item["key"]]
        version = Version.objects.get(pk=scored["version"])
        assert (version.content, version.key) == (item["content"], scored["key"])
        points = Decimal(scored["points"])
        assert score(item["content"], scored["key"], scored["key"], points, scored["rule"]) == 2
        assert not {"key", "answer"} & set(item["content"])


def test_candidates_get_an_order_of_their_own_and_the_same_one_again() -> None:
    consortium = make_consortium()
    exam = blank_exam(consortium)
    services.take_paper(exam, approved_paper(consortium), by=make_user())
    room = make_room(exam)
    devices = [Device(make_candidate(room)) for _number in range(4)]
    announced(exam)

    def order(device: Device) -> tuple[str, ...]:
        said = device.open().json()["paper"]
        items = [item for section in said["sections"] for item in section["items"]]
        choices = "".join(choice["id"] for item in items for choice in item["content"]["choices"])
        return (*(item["key"] for item in items), choices)

    first = [order(device) for device in devices]
    assert len(set(first)) > 1 and first == [order(device) for device in devices]
    assert {tuple(sorted(keys[:-1])) for keys in first} == {("1", "2", "3", "4", "5")}
