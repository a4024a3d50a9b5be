"""An app whose migrations each test writes for itself."""
