"""Where things are."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Coalesce, Upper
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, Record, Updated, Versioned, slugs

COUNTRY = r"^[A-Z]{2}\Z"
# Not `desc(nulls_last=True)`: SQLite refuses that in an index.
BY_SIZE = Coalesce("population", models.Value(0)).desc()


class LocationQuerySet(models.QuerySet["Location"]):
    """Locations, by their kind."""

    def countries(self) -> LocationQuerySet:
        """Give the rows that stand for a whole country, by name; index locations_country_name_idx carries it."""
        return self.filter(city="").order_by("country_name")

    def cities(self) -> LocationQuerySet:
        """Give the rows of cities."""
        return self.exclude(city="")


class Location(Versioned, Updated, Record):
    """A city, or, with an empty city, a whole country."""

    city = models.CharField(
        _("city"), max_length=200, blank=True, default="", db_default="", help_text=_("Empty for a whole country.")
    )
    region = models.CharField(_("region"), max_length=200, blank=True, default="", db_default="")
    country = models.CharField(
        _("country"),
        max_length=2,
        validators=[RegexValidator(COUNTRY, _("Enter two capital letters, such as DE."))],
        help_text=_("Code of ISO 3166-1, two capital letters."),
    )
    country_name = models.CharField(_("name of the country"), max_length=100)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=7,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north (WGS 84)."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east (WGS 84)."),
    )
    population = models.IntegerField(_("population"), null=True, blank=True, validators=[MinValueValidator(0)])
    slug = models.SlugField(_("slug"), max_length=200, db_index=False, validators=[slugs.validate_slug])

    objects = LocationQuerySet.as_manager()

    class Meta:
        db_table = "master.locations"
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="locations_slug_uniq",
                violation_error_message=_("A location with this slug exists."),
            ),
            models.UniqueConstraint(
                fields=["country"],
                condition=models.Q(city=""),
                name="locations_country_uniq",
                violation_error_message=_("This country has a row already."),
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=slugs.PATTERN),
                name="locations_slug_check",
                violation_error_message=_("The slug is lower-case letters and digits, joined by single hyphens."),
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex=COUNTRY) & ~models.Q(country_name=""),
                name="locations_country_check",
                violation_error_message=_("A country has two capital letters and a name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(city="") | models.Q(region=""),
                name="locations_region_check",
                violation_error_message=_("A whole country has no region."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=False, longitude__isnull=False)
                | models.Q(latitude__isnull=True, longitude__isnull=True, city=""),
                name="locations_coordinates_check",
                violation_error_message=_("A city has both latitude and longitude; a whole country both or neither."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90)),
                name="locations_latitude_check",
                violation_error_message=_("Latitude lies between -90 and 90."),
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__range=(-180, 180)),
                name="locations_longitude_check",
                violation_error_message=_("Longitude lies between -180 and 180."),
            ),
            models.CheckConstraint(
                condition=models.Q(population__gte=0),
                name="locations_population_check",
                violation_error_message=_("The population is 0 or more."),
            ),
            CountedVersion(name="locations_version_counted"),
        ]
        indexes = [
            # The admin site lists by the first and searches by the second, with `city__istartswith`.
            models.Index(BY_SIZE, "slug", name="locations_population_idx"),
            models.Index(Upper("city"), name="locations_city_idx"),
            models.Index(fields=["country", "city"], name="locations_country_city_idx"),
            models.Index(fields=["country_name"], condition=models.Q(city=""), name="locations_country_name_idx"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.region, self.country_name) if part)

    @property
    def is_country(self) -> bool:
        """Whether this row stands for a whole country."""
        return not self.city
