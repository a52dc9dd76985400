from django.urls import path

from silian.governance.bodies import views

app_name = "bodies"
urlpatterns = [
    path("", views.body_index, name="body_index"),
    path("new/", views.body_new, name="body_new"),
    path("<int:pk>/", views.body_detail, name="body_detail"),
    path("<int:pk>/edit/", views.body_edit, name="body_edit"),
    path("<int:pk>/found/", views.body_found, name="body_found"),
    path("<int:pk>/plaque/", views.body_plaque, name="body_plaque"),
    path("<int:pk>/close/", views.body_close, name="body_close"),
    path("<int:pk>/people/", views.people, name="people"),
    path("<int:pk>/people/new/", views.person_new, name="person_new"),
    path("<int:pk>/people/<int:person>/", views.person_edit, name="person_edit"),
    path("<int:pk>/people/<int:person>/end/", views.person_end, name="person_end"),
]
