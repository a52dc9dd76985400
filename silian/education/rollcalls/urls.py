from django.urls import path

from silian.education.rollcalls import views

app_name = "rollcalls"
urlpatterns = [
    path("sessions/<int:pk>/roll/", views.roll_index, name="roll_index"),
    path("lessons/<int:pk>/list/", views.roll_list, name="roll_list"),
    path("lessons/<int:pk>/screen/", views.screen, name="screen"),
    path("lessons/<int:pk>/here/<slug:code>/", views.answer, name="answer"),
]
