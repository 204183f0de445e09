"""Use-cases, transactions and queries. Nothing here knows of HTTP."""
