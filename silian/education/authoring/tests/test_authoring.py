from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.education.authoring import policy, services
from silian.education.authoring.models import Comment, Contributor, Keep, Revision
from silian.education.authoring.tests.factories import make_comment, make_partner
from silian.education.standards.models import Edition, Section
from silian.education.standards.services import begin_edition
from silian.education.standards.tests.factories import in_state, make_edition
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, edition: Edition, *more: object) -> str:
    place = [edition.standard.consortium, edition.standard_id, edition.number, *more]
    return reverse(f"authoring:{name}", args=place)


def goals(edition: Edition) -> Section:
    return edition.sections.get(kind="goals")


def school_of(edition: Edition) -> User:
    return make_staff(edition.standard.programme.school)


def test_a_firm_that_writes_with_the_school_edits_and_an_adviser_comments() -> None:
    edition = make_edition()
    _firm, writer = make_partner(edition)
    _other, adviser = make_partner(edition, Contributor.Part.ADVISER)
    address = page("section_edit", edition, "goals")

    assert signed_in(writer).post(address, {"text": "New goals", "version": 0}).status_code == 302
    assert signed_in(adviser).get(edition.get_absolute_url()).status_code == 200
    assert signed_in(adviser).get(address).status_code == 403
    assert (
        signed_in(adviser).post(page("comment_new", edition), {"text": "Good"}).status_code == 302
    )
    assert goals(edition).text == "New goals"
    assert Comment.objects.get().organisation == _other


def test_who_takes_no_part_finds_no_draft() -> None:
    edition = make_edition()
    member = make_staff(make_membership(edition.standard.consortium).organisation)

    for name, more in (
        ("edition_detail", ()),
        ("section_edit", ("goals",)),
        ("contributor_new", ()),
    ):
        assert signed_in(member).get(page(name, edition, *more)).status_code == 404
    assert signed_in(member).post(page("comment_new", edition), {"text": "x"}).status_code == 404


def test_two_people_at_one_section_lose_nothing() -> None:
    edition = make_edition()
    firm, writer = make_partner(edition)
    teacher = make_staff(edition.standard.programme.school, Role.Kind.TEACHER)
    address = page("section_edit", edition, "goals")

    signed_in(writer).post(address, {"text": "Of the firm", "version": 0})
    answer = signed_in(teacher).post(address, {"text": "Of the teacher", "version": 0})

    assert "saved this section while you wrote" in answer.text
    assert "Of the teacher" in answer.text and "Of the firm" in answer.text.replace(
        "<ins>", ""
    ).replace("<del>", "").replace("</ins>", "").replace("</del>", "")
    assert goals(edition).text == "Of the firm"
    assert Keep.objects.get().text == "Of the teacher"
    merged = signed_in(teacher).post(address, {"text": "Of both", "version": 1})
    assert merged.status_code == 302
    assert goals(edition).text == "Of both"
    assert list(Revision.objects.values_list("number", "text")) == [
        (2, "Of both"),
        (1, "Of the firm"),
    ]
    assert not Keep.objects.exists()
    assert firm in [one.organisation for one in Contributor.objects.filter(edits=1)]


def test_what_is_typed_is_kept_unsaved_and_offered_again() -> None:
    edition = make_edition()
    user = school_of(edition)
    client = signed_in(user)

    kept = client.post(page("section_keep", edition, "goals"), {"text": "Half a", "version": 0})

    assert "Kept for you" in kept.text
    assert goals(edition).text == "Goals text"
    again = client.get(page("section_edit", edition, "goals")).text
    assert "Half a" in again and "which you have not saved" in again
    assert "A text that you have not saved" in {todo.label for todo in todos_of(user)}
    other = signed_in(school_of(edition)).get(page("section_edit", edition, "goals")).text
    assert "Half a" not in other and "also has an unsaved text" in other
    client.post(page("section_discard", edition, "goals"))
    assert "Half a" not in client.get(page("section_edit", edition, "goals")).text


def test_who_types_is_warned_when_somebody_saves_meanwhile() -> None:
    edition = make_edition()
    user, other = school_of(edition), school_of(edition)
    services.save_section(goals(edition), text="Theirs", version=0, by=other)

    kept = signed_in(user).post(
        page("section_keep", edition, "goals"), {"text": "Mine", "version": 0}
    )
    again = signed_in(user).get(page("section_edit", edition, "goals")).text

    assert "has saved this section while you write" in kept.text
    assert "saved this section while you wrote" in again and "Mine" in again


def test_a_failure_in_the_middle_of_saving_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = make_edition()
    user = school_of(edition)
    services.keep_text(goals(edition), text="Mine", version=0, by=user)

    def power_cut(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "record", power_cut)
    with pytest.raises(RuntimeError):
        services.save_section(goals(edition), text="Mine", version=0, by=user)

    assert goals(edition).text == "Goals text" and goals(edition).version == 0
    assert not Revision.objects.exists()
    assert Keep.objects.get().text == "Mine"


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_moment_keep_one_and_refuse_the_other() -> None:
    edition = make_edition()
    people = [school_of(edition), school_of(edition)]
    section, start, results = goals(edition), Barrier(2), []

    def save(user: User) -> None:
        start.wait()
        try:
            services.save_section(section, text=f"By {user.pk}", version=0, by=user)
            results.append("saved")
        except services.Outdated:
            results.append("outdated")
        finally:
            connections.close_all()

    threads = [Thread(target=save, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["outdated", "saved"]
    assert goals(edition).version == 1 and Revision.objects.count() == 1


def test_every_version_of_a_section_can_be_read() -> None:
    edition = make_edition()
    user = school_of(edition)
    for number, text in enumerate(("First", "Second")):
        services.save_section(goals(edition), text=text, version=number, by=user)
    address = page("section_history", edition, "goals")

    assert "Second" in signed_in(user).get(address).text
    assert "First" in signed_in(user).get(address, {"version": 1}).text
    in_state(edition, "published")
    assert signed_in(make_staff(make_organisation())).get(address).status_code == 403


def test_a_comment_names_a_passage_and_is_answered() -> None:
    edition = make_edition()
    _firm, person = make_partner(edition, Contributor.Part.ADVISER)
    user = school_of(edition)
    wrong = {"section": "goals", "quote": "Nowhere", "text": "Why?"}

    refused = signed_in(person).post(page("comment_new", edition), wrong)
    signed_in(person).post(page("comment_new", edition), wrong | {"quote": "Goals  text"})

    assert "does not stand in the section" in refused.text and "Nowhere" in refused.text
    comment = Comment.objects.get()
    assert "Comments to answer" in {todo.label for todo in todos_of(user)}
    address = page("comment_settle", edition, comment.pk)
    assert signed_in(person).get(address).status_code == 403
    assert "Say why not" in signed_in(user).post(address, {"outcome": "declined"}).text
    signed_in(user).post(address, {"outcome": "declined", "answer": "Too long"})
    comment.refresh_from_db()
    assert (comment.outcome, comment.answer, comment.settled_by) == ("declined", "Too long", user)
    assert Notice.objects.filter(to=person).exists()
    with pytest.raises(IllegalMove):
        services.settle_comment(comment, outcome="adopted", by=user)


def test_members_are_invited_and_their_people_are_told() -> None:
    edition = make_edition()
    owner = signed_in(school_of(edition))
    firm = make_membership(edition.standard.consortium).organisation
    person, stranger = make_staff(firm), make_staff(make_organisation())
    sent = {"organisation": firm.pk, "part": "writer", "stated": "Drawings"}

    refused = owner.post(page("contributor_new", edition), sent | {"person": stranger.username})
    owner.post(page("contributor_new", edition), sent | {"person": person.username})

    assert "Nobody of this organisation has such an account." in refused.text
    row = Contributor.objects.get()
    assert (row.user, row.part, row.named) == (person, "writer", False)
    assert Notice.objects.get(to=person).url == edition.get_absolute_url()
    assert "A draft that you are asked to work on" in {todo.label for todo in todos_of(person)}
    assert (
        "take part already"
        in owner.post(page("contributor_new", edition), sent | {"person": person.username}).text
    )
    owner.post(page("contributor_remove", edition, row.pk))
    assert not Contributor.objects.exists()


def test_only_who_acts_for_the_school_settles_who_takes_part() -> None:
    edition = make_edition()
    _firm, writer = make_partner(edition)
    teacher = make_staff(edition.standard.programme.school, Role.Kind.TEACHER)

    for user in (writer, teacher, make_secretary(edition.standard.consortium)):
        assert signed_in(user).get(page("contributor_new", edition)).status_code == 403


def test_nobody_is_named_in_public_unasked(client: Client) -> None:
    edition = make_edition()
    firm, person = make_partner(edition)
    Role.objects.filter(user=person).update(title="Technician")
    side = policy.side_of(person, edition)
    services.save_section(goals(edition), text="By us", version=0, by=person, side=side)
    row = Contributor.objects.get(user=person)
    standard = edition.standard
    edition = in_state(edition, "published")

    text = client.get(standard.get_absolute_url()).text
    assert firm.name in text and "1 text saved" in text
    assert person.name not in text
    own = signed_in(person)
    address = page("contributor_name", edition, row.pk)
    assert signed_in(school_of(edition)).post(address).status_code == 403
    own.post(address)
    assert f"{person.name}(Technician)" in client.get(standard.get_absolute_url()).text
    own.post(address)
    assert person.name not in client.get(standard.get_absolute_url()).text


def test_who_took_part_in_a_published_edition_stays_as_it_was() -> None:
    edition = make_edition()
    firm, _person = make_partner(edition)
    row = Contributor.objects.get()
    in_state(edition, "published")

    for attempt in (
        row.delete,
        lambda: Contributor.objects.filter(pk=row.pk).update(edits=99),
        lambda: Contributor.objects.create(
            edition=edition, organisation=firm, user=make_staff(firm)
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contributor.objects.filter(pk=row.pk).update(named=True)  # an organisation is no person


def test_what_is_before_the_committee_cannot_be_changed() -> None:
    edition = make_edition()
    owner = school_of(edition)
    in_state(edition, "review")

    assert signed_in(owner).get(page("section_edit", edition, "goals")).status_code == 403
    with pytest.raises(IllegalMove):
        services.save_section(goals(edition), text="x", version=0, by=owner)


def test_two_editions_are_compared_text_by_text_and_unit_by_unit(client: Client) -> None:
    old = make_edition(state="published")
    user = school_of(old)
    new = begin_edition(old.standard, aims="x", by=user)
    services.save_section(goals(new), text="Goals text and robots", version=0, by=user)
    first, second = new.units.all()
    first.title_zh, first.practice_hours = "改名", 30
    first.title_en = ""
    first.save()
    second.delete()
    make_comment(new, user)
    address = reverse("authoring:edition_compare", args=[old.standard.consortium, old.standard_id])

    text = signed_in(user).get(address).text

    assert "<ins> and robots</ins>" in text
    assert "改名" in text and "gone" in text and ">30<" in text
    assert "Nature of the course" in text  # listed as the same
    assert "robots" not in client.get(address).text


def test_the_page_of_an_edition_asks_as_much_for_many_comments_as_for_one() -> None:
    edition = make_edition()
    firm, person = make_partner(edition)
    client = signed_in(school_of(edition))
    make_comment(edition, person, organisation=firm)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(edition.get_absolute_url()).status_code == 200
        return len(found)

    queries()
    few = queries()
    for _n in range(29):
        make_comment(edition, person, organisation=firm)
    assert queries() == few
