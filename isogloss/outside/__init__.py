"""Files from outside are looked at in a limited process beside this one."""
