"""Which command gives the figures of a view, a file for each page."""
