"""The encoder that comes with Isogloss, in the stages of its training."""

from __future__ import annotations

from isogloss.encoders.encoder import Encoder
from isogloss.encoders.static import DISTILLED, PREFIX, STAGES, load_encoder


class Shipped:
    name = "shipped"
    title = "ours"
    help = "small and static: a text is the mean of its tokens; it knows many scripts"
    models = {stage: f"ours, stage {stage}" for stage in (DISTILLED, *reversed(STAGES))}  # noqa: RUF012
    asks = ""
    example = ""

    def claims(self, model: str) -> bool:
        return not model or model in self.models

    def open(self, model: str) -> Encoder:
        """The distilled one where none is named."""
        return load_encoder(model or DISTILLED)

    def model_of(self, encoder: str) -> str | None:
        stage = encoder.removeprefix(PREFIX)
        return stage if stage in self.models else None


member = Shipped()
