from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class UiConfig(AppConfig):
    """Also wakes every app's ``receivers.py``, where it answers what lower packages ask."""

    name = "silian.kernel.ui"

    def ready(self) -> None:
        autodiscover_modules("receivers")
