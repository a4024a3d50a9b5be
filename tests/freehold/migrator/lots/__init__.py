"""Apps of the tests: `meadow` and `barn` lie in schema app, `manor` in schema auth, and `stray` in none."""
