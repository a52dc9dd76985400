"""How well offers fit somebody who looks for work, with the reasons and with what is missing.

The sum is plain: skills weigh 50, the programme 25, the place 15, the kind of work 10. A part that
an offer does not ask about, or of which nothing is known about the seeker, is left out of both the
points and what could be reached, so that nobody gains by an offer that says little. An offer that
asks for a higher education than the seeker has is not recommended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SKILLS, PROGRAMME, PLACE, KIND = 50, 25, 15, 10
OCCUPATION = 18  # of PROGRAMME: not named by the offer, but it trains for the occupation
STALE = 0.8  # an offer that its employer has long not confirmed counts this much


@dataclass(frozen=True)
class Seeker:
    """What somebody has and looks for; keys are those of the codes and skills."""

    programmes: frozenset[int] = frozenset()
    occupations: frozenset[int] = frozenset()  # that their programme trains for
    skills: Mapping[int, int] = field(default_factory=dict)  # with the level
    education: int = 0  # 0: not known, and then not asked about
    regions: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Offer:
    key: int
    kind: str
    programmes: frozenset[int] = frozenset()  # none: any
    occupation: int | None = None
    skills: Mapping[int, int] = field(default_factory=dict)
    education: int = 0
    places: frozenset[int] = frozenset()  # the county, and what it belongs to
    fresh: bool = True


@dataclass(frozen=True)
class Fit:
    """Why an offer fits: ``score`` from 0 to 100, and what it is made of."""

    offer: int
    score: int
    shared: tuple[int, ...]  # skills at the level that is asked for
    weak: tuple[int, ...]  # skills below that level
    missing: tuple[int, ...]
    by_programme: bool
    by_occupation: bool
    by_place: bool
    by_kind: bool


def recommend(seeker: Seeker, offers: Iterable[Offer], most: int = 20) -> list[Fit]:
    """The offers that fit best, the best first; those of which nothing fits are left out."""
    fits = (fit(seeker, offer) for offer in offers if reachable(seeker, offer))
    worthy = [found for found in fits if found.score > 0]
    return sorted(worthy, key=lambda found: (-found.score, found.offer))[:most]


def reachable(seeker: Seeker, offer: Offer) -> bool:
    return not seeker.education or offer.education <= seeker.education


def fit(seeker: Seeker, offer: Offer) -> Fit:
    asked, has = offer.skills, seeker.skills
    named = bool(seeker.programmes & offer.programmes)
    trained = offer.occupation in seeker.occupations
    near = bool(seeker.regions & offer.places)
    liked = offer.kind in seeker.kinds
    points, within = 0.0, 0.0
    if asked:
        within += SKILLS
        points += (
            SKILLS * sum(min(has.get(s, 0), n) for s, n in asked.items()) / sum(asked.values())
        )
    if seeker.programmes and (offer.programmes or offer.occupation):
        within += PROGRAMME
        points += PROGRAMME if named else OCCUPATION if trained else 0
    if seeker.regions:
        within += PLACE
        points += PLACE * near
    if seeker.kinds:
        within += KIND
        points += KIND * liked
    share = points / within if within else 0.0
    return Fit(
        offer=offer.key,
        score=round(100 * share * (1 if offer.fresh else STALE)),
        shared=tuple(s for s, n in asked.items() if has.get(s, 0) >= n),
        weak=tuple(s for s, n in asked.items() if 0 < has.get(s, 0) < n),
        missing=tuple(s for s in asked if s not in has),
        by_programme=named,
        by_occupation=trained and not named,
        by_place=near,
        by_kind=liked,
    )
