"""The menu that every page shows, by where the reader is and what they act as."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.consortia.policy import visible_consortia
from silian.governance.roles.models import Role
from silian.governance.roles.policy import roles_of
from silian.governance.roles.services import acting_role
from silian.kernel.accounts.models import User
from silian.kernel.notices.services import unread_count
from silian.kernel.notices.todos import count_of
from silian.kernel.ui.menu import Item, Navigation, Section
from silian.portal.chains import address, of_consortium


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context variable ``navigation``; computed only when a template looks at it."""
    return {"navigation": Lazy(request)}


class Lazy:
    """Puts off the queries: error pages and partials are rendered without a menu."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.found: Navigation | None = None

    def __getattr__(self, name: str) -> Any:
        if self.found is None:
            self.found = navigation_of(self.request)
        return getattr(self.found, name)


def navigation_of(request: HttpRequest) -> Navigation:
    user = request.user
    match = request.resolver_match
    consortium = match.kwargs.get("consortium") if match else None
    signed_in = isinstance(user, User)
    return Navigation(
        consortium_label=consortium.short_name if consortium else "",
        consortium_url=address("portal:consortium_home", consortium) if consortium else "",
        sections=marked(sections(request, consortium), request.path),
        places=[
            Item(place.short_name, address("portal:consortium_home", place), place == consortium)
            for place in visible_consortia(user)
        ],
        roles=role_items(request),
        account=account_items() if signed_in else [],
        unread=unread_count(user) if isinstance(user, User) else 0,
        todo=count_of(user) if isinstance(user, User) else 0,
        home_url=reverse("portal:workspace" if signed_in else "portal:home"),
        search_url=reverse("search:search"),
        notices_url=reverse("notices:notice_index"),
        todo_url=reverse("notices:todo_list"),
    )


def role_items(request: HttpRequest) -> list[Item]:
    current = acting_role(request)  # type: ignore[arg-type]
    return [
        Item(str(role), address("roles:act", role.pk), role == current)
        for role in roles_of(request.user)
    ]


def account_items() -> list[Item]:
    return [
        Item(_("My account"), reverse("accounts:profile")),
        Item(_("My jobs"), reverse("jobs:job_index")),
        Item(_("Access tokens"), reverse("tokens:token_list")),
    ]


def sections(request: HttpRequest, consortium: Consortium | None) -> list[Section]:
    if consortium:
        return of_consortium(request.user, consortium)
    if isinstance(request.user, User) and request.path != reverse("portal:home"):
        return of_person(request, request.user)
    return []


def of_person(request: HttpRequest, user: User) -> list[Section]:
    mine = [
        Item(_("Workspace"), reverse("portal:workspace")),
        Item(_("To-do"), reverse("notices:todo_list")),
        Item(_("Notices"), reverse("notices:notice_index")),
        Item(_("My calendar"), reverse("calendars:my_calendar")),
        Item(_("My exams"), reverse("sittings:mine")),
        Item(_("My practical exams"), reverse("turns:mine")),
        Item(_("My training"), reverse("enrolments:my_training")),
        Item(_("Saved searches"), reverse("watches:watch_index")),
    ]
    role = acting_role(request)  # type: ignore[arg-type]
    if role and role.kind == Role.Kind.STUDENT:
        recommended = reverse("recommendations:own_recommendations")
        mine.append(Item(_("Recommended positions"), recommended))
    found = [Section(_("My work"), "home", mine), Section(_("About myself"), "user", about_me())]
    if role and role.organisation and role.kind in Role.ACTING:
        found.append(of_organisation(role))
    everywhere = [
        Item(_("Organisations"), reverse("directory:organisation_index")),
        Item(_("Positions"), reverse("hall:everywhere")),
    ]
    everywhere.append(Item(_("Check a certificate"), reverse("verification:check")))
    everywhere.append(Item(_("Codes"), reverse("codes:code_lists")))
    everywhere.append(Item(_("Skills"), reverse("occupations:skill_index")))
    found.append(Section(_("Everywhere"), "world", everywhere))
    if user.duty:
        found.append(Section(_("Administration"), "settings", DUTY_ITEMS[User.Duty(user.duty)]()))
    return found


def about_me() -> list[Item]:
    """What belongs to everybody: their record, who may read it, who did."""
    return [
        Item(_("My record"), reverse("records:own_record")),
        Item(_("My certificates"), reverse("badges:own_certificates")),
        Item(_("What I allow"), reverse("consents:consent_index")),
        Item(_("Who saw me"), reverse("consents:view_index")),
        Item(_("My data and my rights"), reverse("rights:own_data")),
    ]


def of_organisation(role: Role) -> Section:
    organisation = role.organisation
    if organisation is None:
        raise ValueError(f"{role} is not held for an organisation")
    items = [
        Item(_("Our page"), address("directory:organisation_detail", organisation.pk)),
        Item(_("Our people"), address("directory:organisation_people", organisation.pk)),
    ]
    if organisation.is_school:
        items += [
            Item(_("Programmes"), address("programmes:school_programmes", organisation.pk)),
            Item(_("Students"), address("profiles:student_index", organisation.pk)),
            Item(_("Guardians asked"), address("consents:question_index", organisation.pk)),
            Item(_("Requests for correction"), address("rights:correction_index", organisation.pk)),
            Item(_("Checks of units"), address("safeguards:check_index", organisation.pk)),
        ]
    if organisation.is_school or organisation.kind == organisation.Kind.ENTERPRISE:
        items.append(Item(_("Insurance"), address("safeguards:policy_index", organisation.pk)))
    items += [
        Item(_("Records shared with us"), address("records:shared", organisation.pk)),
        Item(_("Entries to confirm"), address("records:to_confirm", organisation.pk)),
    ]
    return Section(organisation.name, "building", items)


DUTY_ITEMS = {
    User.Duty.SYSTEM: lambda: [
        Item(_("Consortia"), reverse("consortia:consortium_list")),
        Item(_("Jobs"), reverse("jobs:queue_index")),
        Item(_("Page components"), reverse("ui:components")),
    ],
    User.Duty.SECURITY: lambda: [Item(_("Accounts"), reverse("accounts:person_index"))],
    User.Duty.AUDIT: lambda: [Item(_("Record"), reverse("audit:entry_index"))],
}


def marked(found: list[Section], path: str) -> list[Section]:
    """The same sections, with the item that leads to ``path`` marked: the longest that fits."""
    urls = [item.url for section in found for item in section.items if path.startswith(item.url)]
    here = max(urls, key=len, default="")
    return [
        Section(
            section.label,
            section.icon,
            [Item(i.label, i.url, i.url == here, i.count) for i in section.items],
        )
        for section in found
    ]
