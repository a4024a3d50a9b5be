import pytest

from config.overview import describe_access, describe_rows, find_accent, make_overview
from config.ownership import OWNERSHIP
from config.picture import MOST_BOXES, WIDTH, draw_picture
from config.templatetags.figures import bytesize, grouped
from freehold.catalogue import Access, Catalogue, ForeignKey, Schema, Table


def make_catalogue(*names: str, keys: tuple[tuple[str, str], ...] = ()) -> Catalogue:
    return Catalogue(
        dialect="postgresql",
        version="18.4",
        database="freehold",
        login="admin_rw",
        schemas=tuple(Schema(name, f"{name}_owner", (Table(name, "t", f"{name}_owner", 1),)) for name in names),
        foreign_keys=tuple(ForeignKey(source, "t", ("x",), target, "t", ("id",), "CASCADE") for source, target in keys),
    )


def draw(*names: str, keys: tuple[tuple[str, str], ...]) -> object:
    return draw_picture(make_overview(make_catalogue(*names, keys=keys), OWNERSHIP, ()))


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (Access("x", "app"), "may not enter"),
        (Access("x", "app", tables=3, reads=3, writes=3), "may not enter"),
        (Access("x", "app", tables=3, enters=True), "reads and writes nothing"),
        (Access("x", "app", tables=3, reads=3, writes=3, enters=True), "reads and writes every table"),
        (Access("x", "app", tables=3, reads=3, enters=True), "reads every table"),
        (Access("x", "app", tables=3, reads=2, writes=2, enters=True), "reads and writes 2 of 3 tables"),
        (Access("x", "app", tables=3, reads=3, writes=1, enters=True), "reads every table; writes 1 of 3 tables"),
        (Access("x", "app", tables=3, enters=True, columns={"user": ("id", "email")}), "reads 2 columns of user"),
        (Access("x", "app", tables=3, enters=True, creates=True), "may create tables"),
    ],
)
def test_access_in_words(access: Access, expected: str) -> None:
    assert describe_access(access) == expected


@pytest.mark.parametrize(
    ("rows", "exact", "at_least", "expected"),
    [
        (0, True, False, "0"),
        (34012, True, False, "34,012"),
        (2_000_000, False, False, "≈ 2,000,000"),
        (100_000, False, True, "100,000+"),
        (None, False, False, "—"),
    ],
)
def test_rows_in_words(rows: int | None, exact: bool, at_least: bool, expected: str) -> None:
    assert describe_rows(Table("app", "t", "o", 1, rows=rows, exact=exact), at_least=at_least) == expected


def test_figures_of_nothing_known_are_a_dash() -> None:
    assert (grouped(None), bytesize(None)) == ("—", "—")
    assert (grouped(1234567), bytesize(16384)) == ("1,234,567", "16.0\N{NO-BREAK SPACE}KB")


def test_overview_marks_a_table_in_the_wrong_hands() -> None:
    schema = Schema("app", "app_owner", (Table("app", "a", "app_owner", 1), Table("app", "b", "postgres", 1)))
    catalogue = Catalogue("postgresql", "18", "freehold", "admin_rw", (schema,), ())
    (card,) = make_overview(catalogue, OWNERSHIP, ()).cards
    assert [line.misplaced for line in card.tables] == [False, True]


def test_overview_with_an_estimate_gives_an_estimated_sum() -> None:
    tables = (Table("app", "a", "o", 1, rows=5, exact=True, size=10), Table("app", "b", "o", 1, rows=7, size=None))
    catalogue = Catalogue("postgresql", "18", "freehold", "admin_rw", (Schema("app", "o", tables),), ())
    overview = make_overview(catalogue, OWNERSHIP, ())
    assert (overview.tables, overview.rows, overview.size) == (2, "≈ 12", 10)


def test_schema_that_the_map_does_not_know_has_no_service_and_a_neutral_colour() -> None:
    (card,) = make_overview(make_catalogue("stray"), OWNERSHIP, ()).cards
    assert (card.service, card.comment, card.accent) == ("", "", "other")
    assert find_accent("auth") == "auth"


def test_picture_puts_what_is_referred_to_above_and_stays_within_its_width() -> None:
    picture = draw("auth", "master", "app", "public", keys=(("app", "auth"), ("app", "auth"), ("app", "master")))
    rows = {box.card.live.name: box.y for box in picture.boxes}
    assert rows["auth"] == rows["master"] < rows["app"] == rows["public"]
    assert all(box.x >= 0 and box.x + box.width <= WIDTH for box in picture.boxes)
    assert [(arrow.label, arrow.accent) for arrow in picture.arrows] == [
        ("2 foreign keys", "auth"), ("1 foreign key", "master")
    ]  # fmt: skip
    assert picture.words == "2 foreign keys from app to auth; 1 foreign key from app to master"


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (("auth", "app"), ()),
        (("auth", "app"), (("app", "auth"), ("auth", "app"))),
        (tuple(f"s{number}" for number in range(MOST_BOXES + 1)), (("s1", "s0"),)),
    ],
)
def test_picture_that_would_say_nothing_is_left_out(names: tuple[str, ...], keys: tuple[tuple[str, str], ...]) -> None:
    assert draw(*names, keys=keys) is None
