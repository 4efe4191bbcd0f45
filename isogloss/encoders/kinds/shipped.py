"""The encoder that comes with Isogloss, in the stages of its training."""

from __future__ import annotations

from isogloss.encoders.encoder import Encoder
from isogloss.encoders.static import PREFIX, STAGES, load_encoder


class Shipped:
    name = "shipped"
    title = "ours"
    help = "small and static: a text is the mean of its tokens; it knows many scripts"
    models = {stage: f"ours, stage {stage}" for stage in (STAGES[-1], *STAGES[:-1])}  # noqa: RUF012
    asks = ""
    example = ""

    def claims(self, model: str) -> bool:
        return not model or model in STAGES

    def open(self, model: str) -> Encoder:
        """The last stage where none is named."""
        return load_encoder(model or STAGES[-1])

    def model_of(self, encoder: str) -> str | None:
        stage = encoder.removeprefix(PREFIX)
        return stage if stage in STAGES else None


member = Shipped()
