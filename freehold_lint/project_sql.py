"""All that `lint` says of the project's SQL: L040 to L043 of any, L070 to L079 of pairs of files, migrations and seeds.

The way down of a migration is judged by these rules alone; what the way up does to rows and to a running release is
`lintmigrations`' to say. In migrations and seeds a waiver counts where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.apps import apps

from freehold.authoring.order import list_own_apps
from freehold.findings import Finding
from freehold.ownership import Ownership
from freehold.scripts.pairs import DIRECTIONS, ScriptFileError, read_text, shorten
from freehold_lint import completeness, put_together, raw_sql, undoing, waivers
from freehold_lint.locations import find_location
from freehold_lint.texts import get_path, iter_pair_files, load_migrations

TITLES = dict(sorted({**raw_sql.TITLES, **put_together.TITLES, **completeness.TITLES, **undoing.TITLES}.items()))


def list_file_findings(ownership: Ownership, others: Iterable[str]) -> list[Finding]:
    """Give what is found and no waiver lets pass, and what is wrong with waivers. `others` are the rules of
    `lintmigrations`.

    Raises:
        MissingExtraError: there is no parser.
    """
    pairs = completeness.list_pairs(ownership)
    found = raw_sql.list_sql_findings(ownership) + put_together.list_text_findings(ownership)
    found += completeness.list_pair_findings(ownership, pairs)
    found += [finding for pair in pairs for finding in _iter_undoing_findings(pair)]
    paths = {shorten(path): path for path in _iter_lasting_files(ownership)}
    comments = [each for path in paths.values() for each in waivers.read_waivers(path)]
    placed = [(each, find_location(paths[each.path], each.line)) for each in found if each.path in paths]
    rest = [each for each in found if each.path not in paths]
    kept = list(waivers.apply_waivers(comments, placed))
    return [*rest, *kept, *_list_waiver_findings(comments, set(others))]


def _iter_undoing_findings(pair: completeness.Pair) -> Iterator[Finding]:
    up, down = (pair.find_script(direction, "postgresql") for direction in DIRECTIONS)
    for script in filter(None, (up, down)):
        yield from undoing.iter_repeat_findings(script)
    if up and down:
        yield from undoing.iter_undo_findings(up, down)


def _iter_lasting_files(ownership: Ownership) -> Iterator[Path]:
    """Yield the files of migrations and seeds that can be read; of the others L078 tells."""
    own = list_own_apps(ownership)
    paths = [path for app in own for _, path in iter_pair_files(apps.get_app_config(app))]
    paths += [get_path(migration) for (app, _), migration in load_migrations().items() if app in own]
    for path in paths:
        with suppress(ScriptFileError):
            read_text(path)
            yield path


def _list_waiver_findings(comments: Iterable[waivers.Waiver], others: set[str]) -> Iterator[Finding]:
    """Yield what is wrong with waivers that are no concern of `lintmigrations`, by their ids or by their file."""
    for each in comments:
        is_judged_there = each.path.suffix == ".py" or _runs_upwards(each.path)
        looked = set(TITLES) if is_judged_there else {*TITLES, *others}
        if each.names("L") or not is_judged_there:
            yield from waivers.list_waiver_findings([each], each.path.name, {*TITLES, *others}, looked)


def _runs_upwards(path: Path) -> bool:
    """Tell whether a migration runs the file on the way up, on PostgreSQL."""
    return path.parent.name == "sql" and ".up." in path.name and not path.name.endswith(".sqlite.sql")
