"""The admin pages of items."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from freehold import ExportAdmin, ImportAdmin, ModelAdmin, TabularInline
from items.models import Favorite, Item, ItemImage
from items.money import format_money
from master.admin import RootFilter


class ItemRootFilter(RootFilter):
    """Items of one branch of the category tree."""

    path = "category__path"


class ItemImageInline(TabularInline):
    """The images of an item, in their order."""

    model = ItemImage
    fields = ("position", "url", "alt")
    ordering = ("position",)
    extra = 0


@admin.register(Item)
class ItemAdmin(ImportAdmin, ModelAdmin):
    """What people offer, the newest first."""

    icon = "sell"
    list_display = ("name", "user", "category", "location", "cost", "is_active", "created_at")
    list_filter = ("is_active", ItemRootFilter)
    list_select_related = ("user", "category", "location")
    search_fields = ("name", "user__email")
    autocomplete_fields = ("user", "category", "location")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    inlines = (ItemImageInline,)
    readonly_fields = ("id", "version", "created_at", "updated_at")
    needs_version = True
    imported = ("user", "category", "location", "name", "description", "price", "currency", "is_active")
    exported = ("id", "version", *imported, "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("name", "description", "user", "category", "location")}),
        (_("Offer"), {"fields": ("price", "currency", "is_active")}),
        (_("Record"), {"fields": ("version", "created_at", "updated_at", "id")}),
    )

    @admin.display(description=_("price"), ordering="price")
    def cost(self, item: Item) -> str:
        """Give the price with its currency."""
        return format_money(item.price, item.currency)


@admin.register(ItemImage)
class ItemImageAdmin(ExportAdmin, ModelAdmin):
    """Images of all items, the newest first."""

    icon = "image"
    list_display = ("item", "position", "alt", "url", "created_at")
    list_select_related = ("item",)
    search_fields = ("alt", "item__name")
    autocomplete_fields = ("item",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    readonly_fields = ("id", "version", "created_at")
    exported = ("id", "version", "item", "position", "url", "alt", "created_at")


@admin.register(Favorite)
class FavoriteAdmin(ExportAdmin, ModelAdmin):
    """Who marked what, the newest first."""

    icon = "favorite"
    list_display = ("user", "item", "created_at")
    list_select_related = ("user", "item")
    search_fields = ("user__email", "item__name")
    autocomplete_fields = ("user", "item")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    readonly_fields = ("id", "version", "created_at")
    exported = ("id", "version", "user", "item", "created_at")
