"""The project: settings, URLs and the ownership map. The only place that knows every app."""
