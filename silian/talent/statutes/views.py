"""What law asks of an internship, for anybody to read, and a consortium's own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.talent.statutes import policy, services
from silian.talent.statutes.forms import RuleForm
from silian.talent.statutes.rules import rules_of


@login_not_required
def rule_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    may_set = policy.may_set_rules(request.user, consortium)
    context = {"consortium": consortium, "rules": rules_of(consortium), "may_set": may_set}
    return render(request, "statutes/rule_index.html", context)


def rule_set(request: Request, consortium: Consortium, rule: str) -> HttpResponse:
    policy.may_set_rules(request.user, consortium).enforce()
    found = [one for one in rules_of(consortium) if one.id == rule and one.configurable]
    if not found:
        raise Http404
    form = RuleForm(found[-1], request.POST or None)
    index = reverse("statutes:rule_index", args=[consortium])
    if form.is_valid():
        level = form.cleaned_data["level"]
        services.set_rule(
            consortium, found[-1], by=request.user, level=level, numbers=form.numbers()
        )
        messages.success(request, _("Saved."))
        return redirect(index)
    context = {"consortium": consortium, "rule": found[-1], "form": form, "cancel": index}
    return render(request, "statutes/rule_set.html", context)
