"""What people see: one folder an area; Qt only here."""
