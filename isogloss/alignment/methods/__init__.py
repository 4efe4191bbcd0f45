"""Alignment methods: one file each, with parameters of its own."""
