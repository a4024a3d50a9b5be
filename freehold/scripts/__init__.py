"""SQL in pairs of files, one up and one down."""
