"""Measurements, each printing a table."""
