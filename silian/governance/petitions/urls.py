from django.urls import path

from silian.governance.petitions import views

app_name = "petitions"
urlpatterns = [
    path("", views.petition_index, name="petition_index"),
    path("new/", views.petition_new, name="petition_new"),
    path("<int:pk>/", views.petition_detail, name="petition_detail"),
    path("<int:pk>/answer/", views.petition_answer, name="petition_answer"),
    path(
        "<int:pk>/support/<int:unit>/",
        views.petition_support,
        {"withdraw": False},
        name="petition_support",
    ),
    path(
        "<int:pk>/support/<int:unit>/withdraw/",
        views.petition_support,
        {"withdraw": True},
        name="petition_withdraw",
    ),
]
