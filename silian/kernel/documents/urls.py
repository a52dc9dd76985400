from django.urls import path

from silian.kernel.documents import views

app_name = "documents"
urlpatterns = [path("preview/", views.preview, name="preview")]
