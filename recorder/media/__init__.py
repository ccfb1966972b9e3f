"""ffmpeg and pictures; the only user of subprocess."""
