"""Signatures on the page of a signing, and on the public page where a document is checked."""

from typing import Any

from django import template
from django.template import Context

from silian.governance.agreements.models import Agreement
from silian.governance.signatures import policy
from silian.governance.signatures.evidence import acts_of, holds
from silian.governance.signing.models import Process
from silian.governance.signing.policy import may_remind, may_replace

register = template.Library()


@register.inclusion_tag("signatures/rows.html", takes_context=True)
def signature_rows(context: Context, process: Process) -> dict[str, Any]:
    """Every signatory with the act, or with what the reader may do about it."""
    user = context["request"].user
    acts = {act.signatory_id: act for act in acts_of(process)}
    found = policy.visible_scans(user).filter(signatory__process=process, state="waiting")
    scans = {scan.signatory_id: scan for scan in found}
    rows = [
        {
            "signatory": signatory,
            "act": (act := acts.get(signatory.pk)),
            "sealed": act and holds(act),
            "scan": scans.get(signatory.pk),
            "may_sign": policy.may_sign(user, signatory),
            "may_enter": policy.may_enter(user, signatory),
            "may_remind": may_remind(user, signatory),
            "may_replace": may_replace(user, signatory),
        }
        for signatory in process.signatories.all()
    ]
    place = {"process": process, "consortium": process.agreement.consortium}
    return {"rows": rows, "csrf_token": context.get("csrf_token"), **place}


@register.inclusion_tag("signatures/check_panel.html")
def signing_check(agreement: Agreement) -> dict[str, Any]:
    """For anybody: which unit signed how and when, and whether the seals fit."""
    process = Process.objects.filter(agreement=agreement, state=Process.State.COMPLETE).first()
    acts = acts_of(process) if process else []
    return {"acts": [(act, holds(act)) for act in acts]}
