"""The words that travel between rooms: frozen, without behaviour that reaches anything."""
