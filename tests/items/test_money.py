from decimal import Decimal

import pytest

from items.models import Item
from items.money import format_money
from items.templatetags.prices import price


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("1234.5", "EUR", "€1,234.50"),
        ("9999999999.99", "USD", "$9,999,999,999.99"),
        ("0.05", "GBP", "£0.05"),
        ("80", "CHF", "CHF\N{NO-BREAK SPACE}80.00"),
        ("1500.00", "JPY", "¥1,500"),
        ("1500.50", "JPY", "¥1,500.50"),
        ("12000", "CLP", "CLP\N{NO-BREAK SPACE}12,000"),
        ("1", "CAD", "CA$1.00"),
    ],
)
def test_format_money_of_a_currency_follows_its_habits(amount: str, currency: str, expected: str) -> None:
    assert format_money(Decimal(amount), currency) == expected


def test_price_of_nothing_reads_free() -> None:
    assert price(Item(price=Decimal("0.00"), currency="EUR")) == "Free"


def test_price_of_something_reads_as_money() -> None:
    assert price(Item(price=Decimal("3.00"), currency="EUR")) == "€3.00"
