"""What is handed over when somebody asks for everything that is held about them."""
