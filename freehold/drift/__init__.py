"""Drift: whatever a database holds otherwise than the map and the policies beside the models declare it."""
