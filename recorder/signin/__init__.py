"""How staff prove who they are: a password with a one-time code, or a passkey."""
