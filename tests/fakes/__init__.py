"""Stand-ins for the world outside: strict, shared, and never told what to expect."""
