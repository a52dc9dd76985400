from django.urls import path

from silian.talent.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("compare/", views.comparison, name="comparison"),
    path("<int:pk>/result/", views.result, name="result"),
    path("<int:pk>/result/<slug:moment>/", views.enter, name="enter"),
]
