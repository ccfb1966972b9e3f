"""What a file is, and what is made of it: decoded in a closed-off child, never here."""
