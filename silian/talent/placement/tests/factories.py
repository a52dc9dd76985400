from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.states import move
from silian.talent.placement import services
from silian.talent.placement.models import Run
from silian.talent.rounds.models import Round
from silian.talent.wishes import ranking
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.models import WishList
from silian.talent.wishes.tests.factories import make_open_round, make_wishes


def claim(found: Round) -> None:
    """As start_run does, without a queue."""
    move(found, Round.State.RUNNING, by=make_user())


def run_round(found: Round) -> Run:
    claim(found)
    return services.compute_round(found, by=make_user())


def make_contest(rule: str = Round.Rule.RANKING) -> tuple[Round, list[WishList]]:
    """Two seats of one place; five students who show every fate a wish can have.

    Anna and Ben are ranked at the first seat, Chen is not suitable there, Dora and Emil are
    unranked; the second seat hands in no ranking, so points and the draw decide.
    """
    found = make_open_round((1, 1), rule=rule)
    first, second = found.seats.all()
    points = {"Anna": 70, "Ben": 90, "Chen": 95, "Dora": 80, "Emil": 80}
    lists = [
        make_wishes(found, first, second, name=name, points=value) for name, value in points.items()
    ]
    close_wishes(found, by=None)
    if rule == Round.Rule.RANKING:
        by = make_user()
        anna, ben, chen, *_rest = (wishes.wishes.get(seat=first) for wishes in lists)
        ranking.refuse_applicant(chen, reason="No certificate", by=by)
        ranking.rank_applicants(first, [anna.pk, ben.pk], version=1, by=by)
        ranking.hand_in_ranking(first, by=by)
    for wish_list in lists:
        wish_list.refresh_from_db()
    return found, lists
