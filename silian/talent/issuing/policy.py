"""Who drafts batches, who issues them, and what the public sees of them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of, secretariats_of
from silian.kernel import clock, vault
from silian.kernel.verdicts import YES, Verdict
from silian.talent.credentials.models import Certificate, Kind
from silian.talent.credentials.policy import concerned, is_officer
from silian.talent.issuing.models import Achievement, Batch, Candidate, Objection
from silian.talent.verification.policy import visible_papers

State = Batch.State


def visible_batches(user: Viewer) -> QuerySet[Batch]:
    """Those of the organisations, offices and secretariats that one acts for."""
    rows = Batch.objects.filter(concerned(user, "kind__"))
    joined = rows.select_related("consortium", "kind__issuer", "kind__consortium", "by", "job")
    return joined.annotate(size=Count("candidates", filter=Q(candidates__struck="")))


def public_batches() -> QuerySet[Batch]:
    """Those whose days of publicity run today."""
    rows = Batch.objects.filter(state=State.PUBLICITY, public_until__gte=clock.today())
    joined = rows.select_related("consortium", "kind__issuer")
    return joined.annotate(size=Count("candidates", filter=Q(candidates__struck="")))


def visible_candidates(batch: Batch) -> QuerySet[Candidate]:
    rows = batch.candidates.select_related("person", "certificate__consortium")
    return rows.order_by("pk")


def visible_objections(batch: Batch) -> QuerySet[Objection]:
    return batch.objections.select_related("answered_by")


def waiting(batch: Batch) -> QuerySet[Achievement]:
    """What was earned, waits for a certificate and fits the kind of ``batch``."""
    kind = batch.kind
    rows = Achievement.objects.filter(
        consortium=batch.consortium_id,
        issuer=kind.issuer_id,
        family=kind.family,
        holds=True,
        candidate=None,
        level__in=kind.levels or [""],
    )
    if kind.occupation_id:
        rows = rows.filter(Q(occupation=kind.occupation_id) | Q(occupation=None))
    return rows.select_related("person")


def draftable_kinds(user: Viewer, consortium: Consortium) -> QuerySet[Kind]:
    """The kinds of which ``user`` can draft a batch."""
    rows = Kind.objects.in_use().filter(consortium=consortium).select_related("issuer")
    if is_secretary(user, consortium):
        return rows
    return rows.filter(issuer__in=organisations_of(user))


def may_draft(user: Viewer, consortium: Consortium) -> Verdict:
    if draftable_kinds(user, consortium).exists():
        return YES
    return Verdict(_("Only who acts for an issuing organisation, or the secretariat, drafts."))


def may_edit(user: Viewer, batch: Batch) -> Verdict:
    """May ``user`` change the list and hand it over?"""
    mine = batch.kind.issuer_id in organisations_of(user)
    if not mine and batch.consortium_id not in secretariats_of(user):
        return Verdict(_("Only who acts for an issuing organisation, or the secretariat, drafts."))
    if batch.state != State.DRAFT:
        return Verdict(_("Only a draft is changed."))
    return YES


def may_hand_over(user: Viewer, batch: Batch) -> Verdict:
    verdict = may_edit(user, batch)
    if verdict and not batch.candidates.filter(struck="").exists():
        return Verdict(_("There is nobody on the list yet."))
    return verdict


def may_return(user: Viewer, batch: Batch) -> Verdict:
    """Back to a draft: by who drafts, and by the officer who will not issue it so."""
    mine = batch.kind.issuer_id in organisations_of(user)
    inside = mine or batch.consortium_id in secretariats_of(user) or _officer(user, batch)
    if not inside:
        return Verdict(_("Only the issuing organisation and the secretariat can do this."))
    if batch.state not in (State.PUBLICITY, State.READY):
        return Verdict(_("It is not in publicity."))
    return _idle(batch)


def may_issue(user: Viewer, batch: Batch) -> Verdict:
    """The officer, who has not drafted it, once its days are over and objections answered."""
    if not _officer(user, batch):
        return Verdict(_("Only an issuing officer of the organisation can do this."))
    if batch.by_id == getattr(user, "pk", None):
        return Verdict(_("Who drafted it does not issue it: ask another officer."))
    if batch.state not in (State.PUBLICITY, State.READY):
        return Verdict(_("It is not in publicity."))
    return may_be_issued(batch) and _idle(batch)


def may_be_issued(batch: Batch) -> Verdict:
    """Whoever asks: are its days over, and is every objection answered?"""
    if batch.state == State.PUBLICITY and not batch.is_over:
        return Verdict(_("Its days of publicity are not over."))
    if batch.objections.filter(state=Objection.State.OPEN).exists():
        return Verdict(_("An objection waits for its answer."))
    if not batch.candidates.filter(struck="").exists():
        return Verdict(_("There is nobody on the list yet."))
    return YES


def may_answer(user: Viewer, objection: Objection) -> Verdict:
    """The officer answers, as it is the officer who is going to sign."""
    if not _officer(user, objection.batch):
        return Verdict(_("Only an issuing officer of the organisation can do this."))
    if objection.state != Objection.State.OPEN:
        return Verdict(_("This objection is answered."))
    return YES


def may_strike(user: Viewer, batch: Batch) -> Verdict:
    """While a list is public, the officer strikes somebody with a reason."""
    if not _officer(user, batch):
        return Verdict(_("Only an issuing officer of the organisation can do this."))
    if batch.state not in (State.PUBLICITY, State.READY):
        return Verdict(_("It is not in publicity."))
    return _idle(batch)


def papers_in(user: Viewer, batch: Batch) -> QuerySet[Certificate]:
    """Certificates of the batch that still count, in the order of their numbers."""
    rows = visible_papers(user).filter(candidate__batch=batch, state=Certificate.State.VALID)
    return rows.order_by("number", "pk")


def _officer(user: Viewer, batch: Batch) -> bool:
    return is_officer(user, batch.consortium, batch.kind.issuer)


def _idle(batch: Batch) -> Verdict:
    """Nothing may change while the issuing runs."""
    if batch.job and not batch.job.over:
        return Verdict(_("It is being issued."))
    return YES


def on_list(batch: Batch, row: Mapping[str, Any]) -> bool:
    """Is whoever has this number on the list already, with the same level and occasion?"""
    same = {name: row.get(name) or "" for name in ("level", "event_zh")}
    found = batch.candidates.filter(**same)
    return found.filter(person__id_digest__in=vault.digests(row["id_number"])).exists()
