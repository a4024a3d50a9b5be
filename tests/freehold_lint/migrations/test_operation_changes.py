"""What Django's operations are read as: new tables, fields of all kinds, tables between models, operations of others."""

from __future__ import annotations

import pytest

from tests.freehold_lint.migrations.cases import CASES, CHECK, KEY, add, alter, sql
from tests.freehold_lint.workshop import Workshop

HEAP = """
migrations.CreateModel("Heap", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField(null=True))],
    options={"db_table": "app.heaps"}),
"""


@pytest.mark.parametrize(
    ("operations", "rules"),
    [
        (add('models.ForeignKey("runs.Wall", models.CASCADE, null=True)'), ["M301"]),
        (add('models.ForeignKey("runs.Wall", models.CASCADE, null=True, db_index=False)'), []),
        (add('models.ForeignKey("runs.Wall", models.CASCADE, default=1)'), ["M105", "M301", "M304"]),
        (add('models.OneToOneField("runs.Wall", models.CASCADE, null=True)'), ["M303"]),
        (add("models.TextField(unique=True, default='')"), ["M105", "M201", "M303"]),
        (add("models.TextField(blank=True)"), ["M105"]),
        (add("models.DateTimeField(auto_now=True)"), ["M105"]),
        (add("models.TextField(db_index=True, null=True)"), ["M301"]),
        (add('models.ManyToManyField("runs.Wall")'), []),
        (
            add(
                "models.GeneratedField(expression=models.F('size'), output_field=models.IntegerField(), db_persist=True)"
            ),
            ["M306"],
        ),
        (alter("size", "models.IntegerField(null=True, db_index=True)"), ["M301"]),
        (alter("size", "models.IntegerField(null=True, unique=True)"), ["M201", "M303"]),
        (alter("size", "models.PositiveIntegerField(null=True)"), ["M203", "M305"]),
        (alter("size", "models.IntegerField(null=True, db_column='weight')"), ["M102"]),
        (alter("size", "models.IntegerField(null=True, help_text='x', choices=[(1, 'a')])"), []),
        (alter("name", "models.CharField(max_length=20, db_collation='C')"), ["M106", "M204", "M307"]),
        (alter("wall_number", KEY), ["M203", "M301", "M304"]),
        (alter("wall_number", KEY.replace("null=True", "null=True, db_constraint=False, db_index=False")), []),
        ('migrations.AlterUniqueTogether("Stone", {("name", "size")}),', ["M201", "M303"]),
        ('migrations.AddConstraint("Stone", models.UniqueConstraint("name", name="u")),', ["M201", "M301"]),
        ('migrations.AlterOrderWithRespectTo("Stone", "wall_number"),', ["M105"]),
        ('migrations.RenameIndex("Stone", "stones_other_idx", old_name="stones_name_idx"),', []),
        ('migrations.AlterModelOptions("Stone", {"ordering": ["name"]}),', []),
        ("migrations.RunPython(migrations.RunPython.noop),", ["M008"]),
        ("migrations.RunSQL('SELECT 1'),", ["M008"]),
        (CASES["M001"].broken + HEAP, ["M001", "M104"]),
    ],
)
def test_operation_is_read_as_postgresql_would_see_it(operations: str, rules: list[str], workshop: Workshop) -> None:
    if "AlterOrderWithRespectTo" in operations:
        operations = (
            alter("wall_number", KEY.replace("db_column", "db_index=False, db_constraint=False, db_column"))
            + operations
        )
    workshop.write("0002_change", operations)

    assert [each.rule for each in workshop.lint()] == rules


@pytest.mark.parametrize(
    "rest",
    [
        'migrations.AddField("Heap", "extra", models.IntegerField(unique=True, default=1)),',
        'migrations.AlterField("Heap", "size", models.PositiveIntegerField(default=1)),',
        'migrations.AddIndex("Heap", models.Index(fields=["size"], name="heaps_size_idx")),',
        'migrations.RenameField("Heap", "size", "weight"),',
        'migrations.RemoveField("Heap", "size"),',
        'migrations.AlterModelTable("Heap", "app.piles"), migrations.AddField("Heap", "x", models.IntegerField()),',
        'migrations.DeleteModel("Heap"),',
        sql("ALTER TABLE app.heaps ADD COLUMN extra int NOT NULL", "UPDATE app.heaps SET size = 1"),
        "migrations.RunPython(work, work),",
    ],
)
def test_table_that_is_new_may_be_changed_in_any_way(rest: str, workshop: Workshop) -> None:
    workshop.write("0002_change", HEAP + rest)

    assert workshop.tell() == []


def test_table_of_sql_that_is_new_may_be_changed_too(workshop: Workshop) -> None:
    workshop.write("0002_change", sql("CREATE TABLE app.heaps (id uuid)", "CREATE UNIQUE INDEX i ON app.heaps (id)"))

    assert workshop.tell() == []


def test_column_that_the_state_forgot_before_is_not_used_any_more(workshop: Workshop) -> None:
    workshop.write("0002_forget", CASES["M103"].mended)
    workshop.write("0003_drop", sql("ALTER TABLE app.stones DROP COLUMN size"))

    assert [each.rule for each in workshop.lint()] == ["M002"]


def test_database_operations_alone_are_judged(workshop: Workshop) -> None:
    inner = add("models.IntegerField(default=1)")
    workshop.write("0002_change", f"migrations.SeparateDatabaseAndState([{inner}], []),")
    workshop.write("0003_change", f"migrations.SeparateDatabaseAndState([], [{inner}]),")

    assert [(each.rule, each.path.rpartition("/")[2]) for each in workshop.lint()] == [("M105", "0002_change.py")]


def test_models_without_a_table_of_their_own_are_left_alone(workshop: Workshop) -> None:
    workshop.write(
        "0002_change",
        """
        migrations.CreateModel("Far", [("id", models.BigAutoField(primary_key=True))], options={"managed": False}),
        migrations.AddField("Far", "extra", models.IntegerField(default=1)),
        migrations.DeleteModel("Far"),
        """,
    )

    assert workshop.tell() == []


def test_renamed_model_takes_the_tables_between_models_along(workshop: Workshop) -> None:
    workshop.write("0002_change", add('models.ManyToManyField("runs.Wall", db_table="app.joins")'))
    workshop.write("0003_change", 'migrations.RenameModel("Stone", "Pebble"),')

    assert workshop.tell() == [
        "M102 app.joins (stone_id): the running release goes on reading and writing stone_id, which is pebble_id now."
    ]


def test_operation_of_someone_else_is_read_as_its_nearest_known_class(workshop: Workshop) -> None:
    path = workshop.write("0002_change", 'Slow("Stone", "extra", models.IntegerField(default=1)),')
    own = "class Slow(migrations.AddField):\n    pass\n\n\nclass Migration"
    path.write_text(path.read_text().replace("class Migration", own, 1))
    workshop.forget()
    slow = [each.rule for each in workshop.lint()]
    path.write_text(path.read_text().replace("    pass\n\n\nclass Mi", "    is_gradual = True\n\n\nclass Mi"))
    workshop.forget()

    assert (slow, workshop.tell()) == (["M105"], [])


def test_constraint_that_says_what_not_null_says_may_go(workshop: Workshop) -> None:
    check = 'models.CheckConstraint(condition=models.Q(("size__isnull", False)), name="c")'
    workshop.write("0002_check", f'postgresql.AddConstraintNotValid("Stone", {check}),')
    workshop.write("0003_validate", 'postgresql.ValidateConstraint("Stone", "c"),')
    workshop.write("0004_require", alter("size", "models.IntegerField()"))
    workshop.write("0005_clean", 'migrations.RemoveConstraint("Stone", "c"),')

    assert [each.rule for each in workshop.lint()] == ["M107", "M202"]
    assert [each.rule for each in workshop.lint(names=("0004", "0005"))] == ["M107", "M202"]


def test_check_that_an_operation_adds_in_steps_is_a_proof(workshop: Workshop) -> None:
    check = 'models.CheckConstraint(condition=models.Q(("size__isnull", False)), name="c")'
    path = workshop.write("0002_check", f'AddCheck("Stone", {check}),')
    own = "class AddCheck(migrations.AddConstraint):\n    is_gradual = True\n\n\nclass Migration"
    path.write_text(path.read_text().replace("class Migration", own, 1))
    workshop.write("0003_require", alter("size", "models.IntegerField()"))

    assert [each.rule for each in workshop.lint()] == ["M107", "M202"]


def test_constraint_that_is_made_anew_under_its_name_is_not_lost(workshop: Workshop) -> None:
    wider = CHECK.replace("stones_small_check", "stones_size_check")
    drop, add_again = CASES["M007"].broken, f'migrations.AddConstraint("Stone", {wider}),'
    workshop.write("0002_change", drop + add_again)
    replaced = [each.rule for each in workshop.lint()]
    workshop.write("0002_change", f'migrations.AddConstraint("Stone", {CHECK}),{drop}')

    assert replaced == ["M203", "M305"]
    assert [each.rule for each in workshop.lint()] == ["M007", "M203", "M305"]


def test_sql_of_sqlite_s_own_is_left_alone(workshop: Workshop) -> None:
    path = workshop.write("0002_change", "RunSQLite(['PRAGMA x = 1', 'DELETE FROM \"app.stones\"'], ''),")
    own = "class RunSQLite(migrations.RunSQL):\n    pass\n\n\nclass Migration"
    path.write_text(path.read_text().replace("class Migration", own, 1))
    workshop.forget()

    assert (workshop.report().findings, workshop.report().notes) == ([], [])


def test_check_that_is_not_validated_proves_nothing(workshop: Workshop) -> None:
    check = 'models.CheckConstraint(condition=models.Q(("size__isnull", False)), name="c")'
    workshop.write("0002_check", f'postgresql.AddConstraintNotValid("Stone", {check}),')
    workshop.write("0003_require", alter("size", "models.IntegerField()"))

    assert [each.rule for each in workshop.lint()] == ["M107", "M202", "M308"]
