"""What waits during internships: weeks to write, entries to answer, pay that is late or short."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.persons.models import Person
from silian.kernel.ui.formats import readable
from silian.talent.internships.models import Internship
from silian.talent.internships.policy import visible_internships
from silian.talent.practice import policy
from silian.talent.practice.models import Entry, Incident
from silian.talent.records.holdings import Holding, Row, register


def internships_of(person: Person) -> Iterator[Row]:
    """What is kept of somebody's internships, for their export."""
    rows = Internship.objects.filter(student__person=person).select_related("unit", "agreement")
    for one in rows.prefetch_related("entries", "payments"):
        facts = {
            _("unit"): one.unit.name,
            _("post"): one.post,
            _("starts on"): one.starts_on,
            _("ends on"): one.ended_on or one.ends_on,
            _("state"): one.get_state_display(),
            _("agreement"): one.agreement.number if one.agreement else "",
        }
        facts |= {f"{_('Journal')} {e.week}": e.done for e in one.entries.all()}
        facts |= {f"{_('Pay')} {p.month:%Y-%m}": p.amount for p in one.payments.all()}
        yield {name: str(readable(value)) for name, value in facts.items() if value}


register(
    Holding(
        name="internships",
        title=gettext_lazy("Internships"),
        rows=internships_of,
        stays=gettext_lazy("Agreements, pay and safety are evidence that the law asks to be kept."),
    )
)

MOST = 200  # internships that are looked at for one person


@todos.source
def entries_to_answer(user: User) -> Iterable[Todo]:
    """A mentor: journal entries that were handed in."""
    rows = Entry.objects.filter(state=Entry.State.SUBMITTED)
    mine = rows.filter(internship__school_mentor=user) | rows.filter(internship__unit_mentor=user)
    counts = Counter(mine.values_list("internship", flat=True))
    for internship in visible_internships(user).filter(pk__in=counts):
        url = reverse("practice:journal", args=[internship.consortium, internship.pk])
        label = _("Answer the journal: %(student)s") % {"student": internship.called}
        yield Todo(label, url, counts[internship.pk])


@todos.source
def weeks_to_write(user: User) -> Iterable[Todo]:
    """A student: weeks without an entry, and payments to confirm."""
    rows = Internship.objects.filter(student__user=user, state=Internship.State.RUNNING)
    for internship in rows.select_related("consortium", "unit").prefetch_related("entries"):
        if weeks := policy.missing_weeks(internship):
            url = reverse("practice:journal", args=[internship.consortium, internship.pk])
            yield Todo(_("Write your journal"), url, len(weeks), place=internship.unit.name)
        unconfirmed = internship.payments.filter(confirmed_at=None, disputed="").count()
        url = reverse("practice:pay", args=[internship.consortium, internship.pk])
        label = _("Confirm that your pay has come")
        yield Todo(label, url, unconfirmed, place=internship.unit.name)


@todos.source
def pay_to_look_after(user: User) -> Iterable[Todo]:
    """School and unit: months whose pay is late or short."""
    if not organisations_of(user):
        return
    rows = visible_internships(user).filter(state=Internship.State.RUNNING)
    for internship in rows.prefetch_related("payments")[:MOST]:
        if gaps := policy.pay_gaps(internship):
            url = reverse("practice:pay", args=[internship.consortium, internship.pk])
            label = _("Pay is late or short: %(student)s") % {"student": internship.called}
            yield Todo(label, url, len(gaps), place=internship.unit.name)


@todos.source
def incidents_to_close(user: User) -> Iterable[Todo]:
    """A school: incidents without a follow-up."""
    rows = Incident.objects.filter(
        internship__student__school__in=organisations_of(user), closed_at=None
    )
    for incident in rows.select_related("internship__student", "internship__consortium"):
        internship = incident.internship
        url = reverse("practice:incidents", args=[internship.consortium, internship.pk])
        label = _("Follow an incident up: %(student)s") % {"student": internship.student.name}
        yield Todo(label, url)
