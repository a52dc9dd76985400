"""What waits for the office of an exam that is over."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from silian.education.marking.models import Marking
from silian.education.marking.policy import figures_of, visible_markings
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def markings_to_finish(user: User) -> Iterable[Todo]:
    """All is marked and not signed; or people have to mark and nobody is appointed; or no third
    marker is left where two differ."""
    for marking in visible_markings(user).filter(state=Marking.State.OPEN):
        figures, words = figures_of(marking), {"exam": marking.exam.title}
        markers = marking.markers.filter(withdrawn_at=None).count()
        if not figures.left:
            label = _("Sign the points of “%(exam)s”") % words
        elif markers < 2:
            label = _("Appoint markers for “%(exam)s”") % words
        elif figures.thirds and markers < 3:
            label = _("Appoint a third marker for “%(exam)s”") % words
        else:
            continue
        yield Todo(label, marking.get_absolute_url(), 1, place=marking.exam.consortium.name)
