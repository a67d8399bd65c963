"""Tells Django what this floor is called."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "seatwise.web"
    label = "web"

    def ready(self) -> None:
        # Connects the signals of signing in.
        from seatwise.web import accounts  # noqa: F401
