from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.allowances import views
from silian.talent.profiles.sightings import pages

PAYMENT = "<int:pk>/pay/payments/<int:key>/"

app_name = "allowances"
pages[app_name] = gettext_noop("My pay in a cohort")
urlpatterns = [
    path("<int:pk>/pay/", views.allowance_index, name="allowance_index"),
    path("<int:pk>/pay/new/", views.allowance_new, name="allowance_new"),
    path("<int:pk>/pay/payments/", views.payment_index, name="payment_index"),
    path(PAYMENT, views.payment_detail, name="payment_detail"),
    path(f"{PAYMENT}<slug:verb>/", views.payment_act, name="payment_act"),
    path("<int:pk>/pay/<int:key>/edit/", views.allowance_edit, name="allowance_edit"),
    path("<int:pk>/pay/<int:key>/record/", views.pay, name="pay"),
]
