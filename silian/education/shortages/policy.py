"""Who may see catalogues of shortages, and who may prepare, adjust and publish them."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.shortages.models import Catalogue, Entry, Setting
from silian.governance.consortia.models import Consortium
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, is_secretary, roles_of, secretariats_of
from silian.industry.releases.models import Release
from silian.kernel.codes.models import Code
from silian.kernel.verdicts import YES, Verdict

State = Catalogue.State


def visible_catalogues(user: Viewer) -> QuerySet[Catalogue]:
    """What was published is public; drafts are for the secretariat and the experts."""
    own = Q(consortium__in=secretariats_of(user)) | Q(consortium__in=_expert_in(user))
    found = Catalogue.objects.filter(Q(state__in=Catalogue.PUBLIC) | own)
    short = Count("entries", filter=Q(entries__level__gt=0))
    rows = found.select_related("consortium", "release").annotate(short=short)
    return rows.order_by("-year", "-version")


def visible_entries(user: Viewer) -> QuerySet[Entry]:
    seen = visible_catalogues(user).values("pk")
    rows = Entry.objects.filter(catalogue__in=seen)
    return rows.select_related("occupation", "catalogue__consortium", "catalogue__release")


def current_catalogue(consortium: Consortium) -> Catalogue | None:
    """The newest one that counts."""
    found = Catalogue.objects.filter(consortium=consortium, state=State.PUBLISHED)
    return found.select_related("consortium").order_by("-year").first()


def shortages_of(consortium: Consortium) -> dict[str, Entry]:
    """The entries that count today, by the code of their occupation."""
    catalogue = current_catalogue(consortium)
    rows = catalogue.entries.select_related("occupation") if catalogue else Entry.objects.none()
    return {entry.occupation.code: entry for entry in rows}


def shortage_of(consortium: Consortium, occupation: Code) -> Entry | None:
    """How short ``occupation`` is in ``consortium``, if its catalogue says so."""
    return shortages_of(consortium).get(occupation.code)


def visible_settings(user: Viewer, consortium: Consortium) -> QuerySet[Setting]:
    """The formulas a consortium chose, the newest first; formulas are public."""
    return Setting.objects.filter(consortium=consortium).select_related("by")


def releases_to_use(consortium: Consortium) -> QuerySet[Release]:
    """Published releases of years that have neither a catalogue nor a draft of one."""
    living = (State.PUBLISHED, State.DRAFT)
    taken = Catalogue.objects.filter(consortium=consortium, state__in=living).values("year")
    found = Release.objects.filter(consortium=consortium, state=Release.State.PUBLISHED)
    return found.exclude(year__in=taken)


def may_prepare(user: Viewer, consortium: Consortium) -> Verdict:
    if not is_secretary(user, consortium):
        return Verdict(_("Only the secretariat of the consortium can do this."))
    if not releases_to_use(consortium).exists():
        return Verdict(_("Publish a demand release first; a catalogue is computed from one."))
    return YES


def may_set_formula(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, catalogue: Catalogue) -> Verdict:
    return may_set_formula(user, catalogue.consortium) and _while(catalogue, State.DRAFT)


def may_adjust(user: Viewer, catalogue: Catalogue) -> Verdict:
    """Experts of the consortium and its secretariat may, as long as it is a draft."""
    consortium = catalogue.consortium
    if not is_secretary(user, consortium) and consortium.pk not in _expert_in(user):
        return Verdict(_("Only experts of the consortium and its secretariat can do this."))
    return _while(catalogue, State.DRAFT)


def may_publish(user: Viewer, catalogue: Catalogue) -> Verdict:
    verdict = may_edit(user, catalogue)
    if verdict and not catalogue.foreword_zh.strip():
        return Verdict(_("The foreword is still to be written."))
    if verdict and catalogue.release.state != Release.State.PUBLISHED:
        return Verdict(_("Its demand release was corrected: compute the catalogue anew."))
    return verdict


def may_recompute(user: Viewer, catalogue: Catalogue) -> Verdict:
    return may_edit(user, catalogue)


def may_drop(user: Viewer, catalogue: Catalogue) -> Verdict:
    return may_edit(user, catalogue)


def may_correct(user: Viewer, catalogue: Catalogue) -> Verdict:
    verdict = may_set_formula(user, catalogue.consortium) and _while(catalogue, State.PUBLISHED)
    drafts = Catalogue.objects.filter(consortium=catalogue.consortium, state=State.DRAFT)
    if verdict and drafts.filter(year=catalogue.year).exists():
        return Verdict(_("A draft for this year exists already."))
    return verdict


def _expert_in(user: Viewer) -> set[int]:
    found = (r.consortium_id for r in roles_of(user) if r.kind == Role.Kind.EXPERT)
    return {key for key in found if key}


def _while(catalogue: Catalogue, state: str) -> Verdict:
    if catalogue.state == state:
        return YES
    return Verdict(_("The catalogue is not in such a state."))
