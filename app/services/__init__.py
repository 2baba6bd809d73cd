"""What people do: one file an area, one function an operation, all through the gate."""
