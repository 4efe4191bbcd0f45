"""What is asked of texts beside the check of pairs: `pick()` in the drawer, `show(picked)` on the page."""
