"""Texts are read, people decide, and what they decided stays."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.skillmap import reading, services, tasks
from silian.education.skillmap.models import Candidate, Sighting, Suggestion
from silian.education.skillmap.tests.factories import (
    make_edition,
    make_programme,
    make_unit,
    publish,
)
from silian.education.standards.models import Taught
from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.models import Skill
from silian.industry.occupations.services import merge_skill
from silian.industry.occupations.tests.factories import make_skill
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.jobs.models import Job
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
DUTIES = "掌握焊接，熟悉激光打标。有车削经验者优先。不要求铣削。"


@pytest.fixture
def consortium() -> Consortium:
    for name in ("焊接", "车削", "铣削"):
        make_skill(name)
    return make_consortium("harbour")


def read(consortium: Consortium) -> int:
    return reading.read_all(consortium)


def make_read(consortium: Consortium, **fields: object) -> Position:
    position = make_position(consortium, **({"duties_zh": DUTIES} | fields))
    read(consortium)
    return position


def skills_of(position: Position) -> dict[str, int]:
    return {need.skill.name_zh: need.level for need in position.skill_needs.all()}


def test_a_position_is_read_with_passages_and_levels(consortium: Consortium) -> None:
    make_read(consortium)
    found = {s.skill.name_zh: s for s in Suggestion.objects.select_related("skill")}
    assert set(found) == {"焊接", "车削"}
    assert (found["焊接"].level, found["焊接"].wished) == (3, False)
    assert (found["车削"].level, found["车削"].wished) == (1, True)
    assert found["车削"].passage == "有车削经验者优先。" and found["车削"].quote == "车削"
    sighting = Sighting.objects.get()
    assert (sighting.candidate.text, sighting.quote) == ("激光打标", "激光打标")


def test_only_what_changed_is_read_again(consortium: Consortium) -> None:
    position = make_read(consortium)
    assert read(consortium) == 0
    Position.objects.filter(pk=position.pk).update(duties_zh="掌握铣削。")
    assert read(consortium) == 1
    assert [s.skill.name_zh for s in Suggestion.objects.all()] == ["铣削"]
    assert not Candidate.objects.exists()
    make_skill("打标")
    assert read(consortium) == 1  # the vocabulary has changed


def test_what_is_named_already_is_not_suggested(consortium: Consortium) -> None:
    position = make_position(consortium, duties_zh=DUTIES)
    SkillNeed.objects.create(position=position, skill=Skill.objects.get(name_zh="焊接"))
    read(consortium)
    assert [s.skill.name_zh for s in Suggestion.objects.all()] == ["车削"]


def test_a_draft_is_its_employer_s_alone(consortium: Consortium) -> None:
    make_read(consortium, state="draft")
    assert Suggestion.objects.count() == 2
    assert not Candidate.objects.exists()


def test_units_in_force_are_not_touched(consortium: Consortium) -> None:
    programme = make_programme(consortium)
    drafted = make_unit(make_edition(consortium, programme), text=DUTIES)
    publish(make_unit(make_edition(consortium, programme), text=DUTIES).edition)
    read(consortium)
    assert {s.unit for s in Suggestion.objects.all()} == {drafted}
    assert Sighting.objects.get().unit != drafted


def test_the_employer_confirms_many_rejects_and_takes_back(
    client: Client, consortium: Consortium
) -> None:
    position = make_read(consortium)
    client.force_login(make_staff(position.organisation))
    page = "/harbour/skillmap/"
    weld, turn = Suggestion.objects.order_by("-level")
    assert "<mark>焊接</mark>" in client.get(page).text
    assert "Choose at least one first." in client.post(f"{page}decide/", follow=True).text
    chosen = {"chosen": [weld.pk, turn.pk], f"level-{turn.pk}": "2", "accept": "1"}
    client.post(f"{page}decide/", chosen)
    assert skills_of(position) == {"焊接": 3, "车削": 2}
    assert Entry.objects.about(position).filter(action__startswith="Skill confirmed").count() == 2
    client.post(f"{page}{turn.pk}/undo/")
    assert skills_of(position) == {"焊接": 3}
    client.post(f"{page}decide/", {"chosen": turn.pk, "reject": "1"})
    Position.objects.filter(pk=position.pk).update(duties_zh=DUTIES + "车削。")
    read(consortium)
    turn.refresh_from_db()
    assert turn.state == Suggestion.State.REJECTED
    assert "To be decided" not in client.get(f"{page}decided/").text
    assert client.get(f"{page}decided/?export=csv").status_code == 200
    assert client.get(f"{page}?export=xlsx").status_code == 200


def test_undoing_leaves_what_was_there_before(consortium: Consortium) -> None:
    position, by = make_read(consortium), make_user()
    suggestion = Suggestion.objects.get(skill__name_zh="焊接")
    SkillNeed.objects.create(position=position, skill=suggestion.skill, level=4)
    services.accept_suggestions([suggestion], by=by)
    services.undo_suggestion(suggestion, by=by)
    assert skills_of(position) == {"焊接": 4}


def test_two_who_decide_at_once_do_not_both_win(consortium: Consortium) -> None:
    position, by = make_read(consortium), make_user()
    mine, again = (list(Suggestion.objects.order_by("pk")) for _time in range(2))
    services.accept_suggestions(mine[:1], by=by)
    with pytest.raises(IllegalMove):
        services.reject_suggestions([again[1], again[0]], by=by)
    assert Suggestion.objects.filter(state="rejected").count() == 0  # all or nothing
    assert len(skills_of(position)) == 1


def test_the_school_and_the_secretariat_decide_on_units(
    client: Client, consortium: Consortium
) -> None:
    unit = make_unit(make_edition(consortium), text="掌握焊接、车削。")
    read(consortium)
    school = unit.edition.standard.programme.school
    for user, suggestion in zip(
        (make_staff(school), make_secretary(consortium)), Suggestion.objects.all(), strict=True
    ):
        client.force_login(user)
        client.post("/harbour/skillmap/decide/", {"chosen": suggestion.pk, "accept": "1"})
    assert {taught.level for taught in Taught.objects.filter(unit=unit)} == {3}
    assert Taught.objects.filter(unit=unit).count() == 2


def test_strangers_see_and_do_nothing(client: Client, consortium: Consortium) -> None:
    make_read(consortium)
    suggestion, term = Suggestion.objects.first(), Candidate.objects.get()
    other_employer = make_staff(make_membership(consortium).organisation)
    client.force_login(other_employer)
    assert "焊接" not in client.get("/harbour/skillmap/").text
    client.post("/harbour/skillmap/decide/", {"chosen": suggestion.pk, "accept": "1"})
    assert client.post(f"/harbour/skillmap/{suggestion.pk}/undo/").status_code == 404
    assert client.get("/harbour/skillmap/terms/").status_code == 403
    for stranger in (make_user(), make_secretary(make_consortium())):
        client.force_login(stranger)
        assert client.get("/harbour/skillmap/").status_code == 403
        assert client.post("/harbour/skillmap/read/").status_code == 403
        assert client.get(f"/harbour/skillmap/terms/{term.pk}/").status_code == 403
        assert (
            client.post("/harbour/skillmap/terms/decide/", {"chosen": term.pk}).status_code == 403
        )
    suggestion.refresh_from_db()
    assert suggestion.state == Suggestion.State.WAITING


def test_a_term_becomes_a_skill_and_is_suggested_at_once(
    client: Client, consortium: Consortium
) -> None:
    make_read(consortium)
    term = Candidate.objects.get()
    client.force_login(make_secretary(consortium))
    page = f"/harbour/skillmap/terms/{term.pk}/"
    assert "<mark>激光打标</mark>" in client.get(page).text
    taken = {"does": "add", "add-name_zh": "焊接", "add-kind": "skill"}
    answer = client.post(page, taken)
    assert "already means the skill" in answer.text
    client.post(page, taken | {"add-name_zh": "激光标刻", "add-name_en": "Laser marking"})
    skill = Skill.objects.named("激光打标").get()
    assert skill.name_zh == "激光标刻"
    suggestion = Suggestion.objects.get(skill=skill)
    assert (suggestion.quote, suggestion.level) == ("激光打标", 2)
    client.post(f"{page}undo/")
    term.refresh_from_db()
    assert term.state == "waiting" and not Skill.objects.named("激光打标").exists()


def test_a_term_becomes_a_synonym_or_never_comes_back(
    client: Client, consortium: Consortium
) -> None:
    position = make_read(consortium)
    term, weld = Candidate.objects.get(), Skill.objects.get(name_zh="焊接")
    client.force_login(make_secretary(consortium))
    page = f"/harbour/skillmap/terms/{term.pk}/"
    assert "is-invalid" in client.post(page, {"does": "synonym"}).text
    client.post(page, {"does": "synonym", "synonym-skill": weld.pk})
    assert Skill.objects.named("激光打标").get() == weld
    client.post(f"{page}undo/")
    assert not Skill.objects.named("激光打标").exists()
    client.post("/harbour/skillmap/terms/decide/", {"chosen": term.pk, "reject": "1"})
    Position.objects.filter(pk=position.pk).update(duties_zh="熟悉激光打标。")
    make_position(consortium, duties_zh="精通激光打标。")
    read(consortium)
    assert Candidate.objects.get().state == "rejected"
    assert not client.get("/harbour/skillmap/terms/").context["listing"].total
    assert "激光打标" in client.get("/harbour/skillmap/terms/decided/").text


def test_many_terms_are_added_all_or_none(client: Client, consortium: Consortium) -> None:
    make_read(consortium, duties_zh="熟悉激光打标、示波器和喷涂工艺。")
    client.force_login(make_secretary(consortium))
    keys = [term.pk for term in Candidate.objects.all()]
    make_skill("喷涂工艺")
    answer = client.post(
        "/harbour/skillmap/terms/decide/", {"chosen": keys, "accept": "1"}, follow=True
    )
    assert "already means the skill" in answer.text
    assert not Skill.objects.filter(name_zh="激光打标").exists()
    client.post("/harbour/skillmap/terms/decide/", {"chosen": keys[:2], "accept": "1"})
    kinds = dict(
        Skill.objects.filter(name_zh__in=["激光打标", "示波器"]).values_list("name_zh", "kind")
    )
    assert kinds == {"激光打标": "skill", "示波器": "tool"}


def test_a_skill_in_use_is_not_taken_back(consortium: Consortium) -> None:
    make_read(consortium)
    term, by = Candidate.objects.get(), make_user()
    skill = services.add_term(term, name_zh=term.text, kind="skill", by=by)
    services.accept_suggestions(Suggestion.objects.filter(skill=skill), by=by)
    with pytest.raises(ValidationError, match="in use"):
        services.undo_term(term, by=by)
    term = Candidate.objects.get()
    assert (term.state, term.skill) == ("added", skill)


def test_reading_is_a_job_and_a_member_s_reads_its_own(
    client: Client, consortium: Consortium
) -> None:
    mine = make_position(consortium, duties_zh=DUTIES)
    make_position(consortium, duties_zh=DUTIES)
    client.force_login(make_staff(mine.organisation))
    client.post("/harbour/skillmap/read/")
    job = Job.objects.get()
    assert "Read positions and course units" in client.get("/harbour/skillmap/").text
    tasks.read_texts(job.pk, consortium.pk, mine.organisation.pk)
    job.refresh_from_db()
    assert (job.state, job.total) == ("done", 1)
    assert {s.position for s in Suggestion.objects.all()} == {mine}
    tasks.read_nightly(0)
    assert Suggestion.objects.count() == 4


def test_what_waits_is_told_to_those_who_decide(consortium: Consortium) -> None:
    position = make_read(consortium)
    make_unit(make_edition(consortium), text="掌握焊接。")
    read(consortium)
    employer, secretary = make_staff(position.organisation), make_secretary(consortium)
    assert [(t.label, t.count) for t in other_todos(employer)] == [
        ("Suggested skills to confirm", 2)
    ]
    told = {t.label: t.count for t in other_todos(secretary)}
    assert told["Suggested skills to confirm"] == 1 and told["Proposed terms to decide"] == 1
    assert not other_todos(make_user())


def test_the_lists_cost_the_same_for_one_and_for_thirty(
    client: Client, consortium: Consortium
) -> None:
    edition = make_edition(consortium)
    client.force_login(make_secretary(consortium))

    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/harbour/skillmap/{page}").status_code == 200
        return len(seen)

    def add(number: int) -> None:
        make_unit(edition, text="掌握焊接。")
        make_position(consortium, duties_zh=f"熟悉激光打标{number}号机。")

    add(0)
    read(consortium)
    pages = ["", "decided/", "terms/", "terms/decided/"]
    queries(pages[0])  # the session is new
    one = [queries(page) for page in pages]
    for number in range(1, 20):
        add(number)
    read(consortium)
    assert [queries(page) for page in pages] == one


def test_the_database_knows_one_source_and_one_suggestion(consortium: Consortium) -> None:
    make_read(consortium)
    kept = Suggestion.objects.first()
    facts = {"passage": "焊", "start": 0, "end": 1, "skill": kept.skill}
    for wrong in (
        {},
        {"position": kept.position},
        {"position": kept.position, "unit": make_unit()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suggestion.objects.create(**facts, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.update(skill=kept.skill)


def test_the_page_of_a_skill_shows_who_asks_and_who_teaches(
    client: Client, consortium: Consortium
) -> None:
    weld = Skill.objects.get(name_zh="焊接")
    asking, hidden = make_position(consortium), make_position(consortium, state="draft")
    for position in (asking, hidden):
        SkillNeed.objects.create(position=position, skill=weld)
    edition = make_edition(consortium)
    make_unit(edition, skills={weld: 2}, title_zh="平板对接")
    publish(edition)
    make_unit(make_edition(consortium), skills={weld: 2}, title_zh="立焊")
    text = client.get(weld.get_absolute_url()).text
    assert asking.title_en in text and hidden.title_en not in text
    assert "平板对接" in text and "立焊" not in text


def test_a_merge_of_skills_reaches_editions_in_force(consortium: Consortium) -> None:
    weld, double = Skill.objects.get(name_zh="焊接"), make_skill("焊接技术")
    edition = make_edition(consortium)
    both, one = (
        make_unit(edition, skills={weld: 1, double: 3}),
        make_unit(edition, skills={double: 2}),
    )
    publish(edition)
    merge_skill(double, into=weld, by=make_user())
    taught = {row.unit: (row.skill, row.level) for row in Taught.objects.all()}
    assert taught == {both: (weld, 3), one: (weld, 2)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Taught.objects.update(level=1)  # what is in force stays as it is
