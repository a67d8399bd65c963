"""The query language of Graph: filters, selections, order."""
