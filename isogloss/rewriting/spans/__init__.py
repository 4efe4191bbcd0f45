"""Types of spans that a rewriting must keep: one a file."""
