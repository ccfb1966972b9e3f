"""The pages: server-rendered, for practitioners, supervisors and young people."""
