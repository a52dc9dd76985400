from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silian.engines.recommending import STALE, Offer, Seeker, fit, recommend

few = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
keys = st.integers(1, 6)
levels = st.dictionaries(keys, st.integers(1, 4), max_size=4)
some = st.frozensets(keys, max_size=3)
kinds = st.frozensets(st.sampled_from(["employment", "internship"]))
seekers = st.builds(
    Seeker,
    programmes=some,
    occupations=some,
    skills=levels,
    education=st.integers(0, 5),
    regions=some,
    kinds=kinds,
)
offers = st.builds(
    Offer,
    key=st.integers(1, 99),
    kind=st.sampled_from(["employment", "internship"]),
    programmes=some,
    occupation=st.none() | keys,
    skills=levels,
    education=st.integers(0, 5),
    places=some,
    fresh=st.booleans(),
)


@few
@given(seekers, offers)
def test_the_parts_explain_the_score(seeker: Seeker, offer: Offer) -> None:
    found = fit(seeker, offer)
    assert 0 <= found.score <= 100
    assert {*found.shared, *found.weak, *found.missing} == set(offer.skills)
    nothing = not (found.shared or found.weak or found.by_programme or found.by_occupation)
    if nothing and not (found.by_place or found.by_kind):
        assert found.score == 0


@few
@given(seekers, st.lists(offers, unique_by=lambda offer: offer.key))
def test_best_first_and_nobody_beyond_their_education(seeker: Seeker, listed: list[Offer]) -> None:
    found = recommend(seeker, listed, 5)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(scores)
    asked = {offer.key: offer.education for offer in listed}
    assert all(not seeker.education or asked[one.offer] <= seeker.education for one in found)


@few
@given(seekers, offers, keys, st.integers(1, 4))
def test_learning_more_never_lowers_a_fit(
    seeker: Seeker, offer: Offer, skill: int, level: int
) -> None:
    better = {**seeker.skills, skill: max(level, seeker.skills.get(skill, 0))}
    after = Seeker(**{**vars(seeker), "skills": better})
    assert fit(after, offer).score >= fit(seeker, offer).score


def test_what_it_is_made_of() -> None:
    seeker = Seeker(programmes=frozenset({1}), skills={1: 3, 2: 1}, education=2)
    offer = Offer(9, "employment", programmes=frozenset({1}), skills={1: 3, 2: 2, 3: 1})
    found = fit(seeker, offer)
    assert (found.shared, found.weak, found.missing) == ((1,), (2,), (3,))
    # of 75 points in reach: skills 50 x (3 + 1 + 0) / 6, and the programme's 25
    assert found.score == round(100 * (50 * 4 / 6 + 25) / 75)
    stale = fit(seeker, Offer(**{**vars(offer), "fresh": False}))
    assert stale.score == round(100 * (50 * 4 / 6 + 25) / 75 * STALE)
