"""The admin pages of schema master."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from freehold import CarefulForm, ImportAdmin, ModelAdmin
from master.models import Category, Location
from master.models.location import BY_SIZE
from master.services.category import save_category


class RootFilter(admin.SimpleListFilter):
    """One branch of the category tree. Subclasses say where the listed rows keep the category's path."""

    title = _("category")
    parameter_name = "within"
    path = "path"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[models.Model]) -> list[tuple[str, str]]:
        """Give the categories at the top."""
        return list(Category.objects.roots().order_by("name").values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Give the rows in the branch that was chosen, or all."""
        if not self.value():
            return queryset
        below = models.Q(**{f"{self.path}__startswith": f"{self.value()}/"})
        return queryset.filter(models.Q(**{self.path: self.value()}) | below)


class CountryFilter(admin.SimpleListFilter):
    """One country."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[models.Model]) -> list[tuple[str, str]]:
        """Give the countries that have a row of their own, by name."""
        return list(Location.objects.countries().values_list("country", "country_name"))

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Location]) -> models.QuerySet[Location]:
        """Give the locations in the country that was chosen, or all."""
        return queryset.filter(country=self.value()) if self.value() else queryset


class CategoryForm(CarefulForm):
    """A category whose path follows parent and slug, unless someone writes one that does not."""

    class Meta:
        model = Category
        fields = ("parent", "name", "slug", "path", "position")

    def clean(self) -> dict[str, Any] | None:
        """Leave a path that nobody touched to the model: it changes with the slug or the parent."""
        data = super().clean()
        if "path" not in self.changed_data:
            self.cleaned_data["path"] = ""
        return data


@admin.register(Category)
class CategoryAdmin(ImportAdmin, ModelAdmin):
    """The category tree, by path."""

    icon = "account_tree"
    form = CategoryForm
    list_display = ("path", "name", "position", "updated_at")
    list_filter = (RootFilter,)
    search_fields = ("path", "name")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("path",)
    readonly_fields = ("id", "version", "created_at", "updated_at")
    fields = ("parent", "name", "slug", "path", "position", "version", "created_at", "updated_at", "id")
    identified_by = ("path",)
    exported = ("id", "version", "path", "name", "position", "created_at", "updated_at")
    imported = ("path", "name", "position")

    def save_model(self, request: HttpRequest, obj: Category, form: forms.ModelForm[Category], change: bool) -> None:
        """Save, and move what lies below."""
        save_category(category=obj)

    def complete_imported(self, row: Category, change: bool) -> None:
        """Give the row the parent and the slug that its path says."""
        above, _slash, row.slug = row.path.rpartition("/")
        row.parent = Category.objects.filter(path=above).first() if above else None
        if above and not row.parent:
            text = _("There is no category %(path)s. Give it a row of its own, further up.")
            raise ValidationError({"path": ValidationError(text, params={"path": above})})


@admin.register(Location)
class LocationAdmin(ImportAdmin, ModelAdmin):
    """Cities and countries, the largest first."""

    icon = "location_on"
    list_display = ("place", "region", "country_name", "population", "latitude", "longitude", "slug")
    list_filter = (("city", admin.EmptyFieldListFilter), CountryFilter)
    search_fields = ("city__istartswith", "country", "slug")
    search_help_text = _("The beginning of a city's name, a country's code, or a slug.")
    ordering = (BY_SIZE, "slug")
    show_facets = admin.ShowFacets.NEVER  # a count for each of 250 countries
    readonly_fields = ("id", "version", "created_at", "updated_at")
    identified_by = ("slug",)
    imported = ("slug", "city", "region", "country", "country_name", "latitude", "longitude", "population")
    exported = ("id", "version", *imported, "created_at", "updated_at")

    @admin.display(description=_("place"), ordering="city")
    def place(self, location: Location) -> str:
        """Give the city's name, or the country's where the row stands for it."""
        return location.city or location.country_name

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Location], search_term: str
    ) -> tuple[models.QuerySet[Location], bool]:
        """Give the locations that the whole term begins or names; an index carries each of the three.

        Django's own search takes the term apart at its blanks, and finds no New York.
        """
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        by_city = models.Q(city__istartswith=term)
        return queryset.filter(by_city | models.Q(country=term.upper()) | models.Q(slug=term.lower())), False
