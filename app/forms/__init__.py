"""The annexes on paper: a dataclass in, PDF bytes out; a QR code in, a form's number out. No database, no Qt."""
