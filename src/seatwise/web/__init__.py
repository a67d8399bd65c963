"""The pages: parse, may they, ask, show."""
