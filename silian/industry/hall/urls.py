from django.urls import path

from silian.industry.hall import views

app_name = "hall"
urlpatterns = [
    path("demand/", views.everywhere, name="everywhere"),
    path("<consortium:consortium>/demand/", views.hall, name="hall"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", views.sitemap_section, name="sitemap_section"),
]
