"""A validator for Block Kit: what Slack would refuse in a message, a modal or a Home tab.

`problems` compares a payload with Slack's rules. The numbers are data (`composition`, `elements`, `rich_text`,
`blocks`, `surfaces`), each with its source; the code that walks a payload is `schema`.
"""

from slackapp.local.blockkit.problem import BlockKitProblem, Surface
from slackapp.local.blockkit.surfaces import problems

__all__ = ["BlockKitProblem", "Surface", "problems"]
