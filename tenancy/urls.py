"""Pages about tenants."""

from django.urls import path

from tenancy import views

app_name = "tenancy"
urlpatterns = [
    path("<str:secret>/", views.show_invitation, name="invitation"),
]
