"""What the browse page takes from its query string."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django import forms

from freehold import validate_printable
from items.queries import SortName

MAX_WORDS: Final = 8
SORT_CHOICES: Final = [
    ("newest", "Newest first"),
    ("cheapest", "Price, low to high"),
    ("dearest", "Price, high to low"),
    ("name", "Name"),
]


class PriceField(forms.DecimalField):
    """A price as the database holds it, or one sentence for everything that is none: `abc`, -1, 1e400, NaN."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, min_value=0, max_digits=12, decimal_places=2)

    def clean(self, value: object) -> Decimal | None:
        try:
            price: Decimal | None = super().clean(value)
        except forms.ValidationError as error:
            raise forms.ValidationError("A price is a number from 0 up, with at most two decimals.") from error
        return price


class TextField(forms.CharField):
    """Text to look for, of characters that a page can hold."""

    def __init__(self, label: str = "", *, max_length: int) -> None:
        super().__init__(label=label, required=False, max_length=max_length)

    def to_python(self, value: object) -> str | None:
        text: str | None = super().to_python(value)
        validate_printable(text)  # before the validators: Django's own would complain of U+0000 once more
        return text


class BrowseForm(forms.Form):
    """Each field for itself: one that makes no sense is reported beside it, and is empty in `cleaned_data`.

    `category` is a path and `location` a slug that a link carried here; `place` is what a person typed instead.
    """

    q = TextField("Search", max_length=100)
    category = TextField(max_length=500)
    location = TextField(max_length=200)
    place = TextField("Place", max_length=100)
    least = PriceField("From")
    most = PriceField("To")
    currency = forms.RegexField(r"^[A-Z]{3}\Z", label="Currency", required=False, strip=True)
    sort = forms.ChoiceField(label="Sort by", required=False, choices=SORT_CHOICES)
    page = forms.IntegerField(required=False, min_value=1)

    def full_clean(self) -> None:
        super().full_clean()
        for name, field in self.fields.items():
            self.cleaned_data.setdefault(name, field.to_python(None))

    def clean(self) -> None:
        least, most = self.cleaned_data.get("least"), self.cleaned_data.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", "This is less than the lowest price.")

    @property
    def words(self) -> tuple[str, ...]:
        """The words to search for, at most MAX_WORDS."""
        return tuple(self.cleaned_data["q"].split()[:MAX_WORDS])

    @property
    def order(self) -> SortName:
        """The order asked for, or the newest first."""
        order: SortName = self.cleaned_data["sort"] or "newest"
        return order

    def list_conditions(self) -> dict[str, str]:
        """Give what is asked for as an address says it: every name in a fixed order, empty where it is the default."""
        data = {**self.cleaned_data, "sort": "" if self.order == "newest" else self.order}
        prices = {name: "" if data[name] is None else f"{data[name]:f}" for name in ("least", "most")}
        return {name: prices.get(name, data[name]) for name in ("q", "category", "least", "most", "currency", "sort")}
