"""A second factor, proven at the moment of doing something that binds.

Whoever has set up an authenticator app or a passkey proves that; everybody else a one-time code
that is sent by e-mail. A page needs ``ways_of``, a form ``prove``, a service takes the ``Proof``.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import subject_of
from silian.kernel.audit.services import record
from silian.kernel.notices.channels import send_mail
from silian.kernel.proofs.models import OneTimeCode

LIFETIME = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)  # between two codes
TRIES = 5  # of one code; a database constraint too
A_DAY = 20  # codes in 24 hours
MAIL = "mail"


@dataclass(frozen=True)
class Proof:
    """That ``user`` has just proven ``factor`` to do ``purpose``; only ``prove`` makes one.

    ``factor`` is a type of allauth's ("totp", "recovery_codes", "webauthn") or "mail".
    """

    user: User | None
    purpose: str
    factor: str
    address: str = ""  # of somebody without an account


def ways_of(user: User) -> set[str]:
    """What ``user`` can prove: "code" and "passkey" where set up, otherwise "mail"."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    ways = {"passkey"} if Authenticator.Type.WEBAUTHN in kinds else set()
    if kinds - {Authenticator.Type.WEBAUTHN}:
        ways.add("code")
    if not ways and (user.email or settings.DEMO):
        ways.add(MAIL)
    return ways


def passkey_question(user: User) -> dict[str, Any]:
    """What the browser hands to the passkey; the answer counts in this session only."""
    return {"request_options": begin_authentication(user)}


def prove(user: User, thing: models.Model, *, code: str = "", credential: str = "") -> Proof:
    """The code typed, or what the passkey answered, as a proof; ValidationError where it is wrong.

    Must be called outside a transaction, so that a wrong try counts although nothing follows.
    """
    ways = ways_of(user)
    if credential and "passkey" in ways:
        return _proven(AuthenticateWebAuthnForm({"credential": credential}, user=user), thing)
    if code and "code" in ways:
        return _proven(AuthenticateForm({"code": code}, user=user), thing)
    if code and MAIL in ways:
        return _proven_by_mail(user, thing, code)
    raise ValidationError(_("Confirm that it is you."), code="required")


def _proven(form: AuthenticateForm | AuthenticateWebAuthnForm, thing: models.Model) -> Proof:
    """allauth checks, counts wrong tries and spends what works once."""
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    form.save()
    spent = form.cleaned_data.get("credential") or form.authenticator
    return Proof(form.user, subject_of(thing), str(spent.type))


# --- a one-time code by e-mail ------------------------------------------------------------


def send_code(to: User | str, thing: models.Model, *, about: str) -> str:
    """Send a person or an address a code that confirms one act on ``thing``, and return it.

    ``about`` says in the mail what is confirmed. ValidationError where one was just sent. A demo
    sends no mail; its page shows the code.
    """
    code = _new_code(to, thing)
    if not settings.DEMO:
        language, address = (to.language, to.email) if isinstance(to, User) else (None, to)
        with override(language or settings.LANGUAGE_CODE):
            subject = _("Your code: %(code)s") % {"code": code}
            body = _(
                "%(code)s is the code with which you confirm: %(about)s. It works once, within "
                "10 minutes. Give it to nobody. If you did not ask for it, you need do nothing."
            ) % {"code": code, "about": about}
            send_mail(address, subject=subject, body=body)
    return code


@transaction.atomic
def _new_code(to: User | str, thing: models.Model) -> str:
    locked = User.objects if isinstance(to, User) else type(thing)._base_manager
    key = to.pk if isinstance(to, User) else thing.pk
    locked.select_for_update().get(pk=key)  # two windows ask one after the other
    now = clock.now()
    sent = OneTimeCode.objects.filter(**_whose(to))
    if sent.filter(sent_at__gt=now - PAUSE).exists():
        raise ValidationError(_("A code was sent less than a minute ago. Please wait a moment."))
    if sent.filter(sent_at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise ValidationError(_("Too many codes were sent today."))
    code, purpose = f"{secrets.randbelow(10**6):06}", subject_of(thing)
    OneTimeCode.objects.create(**_whose(to), purpose=purpose, digest=_digest(to, purpose, code))
    record(thing, gettext_noop("One-time code sent"), by=to if isinstance(to, User) else None)
    return code


def prove_address(address: str, thing: models.Model, code: str) -> Proof:
    """The code that was sent to ``address``, as a proof; call it outside a transaction too."""
    _spend(address, subject_of(thing), code)
    return Proof(None, subject_of(thing), MAIL, address)


def _proven_by_mail(user: User, thing: models.Model, code: str) -> Proof:
    _spend(user, subject_of(thing), code)
    return Proof(user, subject_of(thing), MAIL)


def _spend(to: User | str, purpose: str, code: str) -> None:
    """Spend the newest code. A try is counted before it is judged, however many come at once."""
    since = clock.now() - LIFETIME
    newest = OneTimeCode.objects.filter(**_whose(to), purpose=purpose, sent_at__gt=since).first()
    usable = OneTimeCode.objects.filter(used_at=None, tries__lt=TRIES)
    if newest is None or not usable.filter(pk=newest.pk).update(tries=F("tries") + 1):
        raise ValidationError(_("There is no code that still works; ask for a new one."))
    if not constant_time_compare(newest.digest, _digest(to, purpose, code.strip())):
        raise ValidationError(_("This is not the code that was sent."))
    unused = OneTimeCode.objects.filter(pk=newest.pk, used_at=None)
    if not unused.update(used_at=clock.now()):
        raise ValidationError(_("There is no code that still works; ask for a new one."))


def _whose(to: User | str) -> dict[str, Any]:
    return {"user": to} if isinstance(to, User) else {"address": to, "user": None}


def _digest(to: User | str, purpose: str, code: str) -> str:
    text = f"{to.pk if isinstance(to, User) else to}:{purpose}:{code}"
    return salted_hmac("proofs.OneTimeCode", text, algorithm="sha256").hexdigest()
