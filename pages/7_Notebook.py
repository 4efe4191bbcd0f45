"""Notebook: what was kept, with its evidence, and whether it still holds."""

from components.notebook.panel import notebook
from components.shell.bar import quiet_bar
from components.shell.frame import frame

with frame("Notebook"):
    quiet_bar("Notebook")
    notebook()
