"""A ceremony from its preparation to its protocol."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from silian.governance.agreements.models import Agreement
from silian.governance.ceremonies.models import Ceremony, Turn
from silian.governance.ceremonies.policy import choices_for, with_signings
from silian.governance.meetings.models import Item
from silian.governance.signing.models import Process
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import IllegalMove, move
from silian.kernel.ui.formats import moment

State = Ceremony.State


@transaction.atomic
def prepare(item: Item, agreements: Sequence[Agreement], *, by: User) -> Ceremony:
    """Sign these agreements, in this order. What has had its turn keeps it."""
    if item.kind != Item.Kind.CEREMONY:
        raise IllegalMove(f"{item} is no signing ceremony")
    Item.objects.select_for_update().get(pk=item.pk)
    ceremony = Ceremony.objects.get_or_create(item=item)[0]
    if ceremony.state == State.DONE:
        raise IllegalMove(f"{ceremony} is over")
    allowed = set(choices_for(item.meeting.consortium, ceremony).values_list("pk", flat=True))
    if not {agreement.pk for agreement in agreements} <= allowed:
        raise IllegalMove(f"{ceremony}: not open for signing any more")
    keys = {agreement.pk: place for place, agreement in enumerate(agreements, start=1)}
    ceremony.turns.filter(called_at=None).exclude(agreement__in=keys).delete()
    for turn in ceremony.turns.filter(agreement__in=keys):
        turn.order = keys.pop(turn.agreement_id)
        turn.save(update_fields=["order"])
    Turn.objects.bulk_create(
        Turn(ceremony=ceremony, agreement_id=key, order=place) for key, place in keys.items()
    )
    titles = [agreement.title_zh for agreement in agreements]
    record(ceremony, gettext_noop("Order of signing set"), by=by, agreements=titles)
    return ceremony


@transaction.atomic
def start(ceremony: Ceremony, *, by: User) -> None:
    """Begin, and call the first agreement."""
    move(ceremony, State.RUNNING, by=by, started_at=clock.now())
    _call(ceremony, ceremony.turns.order_by("order", "pk")[0], by=by)


@transaction.atomic
def step(ceremony: Ceremony, steps: int, *, by: User) -> None:
    """Call the next agreement (1) or the one before (-1); at either end nothing happens."""
    ceremony = Ceremony.objects.select_for_update(of=("self",)).get(pk=ceremony.pk)
    if ceremony.state != State.RUNNING:
        raise IllegalMove(f"{ceremony} is not under way")
    turns = list(ceremony.turns.order_by("order", "pk"))
    keys = [turn.pk for turn in turns]
    place = keys.index(ceremony.current_id) + steps if ceremony.current_id in keys else 0
    if 0 <= place < len(turns):
        _call(ceremony, turns[place], by=by)


@transaction.atomic
def finish(ceremony: Ceremony, *, by: User) -> None:
    """End it; the protocol goes to the agenda item, for the minutes."""
    move(ceremony, State.DONE, by=by, ended_at=clock.now(), current=None)
    with override("zh-hans"):  # the language of the minutes
        text = protocol(ceremony)
    item = Item.objects.select_for_update().get(pk=ceremony.item_id)
    item.note = f"{item.note}\n\n{text}".strip()
    item.save(update_fields=["note"])


def _call(ceremony: Ceremony, turn: Turn, *, by: User) -> None:
    Ceremony.objects.filter(pk=ceremony.pk).update(current=turn)
    ceremony.current = turn
    if turn.called_at is None:
        Turn.objects.filter(pk=turn.pk).update(called_at=clock.now())
    record(ceremony, gettext_noop("Agreement called"), by=by, agreement=turn.agreement.title_zh)


def protocol(ceremony: Ceremony) -> str:
    """What was signed by whom and how, in the active language."""
    turns = with_signings(ceremony.turns.order_by("order", "pk"))
    signed = [turn for turn in turns if turn.agreement.signed_on]
    numbers = {"all": len(turns), "signed": len(signed)}
    lines = [_("%(signed)d of %(all)d agreements were signed.") % numbers]
    for place, turn in enumerate(turns, start=1):
        parties = "、".join(p.name for p in turn.agreement.party_set.all())
        lines.append(f"{place}. {turn.agreement.title} ({parties}): {_outcome(turn)}")
    return "\n".join(lines)


def _outcome(turn: Turn) -> str:
    process = next(iter(turn.agreement.signings.all()), None)
    if process is None or process.state != Process.State.COMPLETE:
        return str((process or turn.agreement).get_state_display())
    people = "、".join(
        f"{signatory.name} ({signatory.act.get_method_display()})"
        for signatory in process.signatories.all()
    )
    when = moment(process.closed_at) if process.closed_at else ""
    return _("signed by %(people)s, complete %(when)s") % {"people": people, "when": when}
