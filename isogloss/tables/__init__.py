"""Tables of text in files of any kind: unpacked, recognised by their content, read to a table and a tally."""
