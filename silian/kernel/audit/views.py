from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.kernel.audit import policy, services, tasks
from silian.kernel.audit.forms import CheckForm
from silian.kernel.audit.tables import EntryFilter, EntryTable
from silian.kernel.http import Request
from silian.kernel.jobs.services import start
from silian.kernel.ui.listing import Listing


def entry_index(request: Request) -> HttpResponse:
    policy.may_audit(request.user).enforce()
    context = {"check": services.last_check()}
    rows = policy.visible_entries(request.user)
    listing = Listing(request, rows, EntryTable, EntryFilter, name="record")
    return listing.page("audit/index.html", context)


def entry_detail(request: Request, pk: int) -> HttpResponse:
    policy.may_audit(request.user).enforce()
    entry = get_object_or_404(policy.visible_entries(request.user), pk=pk)
    return render(request, "audit/entry.html", {"entry": entry})


def check(request: Request) -> HttpResponse:
    """Check the whole record now, against a head that was kept elsewhere if one is given."""
    policy.may_audit(request.user).enforce()
    form = CheckForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "audit/check.html", {"form": form, "cancel": _index()})
    job = start(
        tasks.check_record,
        title=gettext_noop("Check the record"),
        by=request.user,
        url=_index(),
        **form.cleaned_data,
    )
    return redirect("jobs:job_detail", job.pk)


def _index() -> str:
    return reverse("audit:entry_index")
