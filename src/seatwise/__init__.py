"""Seatwise: every SaaS app of an Entra tenant, who has a seat, who uses it."""
