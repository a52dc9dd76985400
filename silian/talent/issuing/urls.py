from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.issuing import views
from silian.talent.profiles.sightings import pages

app_name = "issuing"
pages[app_name] = gettext_noop("A list of candidates for certificates")
urlpatterns = [
    path("batches/", views.batch_index, name="batch_index"),
    path("batches/new/", views.batch_new, name="batch_new"),
    path("batches/<int:pk>/", views.batch_detail, name="batch_detail"),
    path("batches/<int:pk>/edit/", views.batch_edit, name="batch_edit"),
    path("batches/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("batches/<int:pk>/papers/<int:part>.pdf", views.batch_papers, name="batch_papers"),
    path("batches/<int:pk>/do/<slug:verb>/", views.batch_act, name="batch_act"),
    path("batches/<int:pk>/candidates/new/", views.candidate_new, name="candidate_new"),
    path(
        "batches/<int:pk>/candidates/<int:candidate>/",
        views.candidate_detail,
        name="candidate_detail",
    ),
    path(
        "batches/<int:pk>/candidates/<int:candidate>/do/<slug:verb>/",
        views.candidate_act,
        name="candidate_act",
    ),
    path("batches/<int:pk>/objections/<int:objection>/", views.objection_answer, name="objection"),
    path("publicity/", views.publicity_index, name="publicity_index"),
    path("publicity/<int:pk>/", views.publicity, name="publicity"),
    path("publicity/<int:pk>/object/", views.object_to, name="object_to"),
]
