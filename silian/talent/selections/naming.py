"""How a learner is called where not everybody may read the name."""

from silian.talent.cohorts.models import Learner


def shown(learner: Learner) -> str:
    """The name where the reader may know it, the number otherwise; of rows that say ``named``."""
    if learner.named:  # type: ignore[attr-defined]
        return f"{learner.student.name} ({learner.code})"
    return learner.code
