"""isogloss story export."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.asked import asking
from isogloss.cli.command import Command, Report, warn
from isogloss.cli.progress import Shared
from isogloss.cli.story._named import add_story, story_of
from isogloss.stories.page import write_page
from isogloss.stories.talk import talk


class Export(Command):
    help = "write a story as one HTML file that plays offline, with its maps answering"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_story(parser)
        parser.add_argument("--out", type=Path, required=True, metavar="F.html")

    def run(self, options: argparse.Namespace) -> Report:
        story, workspace = story_of(options)
        found = talk(story, workspace, run=asking(workspace), progress=Shared())
        size = write_page(found.html, options.out)
        for name, why in found.left_out.items():
            warn(f"the map of {name} is left out ({why}): its picture stays")
        for number in found.stale:
            warn(f"the figures of beat {number} no longer hold: the talk says so; see `isogloss story check`")
        value = {
            "file": str(options.out),
            "bytes": size,
            "beats": len(story),
            "maps": found.maps,
            "left_out": [{"map": name, "why": why} for name, why in found.left_out.items()],
            "stale": list(found.stale),
        }
        return Report(value, [f"{options.out}: {len(story):,} beats, {found.maps:,} maps, {size:,} bytes"])


member = Export()
