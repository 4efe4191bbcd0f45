"""What the actions of `isogloss story` share."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.cli.command import workspace_of
from isogloss.separation.concepts import ensure_made
from isogloss.stories.shelf import StoryShelf, read_story
from isogloss.stories.story import Story
from isogloss.workspace.store import Workspace


def add_story(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("story", metavar="FILE|NAME", help="a story as a file, or one of those at hand by its name")


def story_of(options: argparse.Namespace) -> tuple[Story, Workspace]:
    """The story as it can be printed, and its workspace. Raises NotFound, InvalidValue, StoreError."""
    workspace, named = workspace_of(options), str(options.story)
    shelf = StoryShelf(workspace)
    is_file = named not in shelf.names and (Path(named).suffix == ".json" or Path(named).exists())
    story = read_story(Path(named)) if is_file else shelf.open(named)
    for name in {beat.view.get("collection") for beat in story.beats}:
        ensure_made(workspace, name)
    return story.showable(), workspace
