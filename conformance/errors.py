"""What stops a run before it can say anything about the backend."""


class ConformanceError(Exception):
    """A fault of the surroundings, in one line with the way out."""
