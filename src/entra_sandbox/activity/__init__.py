"""The log and report endpoints of Graph."""
