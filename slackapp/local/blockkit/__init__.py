"""Says what Slack would refuse in a message, a modal or a Home tab, before Slack does.

`problems` compares a payload with Slack's rules. The numbers are data (`composition`, `elements`, `rich_text`,
`blocks`, `surfaces`), each with its source; the code that walks a payload is `shapes`.
"""

from slackapp.local.blockkit.problem import BlockKitProblem, Surface
from slackapp.local.blockkit.surfaces import problems

__all__ = ["BlockKitProblem", "Surface", "problems"]
