"""Seals: texts that the database signed, and nobody else can. Optional; the map places it in schema `seal`."""
