"""Entering what protects interns."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files.content import IMAGES, PDF
from silian.kernel.files.services import store
from silian.talent.safeguards.models import Policy, SiteCheck

SCANS = frozenset({PDF, *IMAGES})


@transaction.atomic
def save_policy(policy: Policy, *, by: User, scan: "UploadedFile[bytes] | None" = None) -> Policy:
    """Keep a new or changed policy, with its scan."""
    action = gettext_noop("Policy changed") if policy.pk else gettext_noop("Policy entered")
    if scan:
        policy.scan = store(scan, by=by, kinds=SCANS)
    policy.save()
    record(policy, action, by=by, number=policy.number)
    return policy


@transaction.atomic
def save_check(check: SiteCheck, *, by: User) -> SiteCheck:
    """Keep what was found at a unit."""
    action = gettext_noop("Check changed") if check.pk else gettext_noop("Check entered")
    check.by = by
    check.save()
    record(check, action, by=by, result=check.result)
    return check
