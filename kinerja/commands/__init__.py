"""The subcommands of `kinerja`, one module per subject."""
