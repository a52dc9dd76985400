import pytest
from django.test import Client
from django.urls import reverse

from silian.education.authoring.models import Contributor
from silian.education.authoring.tests.factories import make_partner
from silian.education.standards.models import Edition, Standard, Unit
from silian.education.standards.tests.factories import (
    in_state,
    make_edition,
    make_skill,
    make_standard,
)
from silian.education.units import services
from silian.governance.members.tests.factories import make_organisation, make_staff
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Row, sheet_named
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, edition: Edition, *more: object) -> str:
    place = [edition.standard.consortium, edition.standard_id, edition.number, *more]
    return reverse(f"units:{name}", args=place)


def school_of(edition: Edition) -> User:
    return make_staff(edition.standard.programme.school)


def typed(**fields: object) -> dict[str, object]:
    facts = {"title_zh": "焊接", "theory_hours": 8, "practice_hours": 24, "credits": "2"}
    facts |= {"version": 1, "skills-TOTAL_FORMS": 2, "skills-INITIAL_FORMS": 0}
    return facts | fields


def test_a_unit_is_added_with_its_skills_and_counts_for_who_added_it() -> None:
    edition = make_edition()
    firm, writer = make_partner(edition)
    skill = make_skill()
    rows = {
        "skills-0-skill": skill.pk,
        "skills-0-level": 3,
        "skills-1-skill": "",
        "skills-1-level": 2,
    }

    signed_in(writer).post(page("unit_new", edition), typed(**rows))

    unit = Unit.objects.get(title_zh="焊接")
    assert (unit.order, unit.hours, unit.taught.get().level) == (3, 32, 3)
    assert Contributor.objects.get(user=writer, organisation=firm).edits == 1


def test_a_wrong_unit_keeps_what_was_typed_and_names_the_field() -> None:
    edition = make_edition()
    client = signed_in(school_of(edition))
    skill = make_skill()
    twice = {
        "skills-0-skill": skill.pk,
        "skills-0-level": 3,
        "skills-1-skill": skill.pk,
        "skills-1-level": 2,
    }

    empty = client.post(page("unit_new", edition), typed(theory_hours=0, practice_hours=0)).text
    listed = client.post(page("unit_new", edition), typed(**twice)).text

    assert "has hours of theory or of practice" in empty and 'value="焊接"' in empty
    assert "This skill is listed twice." in listed
    assert edition.units.count() == 2


def test_a_course_of_a_plan_says_its_part_and_a_term_of_the_programme() -> None:
    edition = make_edition(make_standard(kind=Standard.Kind.PLAN))
    client = signed_in(school_of(edition))

    refused = client.post(page("unit_new", edition), typed(term=9)).text
    client.post(page("unit_new", edition), typed(term=3, part="professional", elective="on"))

    assert "terms 1 to 6" in refused and "This field is required." in refused
    unit = Unit.objects.get(title_zh="焊接")
    assert (unit.part, unit.term, unit.elective) == ("professional", 3, True)


def test_two_people_at_one_unit_lose_nothing() -> None:
    edition = make_edition()
    unit = edition.units.first()
    address = page("unit_edit", edition, unit.pk)
    first, second = signed_in(school_of(edition)), signed_in(school_of(edition))

    first.post(address, typed(title_zh="一"))
    answer = second.post(address, typed(title_zh="二"))

    assert "Somebody saved this unit while you wrote" in answer.text
    assert "“一”" in answer.text.replace("&quot;", '"') or "一" in answer.text
    assert 'value="二"' in answer.text and 'value="2"' in answer.text
    unit.refresh_from_db()
    assert (unit.title_zh, unit.version) == ("一", 2)
    second.post(address, typed(title_zh="二", version=2))
    unit.refresh_from_db()
    assert unit.title_zh == "二"


def test_units_are_put_in_order_and_taken_out() -> None:
    edition = make_edition()
    client = signed_in(school_of(edition))
    first, second = edition.units.all()

    client.post(page("unit_move", edition, second.pk, "up"))
    client.post(page("unit_move", edition, second.pk, "up"))  # it is the first already
    assert list(edition.units.all()) == [second, first]
    assert client.post(page("unit_move", edition, second.pk, "sideways")).status_code == 404
    client.post(page("unit_remove", edition, first.pk))
    assert list(edition.units.all()) == [second]


def test_the_totals_are_stated_or_taken_from_the_units() -> None:
    edition = make_edition(hours=None, credits=None)
    client = signed_in(school_of(edition))
    address = page("unit_index", edition)

    assert "+64" in client.get(address).text
    client.post(address, {"hours": 70, "credits": 4})
    assert "-6" in client.get(address).text
    client.post(address, {"take": 1})
    edition.refresh_from_db()
    assert (edition.hours, edition.credits) == (64, 4)


def test_only_who_writes_changes_units_and_only_in_a_draft() -> None:
    edition = make_edition()
    unit = edition.units.first()
    _firm, adviser = make_partner(edition, Contributor.Part.ADVISER)

    for name, more in (("unit_index", ()), ("unit_new", ()), ("unit_edit", (unit.pk,))):
        assert signed_in(adviser).get(page(name, edition, *more)).status_code == 403
        stranger = signed_in(make_staff(make_organisation()))
        assert stranger.get(page(name, edition, *more)).status_code == 404
    owner = school_of(edition)
    in_state(edition, "review")
    assert signed_in(owner).post(page("unit_remove", edition, unit.pk)).status_code == 403
    with pytest.raises(IllegalMove):
        services.remove_unit(unit, by=owner)


def test_units_come_by_sheet_with_their_skills() -> None:
    edition = make_edition()
    known = edition.units.first()
    make_skill(name_zh="数控编程")
    sheet = sheet_named("standards.units")
    assert sheet is not None
    form = sheet.form(edition)
    form.is_bound = True
    form.data = {
        "title_zh": known.title_zh,
        "theory_hours": "4",
        "practice_hours": "12",
        "credits": "1",
        "skills": "数控编程 3",
    }
    form.full_clean()
    assert not form.errors
    rows = [Row(2, dict(form.cleaned_data)), Row(3, form.cleaned_data | {"title_zh": "新单元"})]
    twice = [Row(2, dict(form.cleaned_data)), Row(3, dict(form.cleaned_data))]
    owner = school_of(edition)

    assert [(n, field) for n, field, _said in sheet.check(twice, edition)] == [(3, "title_zh")]
    assert sheet.save(rows, edition, by=owner, progress=lambda done: None) == 2
    known.refresh_from_db()
    assert (known.hours, known.taught.get().level, edition.units.count()) == (16, 3, 3)
    address = reverse("sheets:import", args=["standards.units", edition.pk])
    assert signed_in(owner).get(address).status_code == 200
    assert signed_in(make_staff(make_organisation())).get(address).status_code == 404
