from django.urls import path

from silian.education.passrates import views

app_name = "passrates"
urlpatterns = [path("<int:pk>/results/figures/", views.figures, name="figures")]
