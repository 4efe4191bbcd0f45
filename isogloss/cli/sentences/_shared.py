"""What the commands about sentences share."""

from __future__ import annotations

import argparse

from isogloss.cli.command import whole
from isogloss.encoders.layers import POOLS, Pooling
from isogloss.sentences.encoded import Sentences


def add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="", metavar="M", help="a stage of the shipped encoder, a folder or a name")
    parser.add_argument(
        "--layer", type=whole(-999, 999), metavar="L", help="of a transformer; 0 the embeddings, -1 the last"
    )
    parser.add_argument("--pool", choices=POOLS, default="weighted", help="of a layer")
    parser.add_argument("--prefix", default="", metavar="P", help="put before every text, such as 'query: '")


def model_of(options: argparse.Namespace) -> Sentences:
    return Sentences(options.model, options.layer, Pooling(options.pool, prefix=options.prefix))
