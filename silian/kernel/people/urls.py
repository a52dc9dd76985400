from django.urls import path

from silian.kernel.people import views

app_name = "accounts"  # to its reader it is one thing; the models lie lower than these pages
urlpatterns = [
    path("me/account/", views.profile, name="profile"),
    path("me/account/edit/", views.profile_edit, name="profile_edit"),
    path("accounts/cas/", views.cas_sign_in, name="cas_sign_in"),
    path("system/people/", views.person_index, name="person_index"),
    path("system/people/<int:pk>/", views.person_detail, name="person_detail"),
    path("system/people/<int:pk>/duty/", views.person_duty, name="person_duty"),
    path("system/people/<int:pk>/lock/", views.person_lock, name="person_lock"),
    path("system/people/<int:pk>/unlock/", views.person_unlock, name="person_unlock"),
    path("system/people/<int:pk>/sessions/", views.person_sessions, name="person_sessions"),
    path("system/people/<int:pk>/factors/", views.person_factors, name="person_factors"),
]
