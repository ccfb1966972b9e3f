"""The application: everything with a clock, a folder, a socket or a user."""
