"""What lower packages tell about students: their account, once an invitation is accepted."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from silian.governance.roles.models import Invitation
from silian.talent.profiles.models import Student
from silian.talent.profiles.services import join_account


@receiver(post_save, sender=Invitation)
def student_has_account(instance: Invitation, **_about: Any) -> None:
    """Whoever takes up a student's invitation is that student."""
    if instance.accepted_by:
        for student in Student.objects.filter(invitation=instance, user=None):
            join_account(student, user=instance.accepted_by)
