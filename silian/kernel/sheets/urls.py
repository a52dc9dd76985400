from django.urls import path, re_path

from silian.kernel.sheets import views

app_name = "sheets"
urlpatterns = [
    path("<str:sheet>/<str:scope>/", views.import_page, name="import"),
    re_path(
        r"^(?P<sheet>[^/]+)/(?P<scope>[^/]+)/template\.(?P<ending>xlsx|csv)$",
        views.template,
        name="template",
    ),
    path("<str:sheet>/<str:scope>/<int:pk>/", views.import_detail, name="import_detail"),
    path("<str:sheet>/<str:scope>/<int:pk>/confirm/", views.import_confirm, name="import_confirm"),
    path("<str:sheet>/<str:scope>/<int:pk>/recheck/", views.import_recheck, name="import_recheck"),
    path("<str:sheet>/<str:scope>/<int:pk>/errors/", views.import_errors, name="import_errors"),
    path("<str:sheet>/<str:scope>/<int:pk>/file/", views.import_file, name="import_file"),
]
