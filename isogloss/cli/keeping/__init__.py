"""Commands about what is kept: cases, the rules that find them, stories and what is handed over."""
