"""Numbers: each declared once, with one SQL."""
