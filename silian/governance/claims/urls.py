from django.urls import path

from silian.governance.claims import views

app_name = "claims"
urlpatterns = [
    path("claims/", views.claim_index, name="claim_index"),
    path("claims/<int:pk>/", views.claim_detail, name="claim_detail"),
    path("claims/<int:pk>/proof/", views.proof, name="proof"),
    path("claims/<int:pk>/again/", views.resubmit, name="resubmit"),
    path("claims/<int:pk>/approve/", views.approve, name="approve"),
    path("claims/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("claims/<int:pk>/<str:verb>/", views.answer, name="answer"),
    path("<int:pk>/claim/", views.claim_new, name="claim_new"),
]
