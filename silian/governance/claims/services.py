"""Making, checking and settling a claim. Each function is one thing somebody does."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from silian.governance.claims.models import Claim
from silian.governance.claims.policy import checkers_of, is_managed
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import people_of
from silian.governance.roles.services import grant_role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.states import move

State = Claim.State


@transaction.atomic
def make_claim(
    organisation: Organisation,
    *,
    by: User,
    title: str,
    statement: str,
    proof: "UploadedFile[bytes]",
) -> Claim:
    """Say that one acts for ``organisation``; whoever manages it already is told."""
    claim = Claim.objects.create(
        organisation=organisation,
        user=by,
        title=title,
        statement=statement,
        proof=store(proof, by=by),
        disputed=is_managed(organisation),
    )
    record(claim, gettext_noop("Claim made"), by=by)
    _tell_checkers(claim)
    if claim.disputed:
        message = gettext_noop("Somebody else claims to act for %(organisation)s.")
        url = organisation.get_absolute_url()
        notify(people_of(organisation), message, url=url, organisation=both(organisation))
    return claim


@transaction.atomic
def resubmit(
    claim: Claim, *, by: User, title: str, statement: str, proof: "UploadedFile[bytes] | None"
) -> None:
    """Answer what the checkers asked for."""
    facts: dict[str, Any] = {"title": title, "statement": statement, "at": clock.now()}
    if proof:
        facts["proof"] = store(proof, by=by)
    move(claim, State.SUBMITTED, by=by, **facts)
    _tell_checkers(claim)


@transaction.atomic
def approve(claim: Claim, *, by: User) -> Role:
    """The person manages the organisation from today on."""
    move(claim, State.APPROVED, by=by)
    return grant_role(
        claim.user,
        kind=Role.Kind.MANAGER,
        organisation=claim.organisation,
        title=claim.title,
        by=by,
    )


@transaction.atomic
def return_claim(claim: Claim, *, by: User, why: str) -> None:
    move(claim, State.RETURNED, by=by, why=why, answer=why)
    _tell_claimant(claim, gettext_noop("Your claim for %(organisation)s needs something more."))


@transaction.atomic
def refuse(claim: Claim, *, by: User, why: str) -> None:
    move(claim, State.REFUSED, by=by, why=why, answer=why)
    _tell_claimant(claim, gettext_noop("Your claim for %(organisation)s was refused."))


def withdraw(claim: Claim, *, by: User) -> None:
    move(claim, State.WITHDRAWN, by=by)


def _tell_checkers(claim: Claim) -> None:
    checkers = checkers_of(claim.organisation).exclude(pk=claim.user_id)
    _tell(checkers, claim, gettext_noop("Somebody claims to act for %(organisation)s."))


def _tell_claimant(claim: Claim, message: str) -> None:
    _tell(User.objects.filter(pk=claim.user_id), claim, message)


def _tell(people: QuerySet[User], claim: Claim, message: str) -> None:
    url = claim.get_absolute_url()
    notify(people, message, url=url, organisation=both(claim.organisation))
