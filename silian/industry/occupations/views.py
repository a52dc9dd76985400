"""The vocabulary of skills."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.industry.occupations import policy, services
from silian.industry.occupations.forms import MergeForm, SkillForm
from silian.industry.occupations.links import links_of
from silian.industry.occupations.models import Skill
from silian.industry.occupations.tables import SkillFilter, SkillTable
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def skill_index(request: PublicRequest) -> HttpResponse:
    published = Q(skillneed__position__state="published")
    rows = policy.visible_skills(request.user).annotate(asked=Count("skillneed", filter=published))
    rows = rows.prefetch_related("synonyms", "occupations")
    listing = Listing(request, rows, SkillTable, SkillFilter, name="skills")
    context = {"may_keep": policy.may_keep(request.user)}
    return listing.page("occupations/skill_index.html", context)


@login_not_required
def skill_detail(request: PublicRequest, pk: int) -> HttpResponse:
    """One skill with whatever asks for it and teaches it; a merged one leads to the other."""
    former = policy.visible_formers(request.user).filter(pk=pk).first()
    if former:
        return redirect(former.skill)
    skill = get_object_or_404(policy.visible_skills(request.user), pk=pk)
    context = {
        "object": skill,
        "synonyms": [synonym.text for synonym in skill.synonyms.all()],
        "occupations": skill.occupations.select_related("list"),
        "formers": skill.formers.all(),
        "links": links_of(skill, request.user),
        "may_keep": policy.may_keep(request.user),
        "json_ld": _defined_term(skill),
    }
    return render(request, "occupations/skill_detail.html", context)


def skill_new(request: Request) -> HttpResponse:
    return _form_page(request, Skill())


def skill_edit(request: Request, pk: int) -> HttpResponse:
    return _form_page(request, get_object_or_404(policy.visible_skills(request.user), pk=pk))


def skill_merge(request: Request, pk: int) -> HttpResponse:
    policy.may_keep(request.user).enforce()
    skill = get_object_or_404(policy.visible_skills(request.user), pk=pk)
    others = policy.visible_skills(request.user).exclude(pk=pk)
    form = MergeForm(request.POST or None, skills=others)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.merge_skill(skill, into=form.cleaned_data["into"], by=request.user)
        except ValidationError as error:
            form.add_error("into", error)
        else:
            told = _("“%(double)s” is now a word for “%(skill)s”.")
            messages.success(request, told % {"double": skill, "skill": kept})
            return redirect(kept)
    context = {"form": form, "skill": skill, "cancel": skill.get_absolute_url()}
    return render(request, "occupations/skill_merge.html", context)


def _form_page(request: Request, skill: Skill) -> HttpResponse:
    policy.may_keep(request.user).enforce()
    known = list(skill.occupations.all()) if skill.pk else []
    form = SkillForm(request.POST or None, instance=skill, initial={"occupations": known})
    if request.method == "POST" and form.is_valid():
        saved = services.save_skill(
            form.save(commit=False),
            synonyms=form.cleaned_data["synonyms"],
            occupations=form.cleaned_data["occupations"],
            by=request.user,
        )
        return redirect(saved)
    cancel = skill.get_absolute_url() if skill.pk else reverse("occupations:skill_index")
    context = {"form": form, "skill": skill, "cancel": cancel}
    return render(request, "occupations/skill_form.html", context)


def _defined_term(skill: Skill) -> dict[str, object]:
    """The skill as schema.org DefinedTerm, for search engines."""
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "name": skill.name_zh,
        "alternateName": [s.text for s in skill.synonyms.all()],
        "description": skill.about or skill.name,
    }
