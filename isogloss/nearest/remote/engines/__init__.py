"""Vector engines: one file each; `claims` says whether an address is its."""
