"""A session in words that its owner recognises."""

from django import template

register = template.Library()
BROWSERS = {  # the first that fits: later ones name themselves in the earlier ones' lines too
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iPadOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


@register.filter
def browser(user_agent: str) -> str:
    """``Chrome · Windows``; what a browser says of itself where we know neither."""
    words = [
        next((name for sign, name in table.items() if sign in user_agent), "")
        for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, words)) or user_agent[:40]
