"""The addresses of savings, insights and notifications, below a workspace's own address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
