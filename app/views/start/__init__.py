"""Before anybody is at work: what to open, a new province, the demo, the login."""
