"""A command of several actions: `isogloss cases list`."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, Report, add_json
from isogloss.family import Family


class Grouped(Command):
    """help: one line. actions: what it does, by the word after its name; each is a command of its own."""

    json = False  # each action says whether it has it
    actions: Family[Command]

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        below = parser.add_subparsers(dest="action", required=True, parser_class=type(parser))
        for name in self.actions.names:
            action = self.actions[name]
            one = below.add_parser(name, help=action.help, description=action.help)
            action.arguments(one)
            if action.json:
                add_json(one)

    def run(self, options: argparse.Namespace) -> Report | None:
        return self.actions[options.action].run(options)
