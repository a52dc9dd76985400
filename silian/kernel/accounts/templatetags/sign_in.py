"""What the sign-in page knows beyond its form."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from silian.kernel.accounts.demo_accounts import DemoAccount, offered

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[DemoAccount]:
    """The accounts to try, in a demo; nothing anywhere else."""
    return offered()


@register.simple_tag(takes_context=True)
def cas_name(context: template.Context) -> dict[str, str] | None:
    """Name and address of the button for the school's CAS, where there is one."""
    if not settings.CAS_SERVER_URL:
        return None
    target = context["request"].GET.get("next")
    url = reverse("accounts:cas_sign_in") + (f"?{urlencode({'next': target})}" if target else "")
    return {"name": settings.CAS_NAME, "url": url}


@register.simple_tag
def open_signup() -> bool:
    """May anybody make an account?"""
    return bool(settings.OPEN_SIGNUP)
