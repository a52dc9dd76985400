from django.urls import path

from silian.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.workspace, name="workspace"),
    path("<consortium:consortium>/", views.consortium_home, name="consortium_home"),
]
