"""One workspace for each role: the numbers it works with and where it goes next."""

from collections.abc import Callable

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.industry.demand.models import Position
from silian.kernel.accounts.models import User
from silian.portal.doors import (
    Door,
    Workspace,
    cohort_doors,
    consortia_of,
    consortium_door,
    course_doors,
    internship_doors,
)
from silian.portal.duties import DUTIES, guest
from silian.portal.figures import Tile, of_consortium
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round


def workspace_of(user: User, role: Role | None) -> Workspace:
    """The workspace of ``role``; without one, that of the person's duty or of a guest."""
    if role is None:
        return DUTIES.get(user.duty, guest)(user)
    if role.consortium:
        return secretariat(role) if role.kind == Role.Kind.SECRETARY else expert(role)
    if role.kind == Role.Kind.STUDENT:
        return student(user, role)
    if role.kind == Role.Kind.TEACHER:
        return teacher(role)
    return SIDES.get(kind_of(role), member)(role)


def kind_of(role: Role) -> str:
    return role.organisation.kind if role.organisation else ""


def rounds_in(consortia: QuerySet[Consortium]) -> QuerySet[Round]:
    return Round.objects.filter(consortium__in=consortia, state__in=Round.ANNOUNCED).select_related(
        "consortium"
    )[:5]


def side_of(role: Role) -> Organisation:
    if role.organisation is None:
        raise ValueError(f"{role} is not held for an organisation")
    return role.organisation


# --- consortium -------------------------------------------------------------------------
def secretariat(role: Role) -> Workspace:
    consortium = role.consortium
    if consortium is None:
        raise ValueError(f"{role} is not held for a consortium")

    def page(name: str) -> str:
        return reverse(name, args=[consortium])

    applied = Membership.objects.filter(consortium=consortium, state=Membership.State.APPLIED)
    submitted = Position.objects.filter(consortium=consortium, state=Position.State.SUBMITTED)
    waiting = [
        Tile(_("Applications to review"), applied.count(), page("members:member_index"), "inbox"),
        Tile(_("Positions to review"), submitted.count(), page("demand:position_review"), "eye"),
    ]
    sheet = reverse("sheets:import", args=["members.founding", consortium.slug])
    doors = [
        Door(_("Call a meeting"), page("meetings:meeting_new"), "calendar-event"),
        Door(_("Draft an agreement"), page("drafting:draft_new"), "file-text"),
        Door(_("Elections"), page("elections:election_index"), "checkbox"),
        Door(_("Prepare a demand release"), page("releases:release_new"), "chart-bar"),
        Door(_("Advice on programmes"), page("advice:report_index"), "arrows-exchange"),
        Door(_("Start a placement round"), page("rounds:round_new"), "arrows-exchange"),
        Door(_("Cohorts"), page("cohorts:cohort_index"), "users-group"),
        Door(_("Training of the year"), page("completions:year_count"), "chart-bar"),
        Door(_("Import founding members"), sheet, "file-import"),
        Door(_("Issue plaques"), page("plaques:plaque_index"), "award"),
        Door(_("People of the secretariat"), page("consortia:people"), "users"),
        Door(_("Edit the consortium"), page("consortia:consortium_edit"), "edit"),
    ]
    rounds = Round.objects.filter(consortium=consortium).select_related("consortium")[:5]
    title = _("Secretariat of %(body)s") % {"body": consortium.short_name}
    return Workspace(title, consortium.name, waiting + of_consortium(consortium), doors, rounds)


def expert(role: Role) -> Workspace:
    consortium = role.consortium
    if consortium is None:
        raise ValueError(f"{role} is not held for a consortium")
    doors = [
        consortium_door(consortium),
        Door(_("Bodies"), reverse("bodies:body_index", args=[consortium]), "building-community"),
        Door(_("Positions"), reverse("hall:hall", args=[consortium]), "briefcase"),
    ]
    return Workspace(_("Expert"), consortium.name, of_consortium(consortium), doors)


# --- organisations ----------------------------------------------------------------------
def own_doors(organisation: Organisation) -> list[Door]:
    return [
        Door(
            _("Our organisation"),
            reverse("directory:organisation_detail", args=[organisation.pk]),
            "building",
            _("Names, codes and what others see of us"),
        ),
        Door(
            _("Our people"),
            reverse("directory:organisation_people", args=[organisation.pk]),
            "users",
            _("Who acts for us, and invitations"),
        ),
        *(consortium_door(consortium) for consortium in consortia_of(organisation)),
        *cohort_doors(organisation),
        *course_doors(organisation),
    ]


def enterprise(role: Role) -> Workspace:
    organisation = side_of(role)
    consortia = consortia_of(organisation)
    stated = Position.objects.filter(organisation=organisation).aggregate(
        published=Count("pk", filter=Q(state="published")),
        waiting=Count("pk", filter=Q(state="submitted")),
        unfinished=Count("pk", filter=Q(state__in=["draft", "returned"])),
    )
    placed = Placement.objects.filter(
        seat__position__organisation=organisation, state=Placement.State.CONFIRMED
    )
    first = consortia.first()
    ours = reverse("demand:own_positions", args=[first]) if first else ""
    tiles = [
        Tile(_("Published positions"), stated["published"], ours, "briefcase"),
        Tile(_("Awaiting review"), stated["waiting"], ours, "inbox"),
        Tile(_("Drafts and returned"), stated["unfinished"], ours, "edit"),
        Tile(_("Confirmed placements"), placed.count(), "", "users"),
    ]
    doors = [
        Door(
            _("State a position"),
            reverse("outlines:begin", args=[consortium]),
            "plus",
            consortium.short_name,
        )
        for consortium in consortia
    ]
    doors += internship_doors(organisation)
    doors += own_doors(organisation)
    return Workspace(organisation.name, _("Enterprise"), tiles, doors, rounds_in(consortia))


def school(role: Role) -> Workspace:
    organisation = side_of(role)
    students = Student.objects.filter(school=organisation, state=Student.State.ENROLLED)
    roster = reverse("profiles:student_index", args=[organisation.pk])
    sheet = reverse("sheets:import", args=["profiles.students", organisation.pk])
    doors = [
        Door(_("Students"), roster, "school", _("The roster, accounts and results")),
        Door(_("Import students"), sheet, "file-import"),
        Door(
            _("Programmes"),
            reverse("programmes:school_programmes", args=[organisation.pk]),
            "book",
            _("What we train people for, and figures of each year"),
        ),
        *(
            Door(
                _("Plans and course standards"),
                reverse("standards:standard_desk", args=[consortium]),
                "writing-sign",
                consortium.short_name,
            )
            for consortium in consortia_of(organisation)
        ),
        *internship_doors(organisation),
        *own_doors(organisation),
    ]
    tiles = student_tiles(students, roster)
    rounds = rounds_in(consortia_of(organisation))
    return Workspace(organisation.name, _("School"), tiles, doors, rounds)


def student_tiles(students: QuerySet[Student], roster: str) -> list[Tile]:
    placed = students.filter(placements__state=Placement.State.CONFIRMED).distinct()
    wishing = students.filter(wish_lists__isnull=False).distinct()
    return [
        Tile(_("Enrolled students"), students.count(), roster, "school"),
        Tile(_("Students with an account"), students.exclude(user=None).count(), roster, "key"),
        Tile(_("Students who stated wishes"), wishing.count(), "", "heart"),
        Tile(_("Students placed"), placed.count(), "", "check"),
    ]


def teacher(role: Role) -> Workspace:
    organisation = side_of(role)
    students = Student.objects.filter(school=organisation, state=Student.State.ENROLLED)
    doors = [*internship_doors(organisation), *course_doors(organisation)]
    doors += [consortium_door(consortium) for consortium in consortia_of(organisation)]
    tiles = student_tiles(students, "")
    rounds = rounds_in(consortia_of(organisation))
    return Workspace(organisation.name, _("Teacher"), tiles, doors, rounds)


def government(role: Role) -> Workspace:
    organisation = side_of(role)
    consortia = consortia_of(organisation)
    tiles = [tile for consortium in consortia[:1] for tile in of_consortium(consortium)]
    return Workspace(
        organisation.name,
        _("Government and park"),
        tiles,
        own_doors(organisation),
        rounds_in(consortia),
    )


def member(role: Role) -> Workspace:
    organisation = side_of(role)
    rounds = rounds_in(consortia_of(organisation))
    return Workspace(organisation.name, _("Member"), doors=own_doors(organisation), rounds=rounds)


def student(user: User, role: Role) -> Workspace:
    consortia = consortia_of(side_of(role))
    placements = Placement.objects.filter(student__user=user)
    wished = Round.objects.filter(wish_lists__student__user=user).distinct()
    tiles = [
        Tile(_("Rounds with my wishes"), wished.count(), "", "heart"),
        Tile(_("Confirmed placements"), placements.filter(state="confirmed").count(), "", "check"),
    ]
    return Workspace(
        _("Student"), side_of(role).name, tiles, student_doors(consortia), rounds_in(consortia)
    )


def student_doors(consortia: QuerySet[Consortium]) -> list[Door]:
    """One's own record, and what each consortium has for a student."""
    record, advice = reverse("records:own_record"), reverse("recommendations:own_recommendations")
    doors = [
        Door(
            _("My record"), record, "id-badge-2", _("What I can do, who may read it, and who did")
        ),
        Door(
            _("My certificates"),
            reverse("badges:own_certificates"),
            "certificate",
            _("To take along and to share"),
        ),
        Door(_("Recommended positions"), advice, "bulb", _("With the reasons, where you allow it")),
    ]
    pages = [
        (_("My cohorts"), "selections:my_places", "users-group"),
        (_("My internship"), "internships:internship_index", "clipboard-list"),
        (_("Positions"), "hall:hall", "briefcase"),
    ]
    for label, page, icon in pages:
        doors += [Door(label, reverse(page, args=[it]), icon, it.short_name) for it in consortia]
    return doors


SIDES: dict[str, Callable[[Role], Workspace]] = {
    Organisation.Kind.ENTERPRISE: enterprise,
    Organisation.Kind.UNIVERSITY: school,
    Organisation.Kind.COLLEGE: school,
    Organisation.Kind.SECONDARY: school,
    Organisation.Kind.GOVERNMENT: government,
    Organisation.Kind.PARK: government,
}
