"""Mined pairs: their margins, and which of them are suspicious."""
