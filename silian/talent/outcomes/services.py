"""Entering what became of learners."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.cohorts.models import Cohort
from silian.talent.outcomes.models import Outcome


@transaction.atomic
def enter_outcomes(
    cohort: Cohort, moment: str, outcomes: Mapping[int, dict[str, Any]], *, by: User
) -> int:
    """Keep the outcomes of one moment, by learner; what was known before is updated."""
    for key, facts in outcomes.items():
        Outcome.objects.update_or_create(
            learner_id=key, moment=moment, defaults={**facts, "by": by}
        )
    action = gettext_noop("Outcomes entered")
    record(cohort, action, by=by, moment=moment, count=len(outcomes))
    return len(outcomes)
