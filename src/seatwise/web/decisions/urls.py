"""The addresses of what people decide: prices, owners, products, policies, below a workspace's own address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
