"""The admin site as a whole: its pages, its sidebar by schema, what its start page says. Each app has its own pages."""
