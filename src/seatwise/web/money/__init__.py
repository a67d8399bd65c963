"""Pages about money and what to do: overview, savings, insights, and what is told by e-mail."""
