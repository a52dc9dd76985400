from django.urls import path

from silian.governance.roles import views

app_name = "roles"
urlpatterns = [
    path("roles/<int:pk>/end/", views.role_end, name="role_end"),
    path("invitations/<int:pk>/resend/", views.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("me/act/<int:pk>/", views.act, name="act"),
]
