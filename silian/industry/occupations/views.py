"""The vocabulary of skills."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from silian.industry.occupations import policy, services
from silian.industry.occupations.forms import SkillForm
from silian.industry.occupations.models import Skill
from silian.industry.occupations.tables import KeptSkillTable, SkillFilter, SkillTable
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def skill_index(request: PublicRequest) -> HttpResponse:
    published = Q(skillneed__position__state="published")
    rows = policy.visible_skills(request.user).annotate(asked=Count("skillneed", filter=published))
    may_keep = policy.may_keep(request.user)
    table = KeptSkillTable if may_keep else SkillTable
    listing = Listing(request, rows, table, SkillFilter, name="skills")
    return listing.page("occupations/skill_index.html", {"may_keep": may_keep})


def skill_new(request: Request) -> HttpResponse:
    return _form_page(request, Skill())


def skill_edit(request: Request, pk: int) -> HttpResponse:
    return _form_page(request, get_object_or_404(policy.visible_skills(request.user), pk=pk))


def _form_page(request: Request, skill: Skill) -> HttpResponse:
    policy.may_keep(request.user).enforce()
    form = SkillForm(request.POST or None, instance=skill)
    if request.method == "POST" and form.is_valid():
        services.save_skill(form.save(commit=False), by=request.user)
        return redirect("occupations:skill_index")
    context = {"form": form, "skill": skill, "cancel": reverse("occupations:skill_index")}
    return render(request, "occupations/skill_form.html", context)
