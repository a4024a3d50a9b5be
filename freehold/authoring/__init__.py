"""Files that are written for a person: drafts of migrations and moves, their order."""
