app_name = "marking"
urlpatterns: list[object] = []
