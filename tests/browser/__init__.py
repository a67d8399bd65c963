"""Pages in a real browser: walks through them, what axe-core finds, how wide they are."""
