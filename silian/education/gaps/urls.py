from django.urls import path

from silian.education.gaps import views

app_name = "gaps"
urlpatterns = [
    path("", views.gap_index, name="gap_index"),
    path("compare/", views.gap_compare, name="gap_compare"),
    path("programmes/<int:pk>/", views.programme_gap, name="programme_gap"),
    path("programmes/<int:pk>/compare/", views.programme_compare, name="programme_compare"),
    path("<int:pk>/", views.snapshot_detail, name="snapshot_detail"),
    path("<int:pk>/publish/", views.snapshot_publish, name="snapshot_publish"),
    path("<int:pk>/withdraw/", views.snapshot_withdraw, name="snapshot_withdraw"),
    path("<int:pk>/lines/<int:line>/", views.line_detail, name="line_detail"),
    path("<int:pk>/lines/<int:line>/request/", views.line_request, name="line_request"),
]
