"""The guide, the list of keys, and what program this is."""
