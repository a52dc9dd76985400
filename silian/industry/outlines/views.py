"""Where stating a need begins, the pages of templates, and stating last year's demand again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import is_secretary
from silian.industry.demand import policy as demand
from silian.industry.demand.forms import SkillFormSet
from silian.industry.demand.models import Position
from silian.industry.outlines import policy, services
from silian.industry.outlines.forms import TemplateForm
from silian.industry.outlines.models import Template
from silian.industry.outlines.tables import PastTable, TemplateTable
from silian.kernel import clock
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing

Kind = Position.Kind
EXPLAINED = {
    Kind.EMPLOYMENT: gettext_lazy("People you hire."),
    Kind.INTERNSHIP: gettext_lazy("Students who practise at the workplace for some months."),
    Kind.APPRENTICESHIP: gettext_lazy("Students who are your apprentices and a school's students."),
    Kind.ORDER_CLASS: gettext_lazy("A class that a school trains for you, with your mentors."),
    Kind.FIELD_ENGINEER: gettext_lazy("A class of field engineers, trained on your projects."),
    Kind.COMMISSIONED: gettext_lazy("Training of future employees that you commission."),
    Kind.STAFF_TRAINING: gettext_lazy("Further training of those who work for you."),
}


def begin(request: Request, consortium: Consortium) -> HttpResponse:
    """What kind of need it is, and what it can be made from."""
    demand.may_state(request.user, consortium).enforce()
    context = {
        "consortium": consortium,
        "kinds": [(kind, EXPLAINED[kind]) for kind in Kind],
        "templates": policy.visible_templates(request.user, consortium),
        "past": policy.visible_past(request.user, consortium).exists(),
    }
    return render(request, "outlines/begin.html", context)


@require_POST
def position_copy(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _position(request, consortium, pk)
    demand.may_copy(request.user, position).enforce()
    draft = services.copy_position(position, by=request.user)
    return redirect("demand:position_edit", consortium, draft.pk)


def past_positions(request: Request, consortium: Consortium) -> HttpResponse:
    """Last year's demand, to be stated again: all of it or what is ticked."""
    demand.may_state(request.user, consortium).enforce()
    past = policy.visible_past(request.user, consortium)
    years = sorted({day.year for day in past.dates("starts_on", "year")}, reverse=True)
    rows = past.filter(starts_on__year=_year(request, years))
    if request.method == "POST":
        keys = [key for key in request.POST.getlist("position") if key.isdecimal()]
        drafts = services.copy_positions(rows.filter(pk__in=keys), by=request.user)
        told = ngettext("%(n)s draft was made.", "%(n)s drafts were made.", len(drafts))
        messages.success(request, told % {"n": len(drafts)})
        return redirect("demand:own_positions", consortium)
    listing = Listing(request, rows, PastTable, name="past-positions", per_page=200)
    context = {"consortium": consortium, "years": years, "year": _year(request, years)}
    return listing.page("outlines/past_positions.html", context)


def template_index(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_keep_templates(request.user, consortium).enforce()
    rows = policy.visible_templates(request.user, consortium)
    listing = Listing(request, rows, TemplateTable, name="templates")
    context = {"consortium": consortium, "kinds": Kind.choices}
    return listing.page("outlines/template_index.html", context)


def template_new(request: Request, consortium: Consortium, kind: str) -> HttpResponse:
    policy.may_keep_templates(request.user, consortium).enforce()
    if kind not in Kind.values:
        raise Http404
    return _form_page(request, consortium, Template(kind=kind))


def template_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    template = _template(request, consortium, pk)
    policy.may_change(request.user, template).enforce()
    return _form_page(request, consortium, template)


@require_POST
def template_use(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Make a draft of it and go on there."""
    template = _template(request, consortium, pk)
    demand.may_state(request.user, consortium).enforce()
    employers = demand.visible_employers(request.user, consortium)
    own = template.organisation or employers.first()
    draft = services.state_from(template, organisation=own, by=request.user)
    return redirect("demand:position_edit", consortium, draft.pk)


@require_POST
def template_remove(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    template = _template(request, consortium, pk)
    policy.may_change(request.user, template).enforce()
    services.remove_template(template, by=request.user)
    messages.success(request, _("The position template is removed."))
    return redirect("outlines:template_index", consortium)


@require_POST
def template_from(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Keep a position as a template: of its employer, or of the consortium as a sample."""
    position = _position(request, consortium, pk)
    ours = demand.may_copy(request.user, position)
    if not ours:
        demand.may_review(request.user, consortium).enforce()
    organisation = position.organisation if ours else None
    template = services.keep_as_template(position, organisation=organisation, by=request.user)
    messages.success(request, _("It is kept as a template."))
    return redirect("outlines:template_edit", consortium, template.pk)


def _position(request: Request, consortium: Consortium, pk: int) -> Position:
    return get_object_or_404(demand.visible_positions(request.user), pk=pk, consortium=consortium)


def _template(request: Request, consortium: Consortium, pk: int) -> Template:
    return get_object_or_404(policy.visible_templates(request.user, consortium), pk=pk)


def _year(request: Request, years: list[int]) -> int:
    """The year that the address names, or the last one that has begun."""
    asked = request.GET.get("year", "")
    begun = (year for year in years if year <= clock.today().year)
    return int(asked) if asked.isdecimal() and int(asked) in years else next(begun, 0)


def _form_page(request: Request, consortium: Consortium, template: Template) -> HttpResponse:
    form = TemplateForm(
        request.POST or None,
        instance=template,
        consortium=consortium,
        employers=demand.visible_employers(request.user, consortium),
        sample=is_secretary(request.user, consortium),
    )
    known = template.skill_needs.values("skill", "level") if template.pk else []
    skills = SkillFormSet(request.POST or None, prefix="skills", initial=list(known))
    if request.method == "POST" and all([form.is_valid(), skills.is_valid()]):
        services.save_template(
            form.save(commit=False),
            skills=skills.chosen(),
            programmes=form.cleaned_data["programmes"],
            by=request.user,
        )
        messages.success(request, _("The template is kept."))
        return redirect("outlines:template_index", consortium)
    context = {"form": form, "skills": skills, "consortium": consortium, "object": template}
    context |= {"may_state": demand.may_state(request.user, consortium)}
    return render(request, "outlines/template_form.html", context)
