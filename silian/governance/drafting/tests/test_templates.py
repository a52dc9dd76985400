"""The shelf of templates."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.drafting.models import Template
from silian.governance.drafting.tests.factories import make_template
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.documents.services import word_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def page(template: Template, name: str = "template_edit", *more: object) -> str:
    return reverse(f"drafting:{name}", args=[template.consortium, template.pk, *more])


def test_a_template_starts_from_the_sample_of_its_kind(
    secretary: Client, consortium: Consortium
) -> None:
    new = reverse("drafting:template_new", args=[consortium])
    shown = secretary.get(new, {"kind": "order_class"})
    assert "terms.class_name" in shown.text
    said = {"kind": "order_class", "name": "本校订单班", "text": "{{ terms.class_name }}"}
    secretary.post(f"{new}?kind=order_class", said)
    template = Template.objects.get()
    assert (template.consortium, template.kind, template.by is None) == (
        consortium,
        "order_class",
        False,
    )
    assert secretary.get(new, {"kind": "nothing"}).status_code == 404


def test_places_that_nothing_fills_are_named_and_the_text_stays(
    secretary: Client, consortium: Consortium
) -> None:
    template = make_template(consortium)
    said = {"kind": "framework", "name": "x", "text": "很长的文本 {{ terms.class_name }}"}
    shown = secretary.post(page(template), said)
    assert "Nothing fills these places" in shown.text
    assert "很长的文本" in shown.text
    template.refresh_from_db()
    assert "很长" not in template.text


def test_two_templates_of_a_kind_have_two_names(secretary: Client, consortium: Consortium) -> None:
    make_template(consortium, name="甲")
    other = make_template(consortium, name="乙")
    said = {"kind": "framework", "name": "甲", "text": "x"}
    assert "of this name already" in secretary.post(page(other), said).text


def test_word_comes_in_and_word_and_pdf_go_out(secretary: Client, consortium: Consortium) -> None:
    template = make_template(consortium)
    word = SimpleUploadedFile("a.docx", word_of("第九条 {{ party_1 }}", title="x"))
    said = {"kind": "framework", "name": "新名", "text": "旧", "read": "1", "word": word}
    shown = secretary.post(page(template), said)
    assert "第九条" in shown.text and 'value="新名"' in shown.text
    assert secretary.get(page(template, "template_file", "pdf")).content.startswith(b"%PDF-")
    assert secretary.get(page(template, "template_file", "docx")).content.startswith(b"PK")
    assert secretary.get(page(template, "template_file", "exe")).status_code == 404


def test_members_read_the_shelf_and_the_secretariat_fills_it(consortium: Consortium) -> None:
    template = make_template(consortium)
    index = reverse("drafting:template_index", args=[consortium])
    member = Client()
    member.force_login(make_staff(make_membership(consortium).organisation))
    assert template.name in member.get(index).text
    assert "A new template" not in member.get(index).text
    assert member.get(page(template)).status_code == 403
    assert member.post(page(template, "template_remove")).status_code == 403
    stranger = Client()
    stranger.force_login(make_user())
    assert template.name not in stranger.get(index).text
    assert stranger.get(page(template)).status_code == 404


def test_a_template_is_removed(secretary: Client, consortium: Consortium) -> None:
    secretary.post(page(make_template(consortium), "template_remove"))
    assert not Template.objects.exists()


def test_the_shelf_asks_as_much_for_one_row_as_for_thirty(
    secretary: Client, consortium: Consortium
) -> None:
    index = reverse("drafting:template_index", args=[consortium])

    def grow(rows: int) -> int:
        for _ in range(rows):
            make_template(consortium, name=f"模板{Template.objects.count()}", by=make_user())
        with CaptureQueriesContext(connection) as queries:
            secretary.get(index)
        return len(queries)

    secretary.get(index)
    assert grow(1) == grow(29)
