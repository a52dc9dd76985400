"""Deliveries in the background."""

from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from silian.kernel.notices.channels import CHANNELS
from silian.kernel.notices.models import Notice
from silian.kernel.notices.services import hand_out


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver(notice_id: int, channel: str) -> None:
    """Send one notice by one channel, in its reader's language."""
    notice = Notice.objects.select_related("to").filter(pk=notice_id).first()
    if notice and CHANNELS[channel].reaches(notice.to):
        with override(notice.to.language):
            CHANNELS[channel].send(notice)


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def hand_out_part(notice_ids: list[int], channels: list[str]) -> None:
    """Queue the deliveries of notices of which many were written at once."""
    hand_out(notice_ids, channels)
