from django.urls import path

from silian.governance.minutes import views

app_name = "minutes"
urlpatterns = [
    path("", views.minutes_index, name="minutes_index"),
    path("meetings/<int:pk>/", views.of_meeting, name="of_meeting"),
    path("<int:pk>/", views.minutes_detail, name="minutes_detail"),
    path("<int:pk>/edit/", views.minutes_edit, name="minutes_edit"),
    path("<int:pk>/versions/<int:number>/", views.version, name="version"),
    path("<int:pk>/circulate/", views.circulate, name="circulate"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/object/", views.object_to, name="object"),
    path("<int:pk>/objections/<int:objection>/", views.answer, name="answer"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/approve/motion/", views.approve_by_motion, name="approve_by_motion"),
    path("<int:pk>/seal/", views.seal, name="seal"),
    path("<int:pk>/minutes.pdf", views.pdf, name="pdf"),
    path("<int:pk>/check/", views.check, name="check"),
]
