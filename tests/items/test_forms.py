import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from items.forms import MAX_WORDS, BrowseForm

NOT_A_PRICE = "A price is a number from 0 up, with at most two decimals."


def read(**parameters: str) -> BrowseForm:
    form = BrowseForm(parameters)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "text",
    [
        *("-1", "abc", "1e400", "1" + "0" * 400, "1e-400", "NaN", "Infinity", "-Infinity", "1.234", "1\0"),
        "\N{FULLWIDTH DIGIT ONE}e99999999",
    ],
)
def test_price_that_is_none_is_reported_and_ignored(text: str) -> None:
    form = read(least=text, q="oak")
    assert form.errors["least"] == [NOT_A_PRICE]
    assert form.cleaned_data["least"] is None
    assert form.words == ("oak",)


def test_price_range_upside_down_keeps_the_lower_end() -> None:
    form = read(least="10", most="5")
    assert form.errors == {"most": ["This is less than the lowest price."]}
    assert (form.cleaned_data["least"], form.cleaned_data["most"]) == (10, None)


def test_words_beyond_the_most_are_left_out() -> None:
    assert read(q=" ".join("abcdefghijkl")).words == tuple("abcdefgh")[:MAX_WORDS]


def test_search_text_too_long_is_reported_and_ignored() -> None:
    form = read(q="x" * 101)
    assert form.errors == {"q": ["Ensure this value has at most 100 characters (it has 101)."]}
    assert form.words == ()


@pytest.mark.parametrize("text", ["a\0b", "a\x01b", "a\x85b", "a\ufffeb"])
def test_search_text_that_no_page_can_hold_is_reported_once_and_not_given_back(text: str) -> None:
    form = read(q=text, place=text)
    assert form.errors == {name: ["Control characters are not allowed."] for name in ("q", "place")}
    assert form["q"].value() == "a\N{REPLACEMENT CHARACTER}b"
    assert form.words == ()


@pytest.mark.parametrize("text", ["", "sideways", "-price", "newest;drop"])
def test_order_unknown_is_the_newest_first(text: str) -> None:
    assert read(sort=text).order == "newest"


@pytest.mark.parametrize("text", ["eur", "EURO", "E\0R", "€"])
def test_currency_that_is_no_code_is_ignored(text: str) -> None:
    assert read(currency=text).cleaned_data["currency"] == ""


@given(st.dictionaries(st.sampled_from(sorted(BrowseForm.base_fields)), st.text(max_size=600)))
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine the first text is
def test_form_takes_any_text_without_raising(parameters: dict[str, str]) -> None:
    form = read(**parameters)
    assert len(form.words) <= MAX_WORDS
    assert form.order in {"newest", "cheapest", "dearest", "name"}
    for name in ("least", "most"):
        assert (form.cleaned_data[name] or 0) >= 0
