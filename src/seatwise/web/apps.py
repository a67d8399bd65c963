"""Tells Django what this floor is called."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "seatwise.web"
    label = "web"
