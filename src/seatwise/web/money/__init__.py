"""Pages: savings, insights and notifications."""
