"""Lets `python -m seatwise` do what `seatwise` does."""

from seatwise.cli import main

main()
