"""Which consent text is in force; a yes to an earlier one counts as no answer (docs/privacy.md)."""

# Kept with every answer as proof of what was read: change it whenever a page of the text changes
# (handlers/consent.py; a test compares the two). Everybody is then asked again.
TEXT_VERSION = "2026-11-21"
# The answer that terminals and the simulator give for sample people; it does not grow old.
DEVELOPMENT = "development"

IN_FORCE = (TEXT_VERSION, DEVELOPMENT)
