"""What the browse page takes from its query string."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django import forms

from freehold.printable import validate_printable

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
        """Give the price, or None where nothing was typed.

        Raises:
            ValidationError: it is no price.
        """
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
        """Give the text. Before the validators: Django's own would complain of U+0000 once more.

        Raises:
            ValidationError: a page can't hold it.
        """
        text: str | None = super().to_python(value)
        validate_printable(text)
        return text


class BrowseForm(forms.Form):
    """Each field for itself: one that makes no sense is reported beside it and the others still count.

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

    def clean(self) -> None:
        """Report a price range that is upside down."""
        least, most = self.cleaned_data.get("least"), self.cleaned_data.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", "This is less than the lowest price.")

    @property
    def words(self) -> tuple[str, ...]:
        """The words to search for, at most MAX_WORDS."""
        return tuple(self.get_text("q").split()[:MAX_WORDS])

    @property
    def order(self) -> str:
        """The order asked for, or the newest first."""
        return self.get_text("sort") or SORT_CHOICES[0][0]

    @property
    def page_number(self) -> int:
        """The page asked for, or the first."""
        return self.cleaned_data.get("page") or 1

    def get_text(self, name: str) -> str:
        """Give the field's text where it is valid, else nothing. Call `is_valid` first."""
        return str(self.cleaned_data.get(name) or "")

    def get_price(self, name: str) -> Decimal | None:
        """Give the field's number where it is valid, else None."""
        price: Decimal | None = self.cleaned_data.get(name)
        return price
