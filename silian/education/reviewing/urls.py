from django.urls import path

from silian.education.reviewing import views

app_name = "reviewing"
EDITION = "<int:pk>/editions/<int:number>"
urlpatterns = [
    path(f"{EDITION}/hand-in/", views.hand_in, name="hand_in"),
    path(f"{EDITION}/approve/", views.approve, name="approve"),
    path(f"{EDITION}/publish/", views.publish, name="publish"),
    path(f"{EDITION}/return/", views.return_to_draft, name="return_to_draft"),
    path("reviews/<int:pk>/", views.review_detail, name="review_detail"),
    path("reviews/<int:pk>/end/", views.review_end, name="review_end"),
    path("reviews/<int:pk>/withdraw/", views.review_withdraw, name="review_withdraw"),
    path("reviews/<int:pk>/opinions/<int:reviewer>/", views.opinion, name="opinion"),
]
