"""Who may see kinds of body (everybody), and who may add and change a consortium's own."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from silian.governance.bodykinds.models import Kind
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel.verdicts import YES, Verdict


def visible_kinds(user: Viewer, consortium: Consortium) -> QuerySet[Kind]:
    """What a body of ``consortium`` can be; everybody may know."""
    rows = Kind.objects.for_consortium(consortium).prefetch_related("roles")
    return rows.annotate(questions=Count("fields", distinct=True))


def may_add(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` add kinds of its own to ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, kind: Kind) -> Verdict:
    if kind.consortium is None:
        return Verdict(_("This kind ships with Silian. Add one of your own after its model."))
    return may_add(user, kind.consortium)
