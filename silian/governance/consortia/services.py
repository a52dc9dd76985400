"""What the system administrator and the secretariat do to a consortium."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Cluster, Consortium, Figure
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@transaction.atomic
def found_consortium(consortium: Consortium, *, secretary: User | None, by: User) -> Consortium:
    """Set up ``consortium`` and, where named, its first secretary; a charter is adopted later."""
    consortium.save()
    record(consortium, gettext_noop("Consortium set up"), by=by)
    if secretary:
        role = Role.objects.create(user=secretary, kind=Role.Kind.SECRETARY, consortium=consortium)
        record(role, gettext_noop("Role given"), by=by, person=str(secretary))
    return consortium


@transaction.atomic
def save_consortium(consortium: Consortium, *, by: User, changed: list[str]) -> None:
    """Keep what the secretariat changed; ``changed`` names the columns."""
    consortium.save()
    record(consortium, gettext_noop("Details changed"), by=by, fields=changed)


@transaction.atomic
def save_cluster(cluster: Cluster, *, by: User) -> Cluster:
    """Add an industry cluster or rename one; a new one stands last."""
    action = gettext_noop("Cluster renamed") if cluster.pk else gettext_noop("Cluster added")
    if not cluster.pk:
        last = cluster.consortium.clusters.aggregate(Max("order"))["order__max"]
        cluster.order = (last or 0) + 1
    cluster.save()
    record(cluster.consortium, action, by=by, cluster=cluster.name_zh)
    return cluster


@transaction.atomic
def shift_cluster(cluster: Cluster, *, by: User, down: bool) -> None:
    """Let ``cluster`` and its neighbour of the same parent change places."""
    rows = cluster.consortium.clusters.select_for_update().filter(parent=cluster.parent_id)
    siblings = list(rows)
    at = siblings.index(cluster)
    to = at + (1 if down else -1)
    if not 0 <= to < len(siblings):
        return
    siblings[at], siblings[to] = siblings[to], siblings[at]
    for order, sibling in enumerate(siblings, start=1):
        sibling.order = order
    Cluster.objects.bulk_update(siblings, ["order"])
    record(cluster.consortium, gettext_noop("Clusters reordered"), by=by, cluster=cluster.name_zh)


@transaction.atomic
def remove_cluster(cluster: Cluster, *, by: User) -> None:
    """Remove a cluster on which nothing stands."""
    record(cluster.consortium, gettext_noop("Cluster removed"), by=by, cluster=cluster.name_zh)
    cluster.delete()


@transaction.atomic
def save_figure(figure: Figure, *, by: User) -> Figure:
    """Keep a figure that the consortium states about itself."""
    action = gettext_noop("Figure changed") if figure.pk else gettext_noop("Figure added")
    figure.save()
    facts = {"label": figure.label_zh, "value": str(figure.value), "source": figure.source}
    record(figure.consortium, action, by=by, **facts)
    return figure


@transaction.atomic
def remove_figure(figure: Figure, *, by: User) -> None:
    record(figure.consortium, gettext_noop("Figure removed"), by=by, label=figure.label_zh)
    figure.delete()
