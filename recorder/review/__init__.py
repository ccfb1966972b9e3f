"""The state machine of a note, and the web app for its three audiences."""
