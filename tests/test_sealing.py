"""What is known of two pages when a run ends, without their texts."""

from __future__ import annotations

import pytest

from newscrawler.choice import Candidate
from newscrawler.items import Reason
from newscrawler.sealing import measured


def page(
    name: str, reason: Reason | None = None, of: str | None = None, similarity: float | None = None, version: int = 1
) -> Candidate:
    return Candidate(name, name, "story", 0.0, 1, reason, of, similarity, (0, 0), version=version)


@pytest.mark.parametrize(
    ("copy", "kept", "known"),
    [
        (page("b", "copy", "a", 0.9), page("a"), ("copy", 0.9)),
        (page("a"), page("b", "copy", "a", 0.9), ("copy", 0.9)),
        (page("b", "same_text", "a", 1.0), page("a"), ("same_text", 1.0)),
        (page("a"), page("b", "same_text", "a", 1.0), ("same_text", 1.0)),
        (page("c", "same_text", "a", 1.0), page("b", "same_text", "a", 1.0), ("same_text", 1.0)),
        (page("c", "copy", "a", 0.9), page("b", "copy", "a", 0.8), None),
        (page("c", "copy", "a", 0.9), page("b", "same_text", "a", 1.0), None),
        (page("b", "copy", "a", 0.9, version=2), page("a"), None),
        (page("b"), page("a"), None),
    ],
)
def test_what_was_seen_when_pages_came_is_not_measured_again(copy: Candidate, kept: Candidate, known: object) -> None:
    assert measured(copy, kept) == known
