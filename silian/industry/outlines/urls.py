from django.urls import path

from silian.industry.outlines import views

app_name = "outlines"
urlpatterns = [
    path("new/", views.begin, name="begin"),
    path("ours/past/", views.past_positions, name="past_positions"),
    path("templates/", views.template_index, name="template_index"),
    path("templates/new/<slug:kind>/", views.template_new, name="template_new"),
    path("templates/<int:pk>/", views.template_edit, name="template_edit"),
    path("templates/<int:pk>/use/", views.template_use, name="template_use"),
    path("templates/<int:pk>/remove/", views.template_remove, name="template_remove"),
    path("<int:pk>/copy/", views.position_copy, name="position_copy"),
    path("<int:pk>/template/", views.template_from, name="template_from"),
]
