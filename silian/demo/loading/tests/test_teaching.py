"""What the demo's schools teach: programmes with figures, and standards at every stage."""

from collections import Counter

import pytest
from django.test import Client

from silian.demo.loading import services
from silian.education.authoring.models import Comment, Contributor
from silian.education.gaps.models import Snapshot
from silian.education.gaps.services import has_changed
from silian.education.programmes.models import Programme
from silian.education.reviewing.models import Review, Reviewer
from silian.education.rulebook.rules import findings
from silian.education.skillmap.models import Candidate, Suggestion
from silian.education.standards.models import ChangeRequest, Edition, Standard
from silian.governance.members.models import Organisation
from silian.industry.occupations.models import Skill, Synonym
from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


def test_every_school_has_programmes_and_all_but_one_have_six_years_of_figures() -> None:
    for school in Organisation.objects.filter(kind__in=Organisation.SCHOOLS):
        assert 3 <= school.programmes.count() <= 8, school
    years = Counter(programme.figures.count() for programme in Programme.objects.all())
    new = len(services.SLUGS)  # one in each body
    assert years == {6: Programme.objects.count() - new, 0: new}
    assert Programme.objects.filter(code=None, level="bachelor").exists()
    assert Programme.objects.exclude(occupations=None).exists()


def test_standards_stand_at_several_stages_and_what_was_handed_in_adds_up() -> None:
    states = set(Edition.objects.values_list("state", flat=True))
    assert states == {"draft", "review", "approved", "published", "replaced"}
    assert set(Standard.objects.values_list("kind", flat=True)) == {"plan", "course"}
    for edition in Edition.objects.exclude(state="draft"):
        assert not [one.message for one in findings(edition) if one.blocks], edition


def test_firms_wrote_commented_reviewed_and_asked() -> None:
    firms = Contributor.objects.filter(organisation__kind="enterprise")
    assert firms.filter(edits__gt=0).exists() and firms.exclude(stated="").exists()
    assert set(Comment.objects.values_list("outcome", flat=True)) >= {"", "adopted"}
    assert ChangeRequest.objects.filter(state="open").exists()
    assert set(Review.objects.values_list("state", flat=True)) == {"open", "passed"}
    waiting = Reviewer.objects.filter(review__state="open", view="", avoids=False).first()
    assert waiting and waiting.person
    assert "Your opinion is asked for" in {todo.label for todo in todos_of(waiting.person)}
    school = User.objects.get(username="school.mingshui")
    labels = {todo.label for todo in todos_of(school)}
    assert {"Comments to answer", "Change requests to answer"} <= labels


def test_the_pages_of_each_edition_open() -> None:
    client = Client()
    for slug in services.SLUGS:
        client.force_login(User.objects.get(username=f"secretary.{slug}"))
        editions = Edition.objects.filter(standard__consortium__slug=slug)
        assert editions, slug
        for edition in editions:
            assert client.get(edition.get_absolute_url()).status_code == 200


def test_texts_were_read_and_a_programme_was_compared() -> None:
    assert Skill.objects.count() > 150 and Synonym.objects.count() > 300
    states = set(Suggestion.objects.values_list("state", flat=True))
    assert {"waiting", "accepted"} <= states
    assert set(Candidate.objects.values_list("state", flat=True)) == {"waiting", "rejected"}
    rows = Snapshot.objects.filter(consortium__slug="mingshui")
    newest = rows.select_related("programme", "consortium")[0]
    assert newest.state == "published"
    assert min(newest.covered, newest.thin, newest.missing, newest.surplus) > 0
    assert not has_changed(newest.programme, newest.consortium)
    assert newest.lines.exclude(request=None).exists()
