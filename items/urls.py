"""Pages about items."""

from django.urls import path

from items import views

app_name = "items"
urlpatterns = [
    path("", views.browse, name="browse"),
    path("places/", views.show_places, name="places"),
    path("<uuid:item_id>/", views.show_item, name="item"),
]
