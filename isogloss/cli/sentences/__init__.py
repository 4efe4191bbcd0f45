"""Commands about sentences in many languages."""
