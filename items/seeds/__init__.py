"""Things on offer to try the site with."""
