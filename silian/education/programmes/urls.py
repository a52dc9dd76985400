from django.urls import include, path

from silian.education.programmes import views

app_name = "programmes"
of_a_school = [
    path("", views.school_programmes, name="school_programmes"),
    path("new/", views.programme_new, name="programme_new"),
    path("<int:pk>/", views.programme_detail, name="programme_detail"),
    path("<int:pk>/edit/", views.programme_edit, name="programme_edit"),
    path("<int:pk>/figures/", views.figures_edit, name="figures_edit"),
    path("<int:pk>/close/", views.programme_close, name="programme_close"),
    path("<int:pk>/reopen/", views.programme_reopen, name="programme_reopen"),
]
urlpatterns = [
    path("organisations/<int:school>/programmes/", include(of_a_school)),
    path("<consortium:consortium>/programmes/", views.programme_index, name="programme_index"),
]
