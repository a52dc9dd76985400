from django.urls import path

from silian.governance.roles import views

app_name = "roles"
urlpatterns = [
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
