"""Letters to guardians, and questions that nobody answered."""

from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from silian.kernel import clock
from silian.kernel.notices.channels import send_mail
from silian.kernel.states import move
from silian.talent.consents.models import Consent, Question

AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(retry=AGAIN)
def mail_question(question_id: int) -> None:
    """Ask a guardian by mail, in both languages: nobody knows yet which one they read."""
    question = Question.objects.filter(pk=question_id, state=Question.State.WAITING).first()
    if question and question.person.guardian_email:
        texts = []
        for language in ("zh-hans", "en"):
            with override(language):
                facts = {"child": question.person.name, "link": question.link}
                texts.append(
                    _("%(child)s asks you, as guardian, for your consent:\n%(link)s") % facts
                )
        subject = "监护人同意 / Consent of a guardian"
        send_mail(question.person.guardian_email, subject=subject, body="\n\n".join(texts))


@app.task(retry=AGAIN)
def mail_guardian_of_minor(consent_id: int) -> None:
    """Tell the guardian of somebody from 14 to 17 what was consented to."""
    consent = Consent.objects.select_related("person", "recipient").get(pk=consent_id)
    if consent.person.guardian_email:
        texts = []
        for language in ("zh-hans", "en"):
            with override(language):
                side = consent.recipient or _("this platform")
                facts = {"child": consent.person.name, "side": side, "text": consent.text}
                texts.append(_("%(child)s consented to this for %(side)s:\n%(text)s") % facts)
        subject = "告知监护人 / For a guardian to know"
        send_mail(consent.person.guardian_email, subject=subject, body="\n\n".join(texts))


@app.periodic(cron="20 0 * * *")
@app.task(queueing_lock="consents.lapse")
def lapse(timestamp: int) -> None:
    """Each night: questions whose time is over can no longer be answered."""
    waiting = Question.objects.filter(state=Question.State.WAITING)
    for question in waiting.filter(expires_at__lte=clock.now()):
        move(question, Question.State.LAPSED, by=None)
