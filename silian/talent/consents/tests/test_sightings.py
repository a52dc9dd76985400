"""Whoever is named in an answer to somebody else can read that, without any view saying so."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from silian.governance.members.tests.factories import make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.talent.consents.models import View
from silian.talent.profiles.models import Student
from silian.talent.profiles.sightings import ELSEWHERE, note_names, pages
from silian.talent.profiles.tests.factories import make_student
from tests.sightings import unnoted

pytestmark = pytest.mark.django_db
NOBODY_NAMED = {
    "keyring",
    "rounds",
    "placement",
    "recommendations",
    "statutes",
}  # apps whose pages name no student


def answered(reader: User, text: str, kind: str = "text/html", status: int = 200) -> None:
    """A page that reads the names of everybody, and shows ``text``."""

    def view(request: HttpRequest) -> HttpResponse:
        list(map(str, Student.objects.all()))
        return HttpResponse(text, content_type=kind, status=status)

    request = RequestFactory().get("/")
    request.user, request.session, request.resolver_match = reader, {}, None
    note_names(view)(request)


def test_who_stands_in_the_page_is_noted_once_a_day(settings: LazySettings) -> None:
    shown, read_only = make_student(name="<张三>"), make_student(name="李四")
    reader = make_staff(shown.school)
    answered(reader, "&lt;张三&gt; …")
    answered(reader, "&lt;张三&gt; …")
    view = View.objects.get()
    assert (view.person, view.by, view.organisation) == (shown.person, reader, shown.school)
    assert view.what == ELSEWHERE and not view.as_file
    assert not read_only.person.views.exists()
    settings.CLOCK = (clock.now() + timedelta(days=1)).isoformat()
    answered(reader, "&lt;张三&gt;")
    assert View.objects.count() == 2


def test_of_what_is_no_page_everybody_read_is_noted() -> None:
    both = {make_student().person_id, make_student().person_id}
    answered(make_user(), "{}", kind="application/json")
    assert set(View.objects.values_list("person", flat=True)) == both


def test_nothing_is_noted_of_oneself_nor_of_what_was_refused() -> None:
    me = make_student()
    answered(me.user, me.name)
    answered(make_user(), me.name, status=403)
    assert not View.objects.exists()


def test_an_export_says_that_it_left_as_a_file(client: Client) -> None:
    pupil = make_student()
    client.force_login(make_staff(pupil.school))
    client.get(f"/organisations/{pupil.school_id}/students/?export=csv")
    assert View.objects.get().what == "Export of the list of students"
    page = f"/organisations/{pupil.school_id}/students/{pupil.pk}/"
    client.get(page)
    client.force_login(pupil.user)
    assert "Page of the student" in client.get("/me/views/").text
    answered(make_user(), "x", kind="text/csv")
    assert View.objects.count() == 3


def test_the_check_of_all_tests_finds_a_page_that_names_somebody_unnoted() -> None:
    pupil, reader = make_student(name="王小明"), make_user()
    assert unnoted([(reader, "… 王小明 …", "")]) == [f"{reader}: 王小明"]
    assert not unnoted([(reader, "… 王小明 …", "王小明"), (pupil.user, "王小明", "")])
    assert not unnoted([(reader, "… 王小 …", "")])
    answered(reader, "王小明")
    assert not unnoted([(reader, "王小明", "")])


def test_every_app_that_names_students_says_what_is_seen_there() -> None:
    apps = {
        found.namespace
        for found in get_resolver().url_patterns
        if isinstance(found, URLResolver)
        and re.match(r"silian\.talent\.", str(getattr(found.urlconf_module, "__name__", "")))
    }
    assert apps - NOBODY_NAMED <= set(pages)
