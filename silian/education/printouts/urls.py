from django.urls import path

from silian.education.printouts import views

FORM = "<int:pk>/forms/<int:number>/"

app_name = "printouts"
urlpatterns = [
    path(f"{FORM}paper.pdf", views.paper_pdf, name="paper_pdf"),
    path(f"{FORM}key.pdf", views.key_pdf, name="key_pdf"),
]
