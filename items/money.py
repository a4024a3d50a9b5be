"""Amounts of money as people read them."""

from __future__ import annotations

from decimal import Decimal
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
