"""isogloss story check."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from isogloss.cli.asked import asking
from isogloss.cli.command import Command, Report
from isogloss.cli.progress import Shared
from isogloss.cli.story._named import add_story, story_of
from isogloss.stories.check import Checked, check


class Check(Command):
    help = "run the commands of a story's beats again: which hold, which changed, for which something is missing"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_story(parser)

    def run(self, options: argparse.Namespace) -> Report:
        story, workspace = story_of(options)
        found = list(check(story, asking(workspace), workspace=workspace, progress=Shared()))
        return Report([one.as_json() for one in found], _lines(found))


def _lines(found: Sequence[Checked]) -> Iterator[str]:
    for one in found:
        why = f": {one.verdict.why}" if one.verdict.why else ""
        yield f"{one.verdict.verdict:8} {one.beat:3} {one.title}{why}"
    holds, changed, missing = (
        sum(one.verdict.verdict == word for one in found) for word in ("holds", "changed", "missing")
    )
    yield f"{len(found):,} beats: {holds:,} hold, {changed:,} changed, for {missing:,} something is missing"


member = Check()
