from django.urls import path

from silian.governance.plaques import views

app_name = "plaques"
urlpatterns = [
    path("plaques/<str:number>/", views.plaque_check, name="plaque_check"),
    path("plaques/<str:number>/qr.svg", views.plaque_qr, name="plaque_qr"),
    path("<consortium:consortium>/plaques/", views.plaque_index, name="plaque_index"),
    path("<consortium:consortium>/plaques/issue/", views.issue, name="issue"),
    path("<consortium:consortium>/plaques/numbering/", views.numbering, name="numbering"),
    path("<consortium:consortium>/plaques/print/", views.plaque_print, name="plaque_print"),
    path(
        "<consortium:consortium>/plaques/<int:pk>/withdraw/",
        views.plaque_withdraw,
        name="plaque_withdraw",
    ),
]
