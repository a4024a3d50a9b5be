"""Words that end a transaction are found wherever a statement may begin, and nowhere else."""

from __future__ import annotations

import pytest

from freehold.scripts.transactions import find_ending


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("COMMIT", "COMMIT"),
        ("\n\t commit;", "COMMIT"),
        ("SELECT 1;COMMIT", "COMMIT"),
        ("SELECT 1;\n\nEND", "END"),
        ("/* one */ROLLBACK", "ROLLBACK"),
        ("/* one /* two */ three */ ROLLBACK", "ROLLBACK"),
        ("SELECT 1; /* one */ -- two\n  BEGIN", "BEGIN"),
        ("-- one\r\nABORT", "ABORT"),
        ("-- one\rABORT", "ABORT"),
        ("---- one ----\n-- two\nSTART TRANSACTION", "START"),
        ("SELECT 1 --- one\n; PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION"),
        ("SELECT 1; -- one\n/* two */ PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION"),
        ("PREPARE one AS SELECT 1", ""),
        ("SAVEPOINT one; ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one", ""),
        ("-- one\nSELECT CASE WHEN true THEN 1\nEND", ""),
        ("SELECT CASE WHEN true THEN 1 -- one\nEND", ""),
        ("SELECT '; COMMIT', $$; COMMIT$$ /* ; COMMIT */ -- ; COMMIT", ""),
        ('SELECT "commit" FROM commits; SELECT commit_id', ""),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END", ""),
        ("COMMIT 'not closed", ""),
    ],
)
def test_word_is_found_where_a_statement_begins(script: str, word: str) -> None:
    assert find_ending(script) == word
