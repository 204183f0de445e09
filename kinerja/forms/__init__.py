"""What came in, is it well formed? Text, numbers, shape; not law, not roles."""
