from django.urls import path

from silian.education.needs import views

POOL = "requests/<int:pk>/"

app_name = "needs"
urlpatterns = [
    path("requests/", views.pool_index, name="pool_index"),
    path("requests/new/", views.need_new, name="need_new"),
    path(POOL, views.pool_detail, name="pool_detail"),
    path(f"{POOL}take/", views.pool_take, name="pool_take"),
    path(f"{POOL}give-back/", views.pool_give_back, name="pool_give_back"),
    path(f"{POOL}answer/", views.pool_answer, name="pool_answer"),
    path(f"{POOL}<int:need>/withdraw/", views.need_withdraw, name="need_withdraw"),
]
