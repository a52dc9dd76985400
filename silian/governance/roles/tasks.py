"""Invitations by mail."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from silian.governance.roles.models import Invitation
from silian.kernel.notices.channels import send_mail


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def mail_invitation(invitation_id: int) -> None:
    """Mail the link in both languages: nobody knows yet which one the invited person reads."""
    invitation = Invitation.objects.open().filter(pk=invitation_id).first()
    if not invitation:
        return  # accepted by a link handed over, or withdrawn, before the mail left
    texts = []
    for language in ("zh-hans", "en"):
        with override(language):
            subject = _("Invitation to %(side)s") % {"side": invitation.side}
            texts.append((subject, wording(invitation)))
    body = "\n\n---\n\n".join(text for _subject, text in texts)
    send_mail(invitation.email, subject=" / ".join(subject for subject, _text in texts), body=body)


def wording(invitation: Invitation) -> str:
    return _(
        "Dear %(name)s,\n\n%(by)s invites you to %(side)s (%(role)s). "
        "Open this address to accept:\n%(link)s\n\nIt can be used once, until %(until)s."
    ) % {
        "name": invitation.name,
        "by": invitation.by,
        "side": invitation.side,
        "role": invitation.get_kind_display(),
        "link": invitation.link,
        "until": date_format(localtime(invitation.expires_at), "SHORT_DATETIME_FORMAT"),
    }
