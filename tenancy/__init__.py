"""Who works together: tenants, memberships, projects, API keys."""
