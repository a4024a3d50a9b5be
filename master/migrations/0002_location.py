"""Create master.locations."""

import uuid

import django.core.validators
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import freehold.functions


class Migration(migrations.Migration):
    dependencies = [
        ("master", "0001_category"),
    ]

    operations = [
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=freehold.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "city",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Empty for a whole country.",
                        max_length=200,
                        verbose_name="city",
                    ),
                ),
                (
                    "region",
                    models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="region"),
                ),
                (
                    "country",
                    models.CharField(
                        help_text="Code of ISO 3166-1, two capital letters.",
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}\\Z", "Enter two capital letters, such as DE."
                            )
                        ],
                        verbose_name="country",
                    ),
                ),
                ("country_name", models.CharField(max_length=100, verbose_name="name of the country")),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        help_text="Degrees north (WGS 84).",
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        help_text="Degrees east (WGS 84).",
                        max_digits=8,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "population",
                    models.IntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="population",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*\\Z",
                                "Enter lower-case letters a to z and digits, joined by single hyphens, such as mobile-phones.",
                            )
                        ],
                        verbose_name="slug",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name="updated"
                    ),
                ),
            ],
            options={
                "verbose_name": "location",
                "verbose_name_plural": "locations",
                "db_table": "master.locations",
                "indexes": [
                    models.Index(
                        models.OrderBy(
                            django.db.models.functions.comparison.Coalesce("population", models.Value(0)),
                            descending=True,
                        ),
                        models.F("slug"),
                        name="locations_population_idx",
                    ),
                    models.Index(django.db.models.functions.text.Upper("city"), name="locations_city_idx"),
                    models.Index(fields=["country", "city"], name="locations_country_city_idx"),
                    models.Index(
                        condition=models.Q(("city", "")), fields=["country_name"], name="locations_country_name_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug",),
                        name="locations_slug_uniq",
                        violation_error_message="A location with this slug exists.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("city", "")),
                        fields=("country",),
                        name="locations_country_uniq",
                        violation_error_message="This country has a row already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*\\Z")),
                        name="locations_slug_check",
                        violation_error_message="The slug is lower-case letters and digits, joined by single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("country__regex", "^[A-Z]{2}\\Z"), models.Q(("country_name", ""), _negated=True)
                        ),
                        name="locations_country_check",
                        violation_error_message="A country has two capital letters and a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("city", ""), _negated=True), ("region", ""), _connector="OR"),
                        name="locations_region_check",
                        violation_error_message="A whole country has no region.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            models.Q(("city", ""), ("latitude__isnull", True), ("longitude__isnull", True)),
                            _connector="OR",
                        ),
                        name="locations_coordinates_check",
                        violation_error_message="A city has both latitude and longitude; a whole country both or neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("latitude__range", (-90, 90))),
                        name="locations_latitude_check",
                        violation_error_message="Latitude lies between -90 and 90.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longitude__range", (-180, 180))),
                        name="locations_longitude_check",
                        violation_error_message="Longitude lies between -180 and 180.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("population__gte", 0)),
                        name="locations_population_check",
                        violation_error_message="The population is 0 or more.",
                    ),
                ],
            },
        ),
    ]
