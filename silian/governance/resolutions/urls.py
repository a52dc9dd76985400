from django.urls import path

from silian.governance.resolutions import views

app_name = "resolutions"
urlpatterns = [
    path("", views.resolution_index, name="resolution_index"),
    path("sources/", views.source_index, name="source_index"),
    path("new/", views.resolution_new, name="resolution_new"),
    path("numbering/", views.numbering, name="numbering"),
    path("<int:pk>/", views.resolution_detail, name="resolution_detail"),
    path("<int:pk>/edit/", views.resolution_edit, name="resolution_edit"),
    path("<int:pk>/report/", views.resolution_report, name="resolution_report"),
    path("<int:pk>/confirm/", views.resolution_confirm, name="resolution_confirm"),
    path("<int:pk>/return/", views.resolution_return, name="resolution_return"),
    path("<int:pk>/drop/", views.resolution_drop, name="resolution_drop"),
    path("<int:pk>/files/<int:file>/", views.resolution_file, name="resolution_file"),
]
