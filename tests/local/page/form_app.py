"""A small app under the page: a form with every input, a card with buttons, a Home tab; it keeps what it gets."""

import re
import threading
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

ANA, BEN = "U0ANA", "U0BEN"
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tryout"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "tryout"},
        "shortcuts": [
            {"name": "Open the form", "type": "global", "callback_id": "open", "description": "x"},
            {"name": "Quote this", "type": "message", "callback_id": "quote", "description": "x"},
        ],
        "slash_commands": [
            {"command": "/form", "description": "Shows every input", "usage_hint": "[anything]", "should_escape": True},
            {"command": "/card", "description": "Posts a card"},
            {"command": "/slow", "description": "Shows a form that fills itself later"},
            {"command": "/fail", "description": "Breaks"},
            {"command": "/pages", "description": "Shows a form of two pages"},
        ],
    },
    "oauth_config": {
        "scopes": {"bot": ["commands", "chat:write", "users:read", "channels:read", "channels:history", "files:read"]}
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}, "socket_mode_enabled": True},
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, **more}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.capitalize()), "value": value}


def asked(key: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    element = {"action_id": "value", **element}
    return {"type": "input", "block_id": key, "label": plain(key.capitalize()), "element": element, **more}


NOTE = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Call "},
                {"type": "text", "text": "Acme", "style": {"bold": True}},
                {"type": "text", "text": " with "},
                {"type": "user", "user_id": BEN},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 0,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "price"}]}],
        },
    ],
}
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Every input"),
    "submit": plain("Send"),
    "close": plain("Not now"),
    "notify_on_close": True,
    "blocks": [
        {"type": "alert", "text": plain("Look before you send"), "level": "warning"},
        asked("title", {"type": "plain_text_input", "placeholder": plain("What is it?"), "max_length": 80}),
        asked(
            "story", {"type": "plain_text_input", "multiline": True}, optional=True, hint=plain("As long as you like")
        ),
        asked("note", {"type": "rich_text_input", "initial_value": NOTE, "placeholder": plain("Formatted")}),
        asked("priority", {"type": "static_select", "options": [option("low"), option("high")]}),
        asked("tags", {"type": "multi_static_select", "options": [option("red"), option("blue"), option("green")]}),
        asked("queue", {"type": "external_select", "min_query_length": 1, "placeholder": plain("Search a queue")}),
        asked("person", {"type": "users_select"}),
        asked("people", {"type": "multi_users_select", "initial_users": [BEN]}),
        asked("place", {"type": "conversations_select", "filter": {"include": ["public"]}}),
        asked("day", {"type": "datepicker", "initial_date": "2026-12-01"}),
        asked("time", {"type": "timepicker"}),
        asked("instant", {"type": "datetimepicker"}),
        asked("checks", {"type": "checkboxes", "options": [option("told"), option("asked")]}),
        asked("choice", {"type": "radio_buttons", "options": [option("yes"), option("no")]}, dispatch_action=True),
        asked("mail", {"type": "email_text_input"}),
        asked("link", {"type": "url_text_input"}, optional=True),
        asked("number", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}),
    ],
}
CARD: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Acme renewal")},
    {
        "type": "section",
        "block_id": "words",
        "text": mrkdwn("*Waiting* for <!subteam^S0CS>, due <!date^1793000000^{date_short} at {time}|soon> &amp; more"),
        "accessory": {"type": "overflow", "action_id": "more", "options": [option("history"), option("cancel")]},
    },
    {
        "type": "section",
        "fields": [mrkdwn("*Sender*\n<@U0ANA>"), mrkdwn("*Next step*\nCall `them`"), mrkdwn("*Where*\n<#C0SALES>")],
    },
    {"type": "context", "elements": [mrkdwn("Sent by <@U0BEN>"), plain("High priority")]},
    {"type": "divider"},
    NOTE,
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {"type": "button", "action_id": "claim", "text": plain("Claim"), "style": "primary", "value": "v1:7"},
            {
                "type": "button",
                "action_id": "delete",
                "text": plain("Delete"),
                "style": "danger",
                "confirm": {
                    "title": plain("Delete it?"),
                    "text": mrkdwn("It is *gone* then."),
                    "confirm": plain("Delete"),
                    "deny": plain("Keep"),
                    "style": "danger",
                },
            },
            {"type": "button", "action_id": "silent", "text": plain("Never answered")},
        ],
    },
]


def growing(fields: int, title: str = "Grows") -> dict[str, Any]:
    """Make a form that can get another field while somebody types in the first."""
    blocks = [asked(f"field{n}", {"type": "plain_text_input"}) for n in range(fields)]
    more = {"type": "button", "action_id": "grow", "text": plain("One more")}
    deeper = {"type": "button", "action_id": "push", "text": plain("Go deeper")}
    acts = {"type": "actions", "block_id": "acts", "elements": [more, deeper]}
    return {"type": "modal", "title": plain(title), "submit": plain("Go"), "blocks": [*blocks, acts]}


def first_page(*, why: bool = False) -> dict[str, Any]:
    """The first of two pages: a lamp, and with another answer than stable the question why."""
    lamp = {"type": "static_select", "options": [option("stable"), option("watch")]}
    told = {"type": "checkboxes", "options": [option("told"), option("asked")]}
    blocks = [
        asked("customer", {"type": "plain_text_input"}),
        asked("lamp", lamp, dispatch_action=True),
        *([asked("why", {"type": "plain_text_input"}, hint=plain("One line"))] if why else []),
        asked("marks", told, dispatch_action=True, optional=True),
        asked("logs", {"type": "file_input", "max_files": 2, "filetypes": ["log", "png"]}, optional=True),
    ]
    return {
        "type": "modal",
        "callback_id": "page1",
        "title": plain("Page 1 of 2"),
        "submit": plain("Next"),
        "blocks": blocks,
    }


def second_page() -> dict[str, Any]:
    """The second page, with a button back to the first."""
    back = {"type": "button", "action_id": "back", "text": plain("Back")}
    blocks = [
        asked("hours", {"type": "number_input", "is_decimal_allowed": True, "min_value": "0.5", "max_value": "8"}),
        asked("place", {"type": "url_text_input"}),
        {"type": "actions", "block_id": "acts", "elements": [back]},
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Page 2 of 2"),
        "submit": plain("Send"),
        "blocks": blocks,
    }


class FormApp:
    """A small app that shows things and keeps what it gets."""

    def __init__(self, address: str) -> None:
        self.got: list[dict[str, Any]] = []
        self.arrived = threading.Condition()
        self.errors: dict[str, str] = {}
        self.broken = False
        self.answers = threading.Event()
        """Cleared, the next page comes before the answer to the press that asked for it, which waits."""
        self.answers.set()
        client = WebClient(token="xoxb-local-bot", base_url=f"{address}/api/")
        app = App(client=client, process_before_response=True)
        app.command("/form")(self.form)
        app.command("/card")(self.card)
        app.command("/slow")(self.slow)
        app.command("/fail")(self.fail)
        app.command("/pages")(self.pages)
        app.view("page1")(self.turn)
        app.action("back")(self.back)
        app.action({"action_id": "value", "block_id": "lamp"})(self.ask_why)
        app.shortcut("open")(self.form)
        app.shortcut("quote")(self.quote)
        app.action("claim")(self.claim)
        app.action("grow")(self.grow)
        app.action("push")(self.push)
        app.action(re.compile("more|delete|value|home"))(self.note)
        app.options("value")(self.queues)
        app.view("form")(self.submitted)
        app.view_closed("form")(self.note)
        app.event("app_home_opened")(self.home)
        self.handler = SocketModeHandler(app, "xapp-local-app", web_client=client)

    def keep(self, body: dict[str, Any]) -> None:
        with self.arrived:
            self.got.append(body)
            self.arrived.notify_all()

    def connect(self) -> None:
        self.handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt does not annotate it

    def close(self) -> None:
        self.handler.close()  # type: ignore[no-untyped-call]  # as above

    def wait_for(self, kind: str) -> dict[str, Any]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: any(one.get("type") == kind for one in self.got), 5), self.got
            return next(one for one in reversed(self.got) if one.get("type") == kind)

    def note(self, ack: Ack, body: dict[str, Any]) -> None:
        self.keep(body)
        ack()

    def form(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
        ack()

    def card(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.chat_postMessage(channel=body["channel_id"], text="Acme renewal is waiting", blocks=CARD)
        ack("Posted. Only you see <https://example.org|this>.")

    def slow(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        wait = {"type": "modal", "title": plain("Wait"), "blocks": [{"type": "section", "text": plain("Loading…")}]}
        view = client.views_open(trigger_id=body["trigger_id"], view=wait)["view"]
        client.views_update(view_id=view["id"], hash=view["hash"], view=growing(1))
        ack()

    def pages(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=first_page())
        ack()

    def turn(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        self.keep(body)
        if not self.answers.is_set():
            client.views_update(view_id=body["view"]["id"], view=second_page())
            self.answers.wait(60)
            ack()
            return
        ack(response_action="update", view=second_page())

    def back(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_update(view_id=body["view"]["id"], view=first_page())
        ack()

    def ask_why(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        self.keep(body)
        chosen = body["actions"][0]["selected_option"]["value"]
        client.views_update(view_id=body["view"]["id"], view=first_page(why=chosen == "watch"))
        ack()

    def fail(self, ack: Ack) -> None:
        raise ValueError(ack)

    def quote(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        self.keep(body)
        client.chat_postMessage(
            channel=body["channel"]["id"], thread_ts=body["message_ts"], text="Quoted in the thread"
        )
        ack()

    def claim(self, ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        self.keep(body)
        blocks = [*CARD[:1], {"type": "section", "text": mrkdwn(f"<@{body['user']['id']}> has it")}]
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Claimed", blocks=blocks)
        respond("You have it now.", replace_original=False)
        ack()

    def grow(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        self.keep(body)
        view = body["view"]
        client.views_update(view_id=view["id"], hash=view["hash"], view=growing(len(view["blocks"])))
        ack()

    def push(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=growing(1, title="Deeper"))
        ack()

    def queues(self, ack: Ack, body: dict[str, Any]) -> None:
        names = [f"queue {n}" for n in range(150)]
        ack(options=[option(name) for name in names if body["value"] in name][:100])

    def submitted(self, ack: Ack, body: dict[str, Any]) -> None:
        self.keep(body)
        if self.broken:
            raise ValueError("the database is away")
        if self.errors:
            ack(response_action="errors", errors=self.errors)
        else:
            ack()

    def home(self, event: dict[str, Any], client: WebClient) -> None:
        button = {"type": "button", "action_id": "home", "text": plain("Refresh")}
        blocks = [
            {"type": "section", "text": mrkdwn("*Your work*")},
            {"type": "actions", "block_id": "acts", "elements": [button]},
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
