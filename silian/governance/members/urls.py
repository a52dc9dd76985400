from django.urls import include, path

from silian.governance.members import views

app_name = "members"
memberships = [
    path("", views.member_index, name="member_index"),
    path("add/", views.member_add, name="member_add"),
    path("apply/", views.apply, name="apply"),
    path("<int:pk>/", views.member_detail, name="member_detail"),
    path("<int:pk>/resubmit/", views.resubmit, name="resubmit"),
    path("<int:pk>/opinion/", views.decide, {"decision": "opinion"}, name="opinion"),
    path("<int:pk>/admit/", views.decide, {"decision": "admit"}, name="admit"),
    path("<int:pk>/regrade/", views.decide, {"decision": "regrade"}, name="regrade"),
    path("<int:pk>/<str:verb>/", views.act, name="act"),
]
urlpatterns = [
    path("<consortium:consortium>/members/", include(memberships)),
]
