"""How Graph behaves whatever is asked: errors, paging, limits, permissions, faults."""
