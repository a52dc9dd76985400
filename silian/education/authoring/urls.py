from django.urls import path

from silian.education.authoring import table, views

app_name = "authoring"
EDITION = "<int:pk>/editions/<int:number>"
SECTION = f"{EDITION}/sections/<slug:key>"
urlpatterns = [
    path("<int:pk>/compare/", views.edition_compare, name="edition_compare"),
    path(f"{EDITION}/", views.edition_detail, name="edition_detail"),
    path(f"{EDITION}/document.<str:ending>", views.edition_file, name="edition_file"),
    path(f"{SECTION}/", views.section_edit, name="section_edit"),
    path(f"{SECTION}/keep/", views.section_keep, name="section_keep"),
    path(f"{SECTION}/discard/", views.section_discard, name="section_discard"),
    path(f"{SECTION}/history/", views.section_history, name="section_history"),
    path(f"{EDITION}/contributors/new/", table.contributor_new, name="contributor_new"),
    path(
        f"{EDITION}/contributors/<int:contributor>/remove/",
        table.contributor_remove,
        name="contributor_remove",
    ),
    path(
        f"{EDITION}/contributors/<int:contributor>/name/",
        table.contributor_name,
        name="contributor_name",
    ),
    path(f"{EDITION}/comments/new/", table.comment_new, name="comment_new"),
    path(f"{EDITION}/comments/<int:comment>/settle/", table.comment_settle, name="comment_settle"),
]
