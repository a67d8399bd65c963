"""Pages: what people decide: prices, owners, products, policies."""
