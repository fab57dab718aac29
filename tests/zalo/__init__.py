"""The client of Zalo's Official Account API, its webhook, its tokens and the strict fake."""
