"""Tells Django what this floor is called."""

from django.apps import AppConfig


class ControlConfig(AppConfig):
    name = "seatwise.control"
    label = "control"
