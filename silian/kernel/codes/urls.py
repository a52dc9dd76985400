from django.urls import path

from silian.kernel.codes import views

app_name = "codes"
urlpatterns = [
    path("", views.code_lists, name="code_lists"),
    path("<slug:kind>/search", views.code_search, name="code_search"),
    path("<slug:kind>/<str:version>/", views.code_list, name="code_list"),
    path("<slug:kind>/<str:version>/<str:code>/", views.code_detail, name="code_detail"),
]
