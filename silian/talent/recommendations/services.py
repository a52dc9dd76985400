"""From rows to the engine and back: what fits a person, and which programmes fit a position."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.programmes.models import Programme, YearFigure
from silian.education.standards.models import Edition, Taught
from silian.engines.recommending import Fit, Offer, Seeker, recommend
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.industry.occupations.models import Skill
from silian.talent.profiles.models import Person, Student
from silian.talent.recommendations import policy

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
    """What fits ``person``, who must have consented; ask ``policy.is_switched_on`` before."""
    seeker = seeker_of(person, kinds=kinds, regions=regions)
    rows = {position.pk: position for position in candidates(person, seeker)[:CONSIDERED]}
    fits = recommend(seeker, offers_of(rows.values()), SHOWN)
    named = skill_names(key for fit in fits for key in (*fit.shared, *fit.weak, *fit.missing))
    return [
        Recommendation(
            rows[fit.offer], fit.score, reasons(fit, rows[fit.offer], named), gaps(fit, named)
        )
        for fit in fits
    ]


def seeker_of(person: Person, *, kinds: Iterable[str] = (), regions: Iterable[int] = ()) -> Seeker:
    """What is known of ``person``: enrolments, and what their programmes teach."""
    enrolled = person.enrolments.exclude(state=Student.State.LEFT).select_related("school")
    programmes = [student.programme_id for student in enrolled]
    taught = Programme.objects.filter(
        code__in=programmes, school__in=[student.school_id for student in enrolled]
    )
    levels = [EDUCATIONS.get(Organisation.Kind(s.school.kind), Education.ANY) for s in enrolled]
    return Seeker(
        programmes=frozenset(programmes),
        occupations=frozenset(filter(None, taught.values_list("occupations", flat=True))),
        skills=skills_taught(taught),
        education=max(levels, default=0),
        regions=frozenset(regions),
        kinds=frozenset(kinds),
    )


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


def reasons(fit: Fit, position: Position, named: Mapping[int, str]) -> list[str]:
    """Why it is recommended, in words."""
    found = []
    if fit.by_programme:
        found.append(_("Your programme is named by the employer"))
    if fit.by_occupation and position.occupation:
        what = {"occupation": position.occupation.name}
        found.append(_("Your programme trains for this occupation: %(occupation)s") % what)
    if fit.shared:
        found.append(_("Your courses teach: %(skills)s") % {"skills": listed(fit.shared, named)})
    if fit.by_place and position.region:
        found.append(_("In a place you chose: %(place)s") % {"place": position.region.name})
    if fit.by_kind:
        found.append(_("Of a kind you chose: %(kind)s") % {"kind": position.get_kind_display()})
    return found


def gaps(fit: Fit, named: Mapping[int, str]) -> list[str]:
    """What is still missing, in words."""
    found = []
    if fit.missing:
        found.append(_("Not in your courses: %(skills)s") % {"skills": listed(fit.missing, named)})
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
    return known.order_by("programme", "-year").distinct("programme")
