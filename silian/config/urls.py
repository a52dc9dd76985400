"""Every address of Silian. What belongs to one consortium lives under its short address."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
