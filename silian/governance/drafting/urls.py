from django.urls import path

from silian.governance.drafting import shelf, views

app_name = "drafting"
HERE = "<consortium:consortium>/agreements"
ONE = f"{HERE}/<int:pk>"
urlpatterns = [
    path("agreements/check/<str:code>/", views.check, name="check"),
    path(f"{HERE}/new/", views.draft_new, name="draft_new"),
    path(f"{ONE}/edit/", views.draft_edit, name="draft_edit"),
    path(f"{ONE}/terms/", views.terms_edit, name="terms_edit"),
    path(f"{ONE}/text/", views.version_new, name="version_new"),
    path(f"{ONE}/compare/", views.version_compare, name="version_compare"),
    path(f"{ONE}/versions/<int:number>/", views.version_detail, name="version_detail"),
    path(f"{ONE}/versions/<int:number>.<str:ending>", views.version_file, name="version_file"),
    path(f"{ONE}/versions/<int:number>/comment/", views.comment_new, name="comment_new"),
    path(f"{ONE}/comments/<int:comment>/settle/", views.comment_settle, name="comment_settle"),
    path(f"{ONE}/versions/<int:number>/agree/<int:party>/", views.agree, name="agree"),
    path(f"{ONE}/consents/<int:party>/withdraw/", views.consent_withdraw, name="consent_withdraw"),
    path(f"{ONE}/freeze/", views.freeze, name="freeze"),
    path(f"{HERE}/templates/", shelf.template_index, name="template_index"),
    path(f"{HERE}/templates/new/", shelf.template_new, name="template_new"),
    path(f"{HERE}/templates/<int:pk>/", shelf.template_edit, name="template_edit"),
    path(f"{HERE}/templates/<int:pk>/remove/", shelf.template_remove, name="template_remove"),
    path(f"{HERE}/templates/<int:pk>.<str:ending>", shelf.template_file, name="template_file"),
]
