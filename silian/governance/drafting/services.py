"""How an agreement comes about: drafted, worded, discussed, agreed to, frozen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements import rules
from silian.governance.agreements.models import Agreement, Comment, Party, Version
from silian.governance.agreements.services import new_code, number_of, tell_parties
from silian.governance.drafting import paper
from silian.governance.drafting.models import Consent, Template
from silian.governance.drafting.readiness import NotReady, latest, obstacles, undecided_parties
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files import services as files
from silian.kernel.files.content import PDF
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Agreement.State
Place = tuple[Organisation, str]  # a party and its part


class Outdated(Exception):
    """Somebody added a ``version`` while another was being written."""

    def __init__(self, version: Version) -> None:
        self.version = version
        super().__init__(f"{version} came first")


@transaction.atomic
def save_draft(agreement: Agreement, *, parties: Sequence[Place], by: User) -> Agreement:
    """Keep a new or changed draft; the first of ``parties`` is Party A (甲方), and so on."""
    known = agreement.pk is not None
    if known:
        _hold(agreement)
    agreement.save()
    places = agreement.party_set.order_by("order").values_list("organisation", "part")
    if list(places) != [(unit.pk, part) for unit, part in parties]:
        agreement.party_set.all().delete()  # and with them what they agreed to
        Party.objects.bulk_create(
            Party(agreement=agreement, organisation=unit, part=part, order=order)
            for order, (unit, part) in enumerate(parties, start=1)
        )
    Consent.objects.filter(version__agreement=agreement).delete()  # who agreed looks again
    action = gettext_noop("Draft changed") if known else gettext_noop("Draft made")
    record(agreement, action, by=by, parties=[unit.name_zh for unit, _part in parties])
    if not known:
        _tell(agreement, gettext_noop("A draft waits for you: %(agreement)s"), by=by)
    return agreement


@transaction.atomic
def set_terms(agreement: Agreement, terms: dict[str, Any], *, by: User) -> None:
    """Keep the terms of a draft, complete or not; who had agreed to it must look again."""
    held = _hold(agreement)
    kept = {name: value for name, value in terms.items() if value not in (None, "")}
    if kept == held.terms:
        return
    changed = sorted(n for n in {*kept, *held.terms} if kept.get(n) != held.terms.get(n))
    agreement.terms = kept
    agreement.save(update_fields=["terms"])
    Consent.objects.filter(version__agreement=agreement).delete()  # who agreed looks again
    record(agreement, gettext_noop("Terms changed"), by=by, changed=changed)
    _tell(agreement, gettext_noop("The terms of “%(agreement)s” were changed."), by=by)


@transaction.atomic
def add_version(  # noqa: PLR0913  a version is these few facts
    agreement: Agreement,
    *,
    text: str,
    by: User,
    after: int,
    note: str = "",
    organisation: Organisation | None = None,
) -> Version:
    """Add the next version; Outdated where ``after`` is no longer the number of the last one."""
    _hold(agreement)
    last = latest(agreement)
    if last and last.number != after:
        raise Outdated(last)
    version = Version(agreement=agreement, number=after + 1 if last else 1, text=text, note=note)
    version.organisation, version.by = organisation, by
    version.save()
    record(agreement, gettext_noop("Version added"), by=by, version=version.number, note=note)
    message = gettext_noop("“%(agreement)s” has a new version %(number)s.")
    _tell(agreement, message, by=by, number=str(version.number))
    return version


@transaction.atomic
def add_comment(
    version: Version, *, text: str, by: User, quote: str = "", side: Organisation | None = None
) -> Comment:
    """Say something about a version, or about the passage ``quote`` of it."""
    _hold(version.agreement)
    facts = {"quote": quote, "text": text, "organisation": side, "by": by}
    comment = Comment.objects.create(version=version, **facts)
    message = gettext_noop("There is a new comment on “%(agreement)s”.")
    _tell(version.agreement, message, by=by)
    return comment


@transaction.atomic
def settle_comment(comment: Comment, *, by: User) -> None:
    """Note that nothing is left to be said about it."""
    open_one = Comment.objects.filter(pk=comment.pk, settled_at=None)
    if not open_one.update(settled_at=clock.now(), settled_by=by):
        raise IllegalMove(f"comment {comment.pk} is settled already")
    record(comment.version.agreement, gettext_noop("Comment settled"), by=by, comment=comment.text)


@transaction.atomic
def agree(version: Version, party: Party, *, by: User) -> Consent:
    """``party`` agrees to ``version``, which is still the latest."""
    agreement = _hold(version.agreement)
    last = latest(agreement)
    if last != version:
        raise IllegalMove(f"{version} is not the latest")
    consent, new = Consent.objects.get_or_create(version=version, party=party, defaults={"by": by})
    if new:
        facts = {"version": version.number, "party": str(party)}
        record(agreement, gettext_noop("Version agreed to"), by=by, **facts)
        if not undecided_parties(agreement.party_set.all()):
            message = gettext_noop("All parties agree to “%(agreement)s”: it can be frozen.")
            _tell(agreement, message, by=by)
    return consent


@transaction.atomic
def withdraw_consent(party: Party, *, by: User) -> None:
    """``party`` takes back what it has agreed to."""
    agreement = _hold(party.agreement)
    if Consent.objects.filter(party=party).delete()[0]:
        name = str(party)
        record(agreement, gettext_noop("Agreement to the text withdrawn"), by=by, party=name)


@transaction.atomic
def freeze(agreement: Agreement, *, by: User, on: date | None = None) -> Agreement:
    """Make the one PDF that everybody signs; from now on nothing of it changes.

    Raises NotReady, or RulesBroken where a rule of law or charter stands against it.
    """
    held = _hold(agreement)
    version = latest(held)
    if found := obstacles(held):
        raise NotReady(found)
    assert version is not None  # its lack is an obstacle
    rules.enforce(held)
    day = on or clock.today()
    held.number = held.number or number_of(held, day.year)
    held.check_code = new_code()
    pdf = paper.frozen_pdf(held, version, on=day)
    file = SimpleUploadedFile(f"{held.number}.pdf", pdf, "application/pdf")
    stored = files.store(file, by=by, kinds=frozenset({PDF}))
    facts: dict[str, Any] = {"frozen": stored, "number": held.number}
    move(agreement, State.SIGNING, by=by, check_code=held.check_code, **facts)
    tell_parties(agreement, gettext_noop("“%(agreement)s” is frozen and waits for signatures."))
    return agreement


@transaction.atomic
def save_template(template: Template, *, by: User) -> Template:
    """Keep a text that later drafts begin with; those begun before stay as they are."""
    action = gettext_noop("Template changed") if template.pk else gettext_noop("Template made")
    template.by, template.at = by, clock.now()
    template.save()
    record(template, action, by=by, kind=template.kind)
    return template


@transaction.atomic
def remove_template(template: Template, *, by: User) -> None:
    record(template, gettext_noop("Template removed"), by=by, kind=template.kind)
    template.delete()


def _hold(agreement: Agreement) -> Agreement:
    """The draft as it stands; nobody else changes, freezes or ends it until this is over."""
    drafts = Agreement.everything.select_for_update(of=("self",)).select_related("consortium")
    held = drafts.filter(pk=agreement.pk, state=State.DRAFT).first()
    if held is None:
        raise IllegalMove(f"{agreement} is no draft any more")
    return held


def _tell(agreement: Agreement, message: str, *, by: User, **params: Any) -> None:
    """Tell everybody at the table but ``by``."""
    units = Organisation.objects.filter(agreements=agreement)
    people = [person for unit in units for person in people_of(unit)]
    people += secretaries_of(agreement.consortium)
    others = [person for person in people if person != by]
    title = both(agreement, "title")
    notify(others, message, url=agreement.get_absolute_url(), agreement=title, **params)
