"""The state of the workspace: its people, channels, views and files, and lookups in it."""

from dataclasses import dataclass, field

from slackapp.local.protocol.errors import SlackError
from slackapp.local.protocol.types import Json
from slackapp.local.state.channels import SlackChannel, SlackFile, SlackMessage
from slackapp.local.state.installation import SlackApp, SlackTeam
from slackapp.local.state.people import SlackUser, SlackUserGroup
from slackapp.local.state.views import SlackView


@dataclass(kw_only=True, slots=True)
class WorkspaceState:
    """Everything that a reset brings back to the seed. `stacks` and `homes` are keyed by person."""

    team: SlackTeam = field(default_factory=SlackTeam)
    app: SlackApp = field(default_factory=SlackApp)
    users: dict[str, SlackUser] = field(default_factory=dict)
    channels: dict[str, SlackChannel] = field(default_factory=dict)
    usergroups: dict[str, SlackUserGroup] = field(default_factory=dict)
    stacks: dict[str, list[SlackView]] = field(default_factory=dict)
    homes: dict[str, SlackView] = field(default_factory=dict)
    alerts: dict[str, list[Json]] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)

    def user(self, user_id: str) -> SlackUser:
        """Return a person, or raise `user_not_found`."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def im_with(self, user_id: str) -> SlackChannel | None:
        """Return the direct message between the app and a person, if it was ever opened."""
        return next((c for c in self.channels.values() if c.is_im and user_id in c.members), None)

    def open_im(self, user_id: str) -> SlackChannel:
        """Return the direct message between the app and a person, opening it if needed."""
        person = self.user(user_id)
        channel = self.im_with(user_id)
        if channel is None:
            channel = SlackChannel(
                id=f"D0{person.id[1:]}", name=person.name, is_im=True, members=[self.app.bot_user, person.id]
            )
            self.channels[channel.id] = channel
        return channel

    def has_bot(self, channel: SlackChannel) -> bool:
        """Say whether the app's bot is a member."""
        return self.app.bot_user in channel.members

    def other_side(self, channel: SlackChannel, user_id: str) -> SlackUser:
        """Return the other person of a direct message."""
        return self.users[next(member for member in channel.members if member != user_id)]

    def sees(self, user_id: str, message: SlackMessage) -> bool:
        """Say whether a member of its channel sees a message: ephemeral ones only their addressee."""
        return message.ephemeral_to in {None, user_id}

    def stack(self, user_id: str) -> list[SlackView]:
        """Return a person's open modals, the visible one last."""
        return self.stacks.setdefault(user_id, [])

    def all_views(self) -> list[SlackView]:
        """Return every open modal and every Home tab."""
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
