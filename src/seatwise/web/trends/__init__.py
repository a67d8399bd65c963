"""Pages: trends, discovery, coverage and evidence."""
