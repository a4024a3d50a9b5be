"""Amounts of money as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# The signs that CLDR gives for English (common/main/en.xml); all other currencies are written by their code.
SIGNS: Final = {
    "AUD": "A$", "BRL": "R$", "CAD": "CA$", "CNY": "CN¥", "EUR": "€", "GBP": "£", "HKD": "HK$", "ILS": "₪",
    "INR": "₹", "JPY": "¥", "KRW": "₩", "MXN": "MX$", "NZD": "NZ$", "PHP": "₱", "TWD": "NT$", "USD": "$", "VND": "₫",
}  # fmt: skip
# ISO 4217, list one: currencies whose minor unit is not in use.
WHOLE: Final = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"}
    | {"RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}
)


def format_money(amount: Decimal, currency: str) -> str:
    """Give an amount with its currency's sign or code; the minor unit only where the currency has one or it counts."""
    whole = currency in WHOLE and amount == amount.to_integral_value()
    figure = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    sign = SIGNS.get(currency)
    return f"{sign}{figure}" if sign else f"{currency}\N{NO-BREAK SPACE}{figure}"


def count_hundredths(amount: Decimal) -> int:
    """Give an amount of at most two decimals in hundredths of its currency's unit, as `Item.price_cents` has it.

    They are not the minor unit: 500 yen, which have none, are 50,000. A third decimal is rounded as the database does.
    """
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))
