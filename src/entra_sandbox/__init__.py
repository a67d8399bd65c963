"""A local Microsoft: login, Graph and a made-up company, for trying and testing."""
