from django.urls import path

from silian.governance.signatures import views

app_name = "signatures"
urlpatterns = [
    path("<int:pk>/", views.sign, name="sign"),
    path("link/<str:token>/", views.link, name="link"),
    path("link/<str:token>/code/", views.link_code, name="link_code"),
    path("link/<str:token>/document/", views.link_document, name="link_document"),
    path("<int:pk>/code/", views.send_code, name="send_code"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/paper/", views.scan_new, name="scan_new"),
    path("<int:pk>/authority/<str:key>/", views.receipt_new, name="receipt_new"),
    path("scan/<int:pk>/", views.scan_detail, name="scan_detail"),
    path("scan/<int:pk>/file/", views.scan_file, name="scan_file"),
    path("scan/<int:pk>/accept/", views.scan_accept, name="scan_accept"),
    path("scan/<int:pk>/reject/", views.scan_reject, name="scan_reject"),
    path("of/<int:pk>/sheet/", views.sheet, name="sheet"),
    path("of/<int:pk>/certificate/", views.certificate, name="certificate"),
    path("of/<int:pk>/evidence.json", views.evidence_file, name="evidence"),
]
