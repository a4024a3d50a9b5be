"""What things are."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Concat, Length, Right
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, Record, Updated, Versioned, slugs

PATH_LENGTH = 500


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories, with what their path tells."""

    def roots(self) -> CategoryQuerySet:
        """Give those at the top."""
        return self.filter(parent=None)

    def within(self, category: Category) -> CategoryQuerySet:
        """Give the category itself and all below it."""
        return self.filter(models.Q(pk=category.pk) | models.Q(path__startswith=f"{category.path}/"))


class Category(Versioned, Updated, Record):
    """A node of the category tree. `path` joins the slugs from the root down: `electronics/phones/android`."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.DO_NOTHING,  # NO ACTION: the database refuses to delete a category with children
        null=True,
        blank=True,
        db_index=False,
        related_name="children",
        verbose_name=_("parent"),
        help_text=_("Empty at the top of the tree."),
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, db_index=False, validators=[slugs.validate_slug])
    path = models.CharField(
        _("path"),
        max_length=PATH_LENGTH,
        blank=True,
        help_text=_("Made from the parent's path and the slug, such as electronics/phones/android."),
    )
    position = models.IntegerField(
        _("position"),
        default=0,
        db_default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Order among the children of one parent, smallest first."),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        db_table = "master.categories"
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["path"],
                name="categories_path_uniq",
                violation_error_message=_("A category with this path exists: choose another slug or parent."),
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="categories_parent_check",
                violation_error_message=_("A category is not its own parent."),
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=slugs.PATTERN),
                name="categories_slug_check",
                violation_error_message=_("The slug is lower-case letters and digits, joined by single hyphens."),
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, path=models.F("slug"))
                | models.Q(
                    Exact(Right("path", Length("slug") + 1), Concat(models.Value("/"), models.F("slug"))),
                    parent__isnull=False,
                ),
                name="categories_path_check",
                violation_error_message=_("The path ends in the slug, and is the slug at the top of the tree."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="categories_name_check",
                violation_error_message=_("The name can't be empty."),
            ),
            models.CheckConstraint(
                condition=models.Q(position__gte=0),
                name="categories_position_check",
                violation_error_message=_("The position is 0 or more."),
            ),
            CountedVersion(name="categories_version_counted"),
        ]
        indexes = [
            models.Index(fields=["parent", "position"], name="categories_parent_position_idx"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def depth(self) -> int:
        """How many categories lie above this one: 0 at the top."""
        return self.path.count("/")

    def build_path(self) -> str:
        """Give the path that parent and slug make."""
        return f"{self.parent.path}/{self.slug}" if self.parent else self.slug

    def clean(self) -> None:
        """Fill an empty path; refuse one that is not what parent and slug make, and a move that can't be.

        Raises:
            ValidationError: as above, on the field.
        """
        super().clean()
        if self.parent_id == self.pk:
            raise ValidationError({"parent": _("A category is not its own parent.")})
        stored = self.find_stored_path()
        if stored and self.parent and self.parent.path.startswith(f"{stored}/"):
            raise ValidationError({"parent": _("A category can't lie below one of its own children.")})
        path = self.build_path()
        self.path = self.path or path
        if self.path != path:
            raise ValidationError({"path": self.describe_mismatch(path)})
        if len(path) + self.measure_below(stored) > PATH_LENGTH:
            raise ValidationError({"path": _("The path, or one below it, would be too long: choose a shorter slug.")})

    def describe_mismatch(self, expected: str) -> ValidationError:
        """Give the error that names the path as it is and as it should be."""
        message = _("The path is %(found)s; parent and slug make it %(expected)s.")
        return ValidationError(message, code="path", params={"found": self.path, "expected": expected})

    def find_stored_path(self) -> str | None:
        """Give the path as the database has it, or None where the category is new."""
        return Category.objects.filter(pk=self.pk).values_list("path", flat=True).first()

    def measure_below(self, path: str | None) -> int:
        """Give how many characters the longest path below `path` is longer than it; 0 where nothing lies below."""
        if not path:
            return 0
        below = Category.objects.filter(path__startswith=f"{path}/")
        longest = below.aggregate(longest=models.Max(Length("path")))["longest"]
        return longest - len(path) if longest else 0
