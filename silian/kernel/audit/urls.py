from django.urls import path

from silian.kernel.audit import views

app_name = "audit"
urlpatterns = [
    path("system/record/", views.entry_index, name="entry_index"),
    path("system/record/<int:pk>/", views.entry_detail, name="entry_detail"),
    path("system/record/check/", views.check, name="check"),
]
