from django.urls import path

from silian.governance.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("targets/<int:pk>/", views.target_detail, name="target_detail"),
]
