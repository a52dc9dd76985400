"""Pages of a consortium about itself, and the system administrator's page to set one up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia import policy, services
from silian.governance.consortia.forms import (
    ClusterForm,
    ConsortiumForm,
    FigureForm,
    NewConsortiumForm,
)
from silian.governance.consortia.models import Cluster, Consortium, Figure
from silian.governance.roles.models import Role
from silian.governance.roles.views import people_page
from silian.kernel.http import PublicRequest, Request


@login_not_required
def about(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    context = {
        "object": consortium,
        "consortium": consortium,
        "other_name": consortium.name_en
        if consortium.name == consortium.name_zh
        else consortium.name_zh,
        "leading": consortium.leading(),
        "clusters": consortium.cluster_tree(),
        "figures": consortium.figures.all(),
        "may_edit": policy.may_edit(request.user, consortium),
    }
    return render(request, "consortia/about.html", context)


def consortium_list(request: Request) -> HttpResponse:
    policy.may_found(request.user).enforce()
    context = {"consortia": policy.visible_consortia(request.user)}
    return render(request, "consortia/consortium_list.html", context)


def consortium_new(request: Request) -> HttpResponse:
    policy.may_found(request.user).enforce()
    form = NewConsortiumForm(request.POST or None)
    if form.is_valid():
        secretary = form.cleaned_data["secretary"]
        consortium = services.found_consortium(
            form.save(commit=False), secretary=secretary, by=request.user
        )
        messages.success(request, _("The consortium is set up."))
        return redirect("consortia:about", consortium)
    context = {"form": form, "cancel": reverse("consortia:consortium_list")}
    return render(request, "consortia/consortium_new.html", context)


def consortium_edit(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    form = ConsortiumForm(request.POST or None, instance=consortium)
    if form.is_valid():
        services.save_consortium(
            form.save(commit=False), by=request.user, changed=form.changed_data
        )
        messages.success(request, _("Saved."))
        return redirect("consortia:about", consortium)
    context = {"form": form, "cancel": reverse("consortia:about", args=[consortium])}
    return render(request, "consortia/consortium_edit.html", {"consortium": consortium} | context)


def cluster_list(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    tree = consortium.cluster_tree()
    rows = [(cluster, policy.may_remove_cluster(request.user, cluster)) for cluster in tree]
    context = {"consortium": consortium, "rows": rows}
    return render(request, "consortia/cluster_list.html", context)


def cluster_edit(request: Request, consortium: Consortium, pk: int | None = None) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    blank = Cluster(consortium=consortium)
    cluster = get_object_or_404(consortium.clusters, pk=pk) if pk else blank
    form = ClusterForm(request.POST or None, instance=cluster)
    if form.is_valid():
        services.save_cluster(form.save(commit=False), by=request.user)
        return redirect("consortia:cluster_list", consortium)
    context = {"form": form, "cancel": reverse("consortia:cluster_list", args=[consortium])}
    return render(request, "consortia/cluster_edit.html", {"consortium": consortium} | context)


@require_POST
def cluster_shift(request: Request, consortium: Consortium, pk: int, down: bool) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    cluster = get_object_or_404(consortium.clusters, pk=pk)
    services.shift_cluster(cluster, by=request.user, down=down)
    return redirect("consortia:cluster_list", consortium)


@require_POST
def cluster_remove(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    cluster = get_object_or_404(consortium.clusters, pk=pk)
    policy.may_remove_cluster(request.user, cluster).enforce()
    services.remove_cluster(cluster, by=request.user)
    return redirect("consortia:cluster_list", consortium)


def figure_list(request: Request, consortium: Consortium) -> HttpResponse:
    verdict = policy.may_edit(request.user, consortium)
    verdict.enforce()
    context = {"consortium": consortium, "figures": consortium.figures.all(), "may_edit": verdict}
    return render(request, "consortia/figure_list.html", context)


def figure_edit(request: Request, consortium: Consortium, pk: int | None = None) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    blank = Figure(consortium=consortium)
    figure = get_object_or_404(consortium.figures, pk=pk) if pk else blank
    form = FigureForm(request.POST or None, instance=figure)
    if form.is_valid():
        services.save_figure(form.save(commit=False), by=request.user)
        return redirect("consortia:figure_list", consortium)
    context = {"form": form, "cancel": reverse("consortia:figure_list", args=[consortium])}
    return render(request, "consortia/figure_edit.html", {"consortium": consortium} | context)


@require_POST
def figure_remove(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    services.remove_figure(get_object_or_404(consortium.figures, pk=pk), by=request.user)
    return redirect("consortia:figure_list", consortium)


def people(request: Request, consortium: Consortium) -> HttpResponse:
    """The secretariat and the experts, with their terms and open invitations."""
    policy.may_edit(request.user, consortium).enforce()
    context = {"consortium": consortium}
    return people_page(request, consortium, Role.OF_CONSORTIUM, "consortia/people.html", context)
