"""Stories: findings in order, with their evidence, told from a stage."""

from components.shell.bar import quiet_bar
from components.shell.frame import frame
from components.stories.panel import stories_page
from components.stories.stage.stage import on_stage, speaker, speaking, stage

with frame("Stories"):
    if name := speaking():
        speaker(name)
    elif name := on_stage():
        stage(name)
    else:
        quiet_bar("Stories")
        stories_page()
