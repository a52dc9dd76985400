"""From rows to the engine and back: what fits a person, and which programmes fit a position."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.programmes.models import Programme, YearFigure
from silian.education.standards.models import Edition, Taught
from silian.engines.recommending import Fit, Offer, Seeker, recommend
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.industry.occupations.models import Skill
from silian.kernel.persons.models import Person
from silian.talent.profiles.models import Student
from silian.talent.recommendations import policy
from silian.talent.records.models import Entry, Interest

if TYPE_CHECKING:
    from django.db.models import Manager

    from silian.kernel.codes.models import Code

CONSIDERED = 600  # offers that share something with the seeker, the freshest first
SHOWN = 20
Education = Position.Education
EDUCATIONS = {
    Organisation.Kind.SECONDARY: Education.SECONDARY,
    Organisation.Kind.COLLEGE: Education.COLLEGE,
    Organisation.Kind.UNIVERSITY: Education.BACHELOR,
}


@dataclass(frozen=True)
class Recommendation:
    """A position with its reasons and with what is missing, in the reader's language."""

    position: Position
    score: int
    reasons: list[str]
    gaps: list[str]


@dataclass(frozen=True)
class Known:
    """What is known of somebody, and which of it comes from their courses rather than record."""

    seeker: Seeker
    taught: Mapping[int, int]  # skills with their levels
    trained: frozenset[int]  # occupations that their programmes train for


@dataclass(frozen=True)
class Supply:
    """What one school's programme teaches of a position; numbers only, nobody's name."""

    programme: Programme
    named: bool
    covered: int
    asked: int
    missing: list[str]
    graduates: int | None
    year: int | None


def recommendations(
    person: Person, *, kinds: Iterable[str] = (), regions: Iterable[int] = ()
) -> list[Recommendation]:
    """What fits ``person``, who must have consented; ask ``policy.is_switched_on`` before.

    What is asked on the page goes before what the person's record says that they look for.
    """
    known = known_of(person)
    seeker = replace(
        known.seeker,
        regions=frozenset(regions) or known.seeker.regions,
        kinds=frozenset(kinds) or known.seeker.kinds,
    )
    rows = {position.pk: position for position in candidates(person, seeker)[:CONSIDERED]}
    fits = recommend(seeker, offers_of(rows.values()), SHOWN)
    named = skill_names(key for fit in fits for key in (*fit.shared, *fit.weak, *fit.missing))
    return [
        Recommendation(
            rows[fit.offer],
            fit.score,
            reasons(fit, rows[fit.offer], named, known),
            gaps(fit, named),
        )
        for fit in fits
    ]


def known_of(person: Person) -> Known:
    """Enrolments and what their programmes teach; what the record states, and looks for."""
    enrolled = person.enrolments.exclude(state=Student.State.LEFT).select_related("school")
    programmes = [student.programme_id for student in enrolled]
    courses = Programme.objects.filter(
        code__in=programmes, school__in=[student.school_id for student in enrolled]
    )
    levels = [EDUCATIONS.get(Organisation.Kind(s.school.kind), Education.ANY) for s in enrolled]
    trained = frozenset(filter(None, courses.values_list("occupations", flat=True)))
    taught, stated = skills_taught(courses), skills_stated(person)
    interest = Interest.objects.filter(person=person).first()
    wanted = keys_of(interest.occupations) if interest else frozenset()
    seeker = Seeker(
        programmes=frozenset(programmes),
        occupations=trained | wanted,
        skills={key: max(taught.get(key, 0), stated.get(key, 0)) for key in {**taught, **stated}},
        education=max(levels, default=0),
        regions=keys_of(interest.regions) if interest else frozenset(),
        kinds=frozenset(interest.kinds) if interest else frozenset(),
    )
    return Known(seeker, taught, trained)


def keys_of(codes: "Manager[Code]") -> frozenset[int]:
    return frozenset(codes.values_list("pk", flat=True))


def skills_stated(person: Person) -> dict[int, int]:
    """The skills that the person's record states, confirmed or not, with their levels."""
    entries = Entry.objects.filter(person=person, kind=Entry.Kind.SKILL)
    found = entries.order_by().values_list("skill", "level")
    return {skill: level or 0 for skill, level in found if skill}


def skills_taught(programmes: Iterable[Programme]) -> dict[int, int]:
    """Each skill of the standards in force, with the highest level that is taught."""
    found = Taught.objects.filter(
        unit__edition__state=Edition.State.PUBLISHED,
        unit__edition__standard__programme__in=programmes,
    )
    return dict(found.order_by().values_list("skill").annotate(Max("level")))


def candidates(person: Person, seeker: Seeker) -> QuerySet[Position]:
    """Offers that share at least one thing with the seeker, so that not all have to be weighed."""
    shared = (
        Q(
            pk__in=Position.programmes.through.objects.filter(code__in=seeker.programmes).values(
                "position"
            )
        )
        | Q(occupation__in=seeker.occupations)
        | Q(pk__in=Position.objects.filter(skills__in=list(seeker.skills)).values("pk"))
    )
    rows = policy.visible_offers(person).filter(shared)
    return rows.prefetch_related("skill_needs", "programmes").select_related(
        "region__parent__parent"
    )


def offers_of(positions: Iterable[Position]) -> Iterable[Offer]:
    for position in positions:
        yield Offer(
            key=position.pk,
            kind=position.kind,
            programmes=frozenset(programme.pk for programme in position.programmes.all()),
            occupation=position.occupation_id,
            skills={need.skill_id: need.level for need in position.skill_needs.all()},
            education=position.education,
            places=frozenset(places_of(position)),
            fresh=position.lowered_on is None,
        )


def places_of(position: Position) -> Iterable[int]:
    """The county and what it belongs to."""
    place = position.region
    while place:
        yield place.pk
        place = place.parent


def skill_names(keys: Iterable[int]) -> dict[int, str]:
    return {skill.pk: skill.name for skill in Skill.objects.filter(pk__in=set(keys))}


def listed(keys: Iterable[int], named: Mapping[int, str]) -> str:
    return _(", ").join(named[key] for key in keys)


def reasons(fit: Fit, position: Position, named: Mapping[int, str], known: Known) -> list[str]:
    """Why it is recommended, in words that say where it is known from."""
    found = []
    if fit.by_programme:
        found.append(_("Your programme is named by the employer"))
    if fit.by_occupation and position.occupation:
        what = {"occupation": position.occupation.name}
        if position.occupation_id in known.trained:
            found.append(_("Your programme trains for this occupation: %(occupation)s") % what)
        else:
            found.append(_("By your record you look for this occupation: %(occupation)s") % what)
    asked = {need.skill_id: need.level for need in position.skill_needs.all()}
    courses = [key for key in fit.shared if known.taught.get(key, 0) >= asked[key]]
    if courses:
        found.append(_("Your courses teach: %(skills)s") % {"skills": listed(courses, named)})
    if stated := [key for key in fit.shared if key not in courses]:
        found.append(_("Your record states: %(skills)s") % {"skills": listed(stated, named)})
    return found + liked(fit, position, known)


def liked(fit: Fit, position: Position, known: Known) -> list[str]:
    """Which wishes it meets: those chosen on the page or those of the record."""
    found = []
    if fit.by_place and position.region:
        place = {"place": position.region.name}
        by_record = known.seeker.regions.intersection(places_of(position))
        by_page = _("In a place you chose: %(place)s") % place
        found.append(
            _("By your record you look for work here: %(place)s") % place if by_record else by_page
        )
    if fit.by_kind:
        kind = {"kind": position.get_kind_display()}
        by_page = _("Of a kind you chose: %(kind)s") % kind
        kept = position.kind in known.seeker.kinds
        found.append(
            _("By your record you look for this kind: %(kind)s") % kind if kept else by_page
        )
    return found


def gaps(fit: Fit, named: Mapping[int, str]) -> list[str]:
    """What is still missing, in words."""
    found = []
    if fit.missing:
        found.append(
            _("Neither in your courses nor in your record: %(skills)s")
            % {"skills": listed(fit.missing, named)}
        )
    if fit.weak:
        found.append(_("Asked at a higher level: %(skills)s") % {"skills": listed(fit.weak, named)})
    return found


def supplies(position: Position) -> list[Supply]:
    """Programmes that fit ``position``, those that teach most of it first."""
    programmes = list(policy.visible_programmes(position))
    asked = {need.skill_id: need.level for need in position.skill_needs.all()}
    wanted = {programme.pk for programme in position.programmes.all()}
    latest = {figure.programme_id: figure for figure in latest_figures(programmes)}
    named, found = skill_names(asked), []
    for programme in programmes:
        taught, figure = skills_taught([programme]), latest.get(programme.pk)
        missing = [key for key, level in asked.items() if taught.get(key, 0) < level]
        found.append(
            Supply(
                programme,
                programme.code_id in wanted,
                len(asked) - len(missing),
                len(asked),
                [named[key] for key in missing],
                figure.graduated if figure else None,
                figure.year if figure else None,
            )
        )
    return sorted(found, key=lambda one: (-one.covered, not one.named, one.programme.pk))


def latest_figures(programmes: Iterable[Programme]) -> QuerySet[YearFigure]:
    """The last year for which each programme states its graduates."""
    known = YearFigure.objects.filter(programme__in=programmes, graduated__isnull=False)
    return known.order_by("programme_id", "-year").distinct("programme_id")
