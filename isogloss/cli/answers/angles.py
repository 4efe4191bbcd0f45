"""isogloss angles."""

from __future__ import annotations

import argparse
import math

from isogloss.cli.command import Command, Report, number
from isogloss.cli.groups import add_groups, space_of
from isogloss.separation.angles import mean_angles
from isogloss.separation.groups import groups_of


class Angles(Command):
    help = "principal angles between the scripts or languages of a space"
    json = False  # it stands among the arguments about groups

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        add_groups(parser)

    def run(self, options: argparse.Namespace) -> Report:
        space = space_of(options)
        groups = groups_of(space, options.by)
        angles = mean_angles(space.vectors, groups.codes, len(groups.names))
        value = {"groups": list(groups.names), "mean_angle": [[number(v) for v in row] for row in angles]}
        lines = [
            f"{name:8} " + " ".join("  –  " if math.isnan(v) else f"{v:5.2f}" for v in row)
            for name, row in zip(groups.names, angles, strict=True)
        ]
        return Report(value, lines)


member = Angles()
