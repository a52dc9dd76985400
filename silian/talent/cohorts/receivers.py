"""What waits around cohorts, and where the public ones are found."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.persons.models import Person
from silian.kernel.search import services as search
from silian.talent.cohorts import policy
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.records.holdings import Holding, Row, register

State = Cohort.State

search.index(
    Cohort,
    visible=policy.visible_cohorts,
    text=lambda cohort: [
        cohort.class_name,
        cohort.school.name_zh,
        cohort.school.name_en,
        cohort.enterprise.name_zh,
        cohort.enterprise.name_en,
        cohort.about_zh,
        cohort.about_en,
    ],
    name=gettext_lazy("Cohorts"),
)


@todos.source
def cohorts_to_review(user: User) -> Iterable[Todo]:
    """The secretariat: what was handed in."""
    rows = Cohort.objects.filter(consortium__in=secretariats_of(user), state=State.SUBMITTED)
    yield from counted(rows, _("Cohorts to review"), "?state=submitted")


@todos.source
def cohorts_to_change(user: User) -> Iterable[Todo]:
    """Both sides: what was returned."""
    rows = Cohort.objects.filter(policy.concerned(user), state=State.PREPARED).exclude(remark="")
    yield from counted(rows, _("Cohorts to be changed"), "?state=prepared")


@todos.source
def cohorts_to_finish(user: User) -> Iterable[Todo]:
    """The school: what runs although its last day has passed."""
    rows = Cohort.objects.filter(
        school__in=organisations_of(user), state=State.RUNNING, ends_on__lt=clock.today()
    )
    yield from counted(rows, _("Cohorts to finish"), "?state=running")


def counted(rows: QuerySet[Cohort], label: str, query: str) -> Iterable[Todo]:
    """One line for each consortium."""
    found = dict(rows.order_by().values_list("consortium").annotate(Count("pk")))
    for consortium in Consortium.objects.filter(pk__in=found):
        url = reverse("cohorts:cohort_index", args=[consortium]) + query
        yield Todo(label, url, found[consortium.pk], place=consortium.name)


# --- what is held of a person ---------------------------------------------------------------

CONTRACT = gettext_lazy(
    "Signed agreements and what follows from them bind the other parties too and are kept for as "
    "long as claims can be made (Civil Code, Art. 188: three years)."
)


def cohorts_of(person: Person) -> Iterator[Row]:
    for one in Learner.objects.filter(student__person=person).select_related("cohort"):
        yield {_("cohort"): one.cohort.title, _("state"): one.get_state_display()}


register(Holding("cohorts", gettext_lazy("Cohorts"), cohorts_of, stays=CONTRACT))
