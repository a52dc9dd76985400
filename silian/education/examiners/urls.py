from django.urls import include, path

from silian.education.examiners import views

app_name = "examiners"
of_an_examiner = [
    path("", views.examiner_detail, name="examiner_detail"),
    path("edit/", views.examiner_edit, name="examiner_edit"),
    path("cards/new/", views.card_new, name="card_new"),
    path("cards/<int:card>/edit/", views.card_edit, name="card_edit"),
    path("cards/<int:card>/remove/", views.card_remove, name="card_remove"),
    path("cards/<int:card>/scan/", views.card_scan, name="card_scan"),
    path("relations/new/", views.relation_new, name="relation_new"),
    path("relations/<int:relation>/withdraw/", views.relation_withdraw, name="relation_withdraw"),
]
urlpatterns = [
    path("<consortium:consortium>/examiners/", views.examiner_index, name="examiner_index"),
    path("<consortium:consortium>/examiners/new/", views.examiner_new, name="examiner_new"),
    path("<consortium:consortium>/examiners/<int:pk>/", include(of_an_examiner)),
]
