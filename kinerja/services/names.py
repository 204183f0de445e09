"""How a name is searched for: without accents, marks and capitals."""

import unicodedata


def search_key(name: str) -> str:
    """What `Person.search_name` holds, and what a search must turn its words into."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    spaced = "".join(c if c.isalnum() else " " for c in bare.casefold())
    return " ".join(spaced.split())[:200]
