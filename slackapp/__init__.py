"""The Baton app: Slack, HTTP and the command line, on top of the database package `storage`."""

import zoneinfo
from typing import Final

MACHINE_TZPATH: Final = zoneinfo.TZPATH
"""Where the machine keeps its own time zones, which are only compared."""

# The time zones that come with Baton win over the machine's, which may be years old.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
