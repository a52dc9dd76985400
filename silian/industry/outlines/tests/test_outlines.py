from datetime import date

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.models import Skill
from silian.industry.outlines import services
from silian.industry.outlines.models import Template
from silian.industry.outlines.tests.factories import make_template
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code

pytestmark = pytest.mark.django_db
State = Position.State
TODAY = "2026-11-26T09:00:00+08:00"


def test_a_template_is_kept_used_changed_and_removed(client: Client) -> None:
    position = make_position(title_zh="数控操作工", pay_high=9000, region=None, state=State.DRAFT)
    skill = Skill.objects.create(name_zh="数控加工")
    position.skill_needs.create(skill=skill, level=3)
    position.programmes.add(make_code(CodeList.Kind.PROGRAMME))
    staff = make_staff(position.organisation)
    client.force_login(staff)
    home = f"/{position.consortium.slug}/demand/"
    client.post(f"{home}{position.pk}/template/")
    template = Template.objects.get()
    assert (template.organisation, template.pay_high) == (position.organisation, 9000)
    client.post(f"{home}{position.pk}/template/")  # once more: written over, not doubled
    assert Template.objects.count() == 1

    client.post(f"{home}templates/{template.pk}/use/")
    draft = Position.objects.exclude(pk=position.pk).get()
    assert (draft.state, draft.title_zh, draft.pay_high) == (State.DRAFT, "数控操作工", 9000)
    assert (draft.skill_needs.get().level, draft.programmes.count()) == (3, 1)
    assert (draft.contact_name, draft.starts_on) == (staff.name, None)

    rows = {"skills-TOTAL_FORMS": 0, "skills-INITIAL_FORMS": 0}
    typed = {"organisation": position.organisation_id, "places": 4, "education": 0, **rows}
    client.post(f"{home}templates/{template.pk}/", typed | {"title_zh": "数控车工"})
    template.refresh_from_db()
    assert (template.title_zh, template.places) == ("数控车工", 4)
    page = client.post(f"{home}templates/new/employment/", typed | {"title_zh": "数控车工"})
    assert "a template of this title" in page.text
    client.post(f"{home}templates/{template.pk}/remove/")
    assert not Template.objects.exists()
    assert Position.objects.count() == 2


def test_samples_are_the_secretariats_and_for_all_members(client: Client) -> None:
    consortium = make_consortium()
    sample = make_template(consortium, title_zh="范例")
    other = make_template(consortium, make_membership(consortium).organisation, title_zh="别家")
    home = f"/{consortium.slug}/demand/templates/"
    client.force_login(make_staff(make_membership(consortium).organisation))
    page = client.get(home).text
    assert "范例" in page
    assert "别家" not in page
    assert client.get(f"{home}{sample.pk}/").status_code == 403
    assert client.get(f"{home}{other.pk}/").status_code == 404
    assert client.post(f"{home}{other.pk}/use/").status_code == 404
    client.post(f"{home}{sample.pk}/use/")
    assert Position.objects.get().title_zh == "范例"
    client.force_login(make_secretary(consortium))
    assert client.get(f"{home}{sample.pk}/").status_code == 200
    client.force_login(make_secretary(make_consortium()))
    assert client.get(home).status_code == 403


def test_one_title_once() -> None:
    consortium = make_consortium()
    make_template(consortium, title_zh="范例")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_template(consortium, title_zh="范例")


def test_last_years_demand_in_one_go(client: Client, settings: LazySettings) -> None:
    settings.CLOCK = TODAY
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    client.force_login(make_staff(employer))
    days = {"starts_on": date(2026, 7, 1), "ends_on": date(2026, 12, 31)}
    old = [make_position(consortium, employer, **days) for _ in range(3)]
    make_position(consortium, employer, starts_on=date(2025, 7, 1), state=State.CLOSED)
    other = make_position(consortium, **days)
    address = f"/{consortium.slug}/demand/ours/past/"
    page = client.get(address)
    assert [row.record for row in page.context["listing"].current] == old
    assert page.context["years"] == [2026, 2025]
    keys = [old[0].pk, old[1].pk, other.pk]
    client.post(f"{address}?year=2026", {"position": keys})
    client.post(f"{address}?year=2026", {"position": keys})  # pressed twice
    drafts = Position.objects.filter(state=State.DRAFT)
    assert {draft.copy_of for draft in drafts} == {old[0], old[1]}
    assert {(draft.starts_on, draft.ends_on) for draft in drafts} == {
        (date(2027, 7, 1), date(2027, 12, 31))
    }
    assert len(drafts) == 2


def test_days_move_until_they_lie_ahead(settings: LazySettings) -> None:
    settings.CLOCK = TODAY
    leap = make_position(starts_on=date(2024, 2, 29))
    assert services.next_days(leap)["starts_on"] == date(2027, 2, 28)


def test_a_copy_is_a_draft_of_its_own(client: Client) -> None:
    position = make_position(remark="x")
    client.force_login(make_staff(position.organisation))
    client.post(f"/{position.consortium.slug}/demand/{position.pk}/copy/")
    draft = Position.objects.get(copy_of=position)
    assert (draft.state, draft.published_at, draft.confirmed_on, draft.remark) == (
        State.DRAFT,
        None,
        None,
        "",
    )
    client.force_login(make_staff(make_membership(position.consortium).organisation))
    address = f"/{position.consortium.slug}/demand/{position.pk}/"
    assert client.post(f"{address}copy/").status_code == 403
    assert client.post(f"{address}template/").status_code == 403


def test_where_stating_begins(client: Client) -> None:
    consortium = make_consortium()
    make_template(consortium, title_zh="范例")
    client.force_login(make_staff(make_membership(consortium).organisation))
    page = client.get(f"/{consortium.slug}/demand/new/").text
    assert "范例" in page
    assert page.count("/demand/new/") >= len(Position.Kind)
    client.force_login(make_staff(make_membership(make_consortium()).organisation))
    assert client.get(f"/{consortium.slug}/demand/new/").status_code == 403


def test_templates_ask_as_often_for_30_rows_as_for_one(client: Client) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    client.force_login(make_staff(employer))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_template(consortium, employer)
        client.get(f"/{consortium.slug}/demand/templates/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/{consortium.slug}/demand/templates/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
