"""The page of the database: what lies where, who may use it, and where it is not as declared."""
