"""The addresses of what people decide: prices, owners, products, policies, below a workspace's own address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from seatwise.web.decisions import by_hand, files, history, licence, merge, people, policy, prices, product

urlpatterns: list[URLPattern | URLResolver] = [
    path("decide/app/", by_hand.add, name="app_by_hand"),
    path("decide/licence/<str:sku>/", licence.decide_licence, name="decide_licence"),
    path("decide/person/<str:person>/", people.decide_person, name="decide_person"),
    path("decide/file/<str:kind>/", files.hand_in, name="decide_file"),
    path("decide/file/<str:kind>/export", files.exported, name="decide_file_export"),
    path("decide/draft/<uuid:draft>/", files.draft, name="decide_draft"),
    path("decide/draft/<uuid:draft>/back", files.handed_back, name="decide_draft_back"),
    path("decide/product/<str:product>/", product.decide_product, name="decide_product"),
    path("decide/product/<str:product>/merge", merge.merge, name="decide_merge"),
    path("decide/product/<str:product>/split", merge.split, name="decide_split"),
    path("decide/product/<str:product>/seats", by_hand.seats, name="decide_seats"),
    path("decide/product/<str:product>/seats/remove", by_hand.seat_removed, name="decide_seat_remove"),
    path("decide/product/<str:product>/remove", by_hand.removed, name="decide_remove"),
    path("decisions/", history.decisions, name="decisions"),
    path("decisions/<int:number>/undo", history.undo, name="decision_undo"),
    path("settings/policy/", policy.policy, name="policy"),
    path("settings/policy/names", policy.names, name="names_shown"),
    path("settings/prices/", prices.prices, name="prices"),
    path("settings/prices/licences/", prices.licence_prices, name="licence_prices"),
    path("settings/prices/currency", prices.currency, name="currency"),
    path("settings/protected/", people.protected, name="protected"),
]
