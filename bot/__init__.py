"""Đồng Hành: the rooms of the house. docs/house.md is the map."""

__version__ = "0.1.0"
