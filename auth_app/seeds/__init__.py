"""People to try the site with."""
