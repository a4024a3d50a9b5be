import pytest

from config.ownership import OWNERSHIP
from config.templatetags.figures import bytesize, grouped
from studio.database import Database, ForeignKey, Table
from studio.overview import AccessLine, describe_rows, find_accent, iter_access, make_overview
from studio.picture import MOST_BOXES, WIDTH, Picture, draw_picture


def make_database(*tables: Table, keys: tuple[tuple[str, str], ...] = ()) -> Database:
    return Database(
        vendor="postgresql",
        version="18.4",
        name="freehold",
        login="web_rw",
        owners={table.schema: f"{table.schema}_owner" for table in tables},
        tables=tables,
        foreign_keys=tuple(ForeignKey(source, "t", "x", target, "t", "id", "CASCADE") for source, target in keys),
    )


def draw(*names: str, keys: tuple[tuple[str, str], ...]) -> Picture | None:
    tables = [Table(name, "t", f"{name}_owner", 1) for name in names]
    return draw_picture(make_overview(make_database(*tables, keys=keys), OWNERSHIP))


def test_access_is_what_the_map_gives_each_login() -> None:
    assert list(iter_access(OWNERSHIP.find_schema("auth"), OWNERSHIP)) == [
        AccessLine("web_rw", "reads and writes every table"),
        AccessLine("api_rw", "reads 4 columns of user", (("user", "id, email, display_name, is_active"),)),
        AccessLine("admin_rw", "reads and writes every table"),
    ]
    assert list(iter_access(OWNERSHIP.find_schema("public"), OWNERSHIP)) == [
        AccessLine("web_rw", "may not enter", anything=False),
        AccessLine("api_rw", "may not enter", anything=False),
        AccessLine("admin_rw", "reads every table"),
    ]


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
    assert describe_rows(rows, exact=exact, at_least=at_least) == expected


def test_figures_of_nothing_known_are_a_dash() -> None:
    assert (grouped(None), bytesize(None)) == ("—", "—")
    assert (grouped(1234567), bytesize(16384)) == ("1,234,567", "16.0\N{NO-BREAK SPACE}KB")


def test_overview_marks_a_table_in_the_wrong_hands() -> None:
    database = make_database(Table("app", "a", "app_owner", 1), Table("app", "b", "postgres", 1))
    (card,) = make_overview(database, OWNERSHIP).cards
    assert [table.owner != card.declared for table, _ in card.tables] == [False, True]


def test_overview_with_an_estimate_gives_an_estimated_sum() -> None:
    tables = (Table("app", "a", "o", 1, rows=5, exact=True, size=10), Table("app", "b", "o", 1, rows=7, size=None))
    overview = make_overview(make_database(*tables), OWNERSHIP)
    assert (overview.tables, overview.rows, overview.size) == (2, "≈ 12", 10)


def test_schema_that_the_map_does_not_know_has_no_service_and_a_neutral_colour() -> None:
    (card,) = make_overview(make_database(Table("stray", "t", "stray_owner", 1)), OWNERSHIP).cards
    assert (card.service, card.comment, card.accent, card.access) == ("", "", "other", ())
    assert find_accent("auth") == "auth"


def test_overview_names_the_tables_that_a_model_declares_and_nobody_made() -> None:
    database = make_database(Table("app", "items", "app_owner", 3))
    assert make_overview(database, OWNERSHIP, declared={"app.items", "app.runs"}).missing == ("app.runs",)


def test_picture_puts_what_is_referred_to_above_and_stays_within_its_width() -> None:
    picture = draw("auth", "master", "app", "public", keys=(("app", "auth"), ("app", "auth"), ("app", "master")))
    rows = {box.card.name: box.y for box in picture.boxes}
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
