"""Our disk: sealed packages as received, tables made from them, what is derived from the tables."""
