"""Wiring: how the floors below become one running program."""
