"""The rules as a consortium applies them, and the setting of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.rulebook import policy, services
from silian.education.rulebook.forms import RuleForm
from silian.education.rulebook.rules import rule_named, rules_of
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request


@login_not_required
def rule_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    context = {
        "consortium": consortium,
        "rules": rules_of(consortium),
        "may_set": policy.may_set(request.user, consortium),
    }
    return render(request, "rulebook/rule_index.html", context)


def rule_edit(request: Request, consortium: Consortium, name: str) -> HttpResponse:
    rule = rule_named(consortium, name)
    if rule is None:
        raise Http404
    policy.may_set_rule(request.user, consortium, rule).enforce()
    form = RuleForm(rule, request.POST or None)
    if form.is_valid():
        level = form.cleaned_data.get("level", rule.level)
        services.set_rule(consortium, rule, by=request.user, level=level, numbers=form.numbers())
        messages.success(request, _("Saved."))
        return redirect("rulebook:rule_index", consortium)
    cancel = reverse("rulebook:rule_index", args=[consortium])
    context = {"consortium": consortium, "rule": rule, "form": form, "cancel": cancel}
    return render(request, "rulebook/rule_edit.html", context)
