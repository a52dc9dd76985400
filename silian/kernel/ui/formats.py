"""Numbers, money, days and moments as their reader writes them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext

Number = int | float | Decimal


def number(value: Number) -> str:
    """12,345 in both languages; Django's own Chinese form has no separators."""
    return format_decimal(value, locale=_locale())


def money(value: Number) -> str:
    """¥12,345 or ¥12,345.60: the fen are shown only where there are any."""
    whole = value == int(value)
    pattern = "¤#,##0" if whole else "¤#,##0.00"
    return format_currency(value, "CNY", pattern, locale=_locale(), currency_digits=False)


def day(value: date) -> str:
    return formats.date_format(value, "DATE_FORMAT")


def moment(value: datetime) -> str:
    """The reader's local time, without seconds."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{formats.date_format(local, 'DATE_FORMAT')} {formats.time_format(local, 'H:i')}"


def readable(value: Any) -> Any:
    """Any value as a page shows it; texts, and what already is HTML, stay as they are."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return formats.time_format(value, "H:i")
    return value


def _locale() -> str:
    return "zh_Hans_CN" if (get_language() or "zh").startswith("zh") else "en"
