from django.urls import include, path

from silian.governance.contributions import views

app_name = "contributions"
pledges = [
    path("", views.pledge_index, name="pledge_index"),
    path("new/<int:agreement>/", views.pledge_new, name="pledge_new"),
    path("<int:pk>/", views.pledge_detail, name="pledge_detail"),
    path("<int:pk>/deliver/", views.deliver, name="deliver"),
    path("<int:pk>/cancel/", views.pledge_cancel, name="pledge_cancel"),
]
statements = [
    path("", views.statement_index, name="statement_index"),
    path("<int:organisation>/<int:year>/", views.statement, name="statement"),
    path("<int:organisation>/<int:year>/pdf/", views.statement_pdf, name="statement_pdf"),
]
urlpatterns = [
    path("", views.entry_index, name="entry_index"),
    path("pledges/", include(pledges)),
    path("statements/", include(statements)),
    path("new/<int:agreement>/", views.gift, name="gift"),
    path("<int:pk>/", views.entry_detail, name="entry_detail"),
    path("<int:pk>/evidence/", views.evidence_file, name="evidence_file"),
    path("<int:pk>/confirm/", views.entry_confirm, name="entry_confirm"),
    path("<int:pk>/<str:verb>/", views.act, name="act"),
]
