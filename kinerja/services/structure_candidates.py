"""More than one who could act on a post today: the pengelola is warned, and told who of them acts."""

from collections.abc import Iterator, Mapping, Sequence

from kinerja.rules.objection import ESTABLISHED_BY
from kinerja.services.structure import PlacementView, PostView, Structure

# Who comes first; whoever is only on loan to a post acts for nobody.
ORDER = ("definitif", "plt", "pjs", "plh")
DELEGATE = len(ORDER)
# A Plh. stands in for a holder who is away, and a delegate beside the one who asked him: so it should be.
MEANT = ({"definitif", "plh"}, {"plt", "plh"}, {"pjs", "plh"})


def may_establish(structure: Structure, person_id: int, posts: Sequence[PostView]) -> bool:
    """Is whoever holds these posts the one who establishes the SKP of this person by his rank? (p.65)"""
    own = [structure.posts[held.post_id] for held in structure.current(person_id) if held.kind == "definitif"]
    named = [ESTABLISHED_BY[post.rank] for post in own if post.group == "JPT" and post.rank in ESTABLISHED_BY]
    return not named or any((post.group, post.rank) in named for post in posts)


def doubled(
    structure: Structure, by_post: Mapping[int, Sequence[PlacementView]]
) -> Iterator[tuple[int, list[str]]]:
    """(post, names in the order in which they act) where two could act for the same at once."""
    people = structure.people
    for post_id, placements in by_post.items():
        held = [one for one in placements if one.kind in ORDER and one.covers(structure.on)]
        delegates = [d for d in structure.delegations if d.post_id == post_id and not d.as_penilai]
        kinds = {one.kind for one in held}
        two_acting = len(held) > 1 and kinds not in MEANT and kinds != {"definitif"}
        if not two_acting and not (delegates and "plh" in kinds):
            continue
        ranked = [(ORDER.index(one.kind), _said(people[one.person_id].name, one.kind)) for one in held]
        ranked += [(DELEGATE, f"{people[d.delegate_id].name} (pendelegasian)") for d in delegates]
        yield post_id, [name for _rank, name in sorted(ranked)]


def _said(name: str, kind: str) -> str:
    return name if kind == "definitif" else f"{name} ({kind.capitalize()}.)"
