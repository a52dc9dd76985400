from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.rights import views

CORRECTIONS = "organisations/<int:school_id>/corrections/"

app_name = "rights"
pages[app_name] = gettext_noop("What I asked of my school")
urlpatterns = [
    path("me/data/", views.own_data, name="own_data"),
    path("me/data/<str:ending>/", views.export, name="export"),
    path("me/corrections/<int:student>/new/", views.correction_new, name="correction_new"),
    path("me/corrections/<int:pk>/take-back/", views.correction_take_back, name="take_back"),
    path("me/deletion/", views.deletion, name="deletion"),
    path("me/deletion/stop/", views.deletion_stop, name="deletion_stop"),
    path(CORRECTIONS, views.correction_index, name="correction_index"),
    path(f"{CORRECTIONS}<int:pk>/", views.correction_detail, name="correction_detail"),
    path(f"{CORRECTIONS}<int:pk>/evidence/", views.correction_file, name="correction_file"),
]
