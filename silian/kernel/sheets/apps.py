from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SheetsConfig(AppConfig):
    """Also wakes every app's ``imports.py``, where it registers its sheets."""

    name = "silian.kernel.sheets"

    def ready(self) -> None:
        autodiscover_modules("imports")
