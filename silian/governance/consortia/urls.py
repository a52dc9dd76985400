from django.urls import path

from silian.governance.consortia import views

app_name = "consortia"
urlpatterns = [
    path("system/consortia/", views.consortium_list, name="consortium_list"),
    path("system/consortia/new/", views.consortium_new, name="consortium_new"),
    path("<consortium:consortium>/about/", views.about, name="about"),
    path("<consortium:consortium>/about/edit/", views.consortium_edit, name="consortium_edit"),
    path("<consortium:consortium>/clusters/", views.cluster_list, name="cluster_list"),
    path("<consortium:consortium>/clusters/new/", views.cluster_edit, name="cluster_new"),
    path("<consortium:consortium>/clusters/<int:pk>/", views.cluster_edit, name="cluster_edit"),
    path(
        "<consortium:consortium>/clusters/<int:pk>/up/",
        views.cluster_shift,
        {"down": False},
        name="cluster_up",
    ),
    path(
        "<consortium:consortium>/clusters/<int:pk>/down/",
        views.cluster_shift,
        {"down": True},
        name="cluster_down",
    ),
    path(
        "<consortium:consortium>/clusters/<int:pk>/remove/",
        views.cluster_remove,
        name="cluster_remove",
    ),
    path("<consortium:consortium>/figures/", views.figure_list, name="figure_list"),
    path("<consortium:consortium>/figures/new/", views.figure_edit, name="figure_new"),
    path("<consortium:consortium>/figures/<int:pk>/", views.figure_edit, name="figure_edit"),
    path(
        "<consortium:consortium>/figures/<int:pk>/remove/",
        views.figure_remove,
        name="figure_remove",
    ),
    path("<consortium:consortium>/secretariat/", views.people, name="people"),
]
