"""What `kinerja score` computes: input against its schema, the pure rules, values with their working."""
