from django.urls import include, path

from silian.governance.changes import views

app_name = "changes"
ends = [
    path("<int:pk>/", views.early_end_detail, name="early_end_detail"),
    path("<int:pk>/agree/<int:organisation>/", views.answer, {"agrees": True}, name="agree"),
    path("<int:pk>/object/<int:organisation>/", views.answer, {"agrees": False}, name="object"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/decide/", views.decide, name="decide"),
    path("<int:pk>/paper/", views.paper, name="paper"),
]
urlpatterns = [
    path("rules/", views.rule_index, name="rule_index"),
    path("rules/<str:rule>/", views.rule_edit, name="rule_edit"),
    path("ends/", include(ends)),
    path("<int:agreement>/amend/", views.amend, name="amend"),
    path("<int:agreement>/renew/", views.renew, name="renew"),
    path("<int:agreement>/compare/", views.compare, name="compare"),
    path("<int:agreement>/end/", views.early_end_new, name="early_end_new"),
    path("<int:agreement>/settlement/", views.settlement, name="settlement"),
    path("<int:agreement>/register/", views.register, name="register"),
    path("<int:agreement>/waive/<str:rule>/", views.waive, name="waive"),
]
