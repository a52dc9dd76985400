"""Every address of Silian. What belongs to one consortium lives under its short address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("", include("silian.kernel.accounts.urls")),
    path("me/", include("silian.kernel.notices.urls")),
    path("", include("silian.governance.roles.urls")),
]
