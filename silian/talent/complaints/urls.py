from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.complaints import views
from silian.talent.profiles.sightings import pages

app_name = "complaints"
pages[app_name] = gettext_noop("My complaint")
urlpatterns = [
    path("", views.complaint_home, name="complaint_home"),
    path("new/", views.complaint_new, name="complaint_new"),
    path("follow/", views.follow, name="follow"),
    path("follow/word/", views.word_new, name="word_new"),
    path("follow/files/<int:file>/", views.own_file, name="own_file"),
    path("officers/", views.officer_index, name="officer_index"),
    path("officers/<int:pk>/dismiss/", views.officer_dismiss, name="officer_dismiss"),
    path("desk/", views.desk_index, name="desk_index"),
    path("desk/<int:pk>/", views.desk_detail, name="desk_detail"),
    path("desk/<int:pk>/take-up/", views.desk_take_up, name="desk_take_up"),
    path("desk/<int:pk>/close/", views.desk_close, name="desk_close"),
    path("desk/<int:pk>/files/<int:file>/", views.desk_file, name="desk_file"),
]
