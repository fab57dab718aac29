"""How people reach us. One file a channel; bot/app.py names them (a registry here would drag every
SDK along)."""
