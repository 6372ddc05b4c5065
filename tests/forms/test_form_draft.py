"""Whatever is done with a form of several pages, the values typed last are sent."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slackapp.forms.listeners import buttons, open_form, pages
from slackapp.forms.model import Prefilled
from slackapp.forms.queries import form_context
from slackapp.handoffs.views import refusals
from slackapp.local.blockkit.element_state import initial_state, state_of
from slackapp.slack import ids, payloads
from slackapp.slack.conversation import CloseModals, Context, OpenModal, Reply, UpdateModal, tell
from slackapp.templates.actions import install_shipped
from storage.company import queues
from storage.company.model import Queue
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.model import Handoff
from tests.batons import a_baton
from tests.thoroughness import examples

TEAM: Final = "T1"
BEN: Final = "U0BEN"
SALES: Final = Queue(workspace=TEAM, key="sales", name="Sales", channel="C1", templates=("ae_csm", "sbar", "project"))
_names = itertools.count(1)

Json = dict[str, Any]


@pytest.fixture
def context(database: Database) -> Context:
    with database.transaction() as tx:
        install_shipped(tx, TEAM)
        queues.put(tx, SALES)
        queues.put(tx, replace(SALES, key="plain", name="Plain", channel="C2", templates=()))
    return Context(baton=a_baton(database), workspace=TEAM, team_url="https://x.slack.com")


@dataclass
class Form:
    """A form in somebody's Slack: what is drawn, and what is typed into it. Equal ids keep what was typed."""

    context: Context
    view: Json
    id: str = field(default_factory=lambda: f"V{next(_names)}")
    state: dict[str, Json] = field(default_factory=dict)
    finished: bool = False

    def __post_init__(self) -> None:
        self.show(self.view)

    @property
    def inputs(self) -> dict[str, Json]:
        """The inputs by key."""
        return {b["block_id"].partition("~")[0]: b for b in self.view["blocks"] if b["type"] == "input"}

    def show(self, view: Json) -> None:
        """Draw it anew."""
        self.view, before = view, self.state
        self.state = {}
        for block in self.inputs.values():
            fresh = initial_state(block["element"])
            old = before.get(block["block_id"])
            self.state[block["block_id"]] = old if old and old["type"] == fresh["type"] else fresh

    def type(self, key: str, value: Any) -> None:
        """Type or choose."""
        block = self.inputs[key]
        self.state[block["block_id"]] = state_of(block["element"], value)

    def text(self, key: str) -> Any:
        """What stands in a field."""
        state = self.state[self.inputs[key]["block_id"]]
        return (state.get("selected_option") or {}).get("value") or state.get("value")

    def press(self, action_id: str, value: str = "") -> None:
        """Press a button, or choose in a field that tells at once."""
        body = {"actions": [{"action_id": action_id, "value": value}], "user": {"id": BEN}, "view": self._payload()}
        self._obey(buttons.CLICKS[action_id](self.context, payloads.parse_click(body)))

    def submit(self) -> Reply:
        """Press the button below."""
        reply = open_form.submit(self.context, self.sheet())
        self._obey(reply)
        return reply

    def sheet(self) -> payloads.Submit:
        """The form as Slack sends it."""
        return payloads.parse_submit({"user": {"id": BEN}, "view": self._payload()})

    def _payload(self) -> Json:
        values = {block_id: {ids.VALUE: state} for block_id, state in self.state.items()}
        return {**json.loads(json.dumps(self.view)), "id": self.id, "hash": "1.a", "state": {"values": values}}

    def _obey(self, reply: Reply) -> None:
        self.finished = isinstance(reply, CloseModals)
        if isinstance(reply, UpdateModal):
            self.show(reply.view)


def open_new_form(context: Context, prefilled: Prefilled | None = None) -> Form:
    """`/handoff`."""
    reply = open_form.new_form(context, BEN, prefilled or open_form.NO_VALUES)
    assert isinstance(reply, OpenModal)
    form = Form(context, reply.view)
    if reply.on_opened:
        reply.on_opened(form.id)
    return form


def sent_handoff(context: Context) -> Handoff | None:
    with context.baton.db.reading() as tx:
        found = handoffs.list_sent_by(tx, TEAM, BEN, 1)
    return found[0] if found else None


def send_to_the_end(form: Form) -> None:
    """Go on to the end, with words where something has to be answered."""
    for _ in range(12):
        if form.finished:
            return
        for key, block in form.inputs.items():
            element = block["element"]
            empty = form.text(key) is None
            if empty and element["type"] == "plain_text_input":
                form.type(key, "as it is")
            elif empty and "options" in element and key != "priority":
                form.type(key, element["options"][0]["value"])
        form.submit()
    raise AssertionError("the form does not end")


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), st.integers(0, 2), st.text("abc", min_size=1, max_size=8)),
        st.tuples(st.sampled_from(["next", "back", "tell", "more"])),
        st.tuples(st.just("template"), st.sampled_from(["ae_csm", "sbar", "project"])),
        st.tuples(st.just("reopen")),
    ),
    max_size=25,
)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS)
def test_going_back_and_forth_in_any_order_never_loses_an_answer(context: Context, acts: list[tuple[Any, ...]]) -> None:
    form = open_new_form(context)
    said: dict[str, str] = {}
    form.type("queue", "sales")
    for key, words in (("title", "Acme"), ("next_step", "Call")):
        form.type(key, words)
    form.press(ids.VALUE)
    form.submit()
    for act in acts:
        form = _act(context, form, act, said)
        for key, words in said.items():
            if key in form.inputs:
                assert shape(form.text(key)) == shape(words), key
    send_to_the_end(form)

    handoff = sent_handoff(context)
    assert handoff
    kept = {**handoff.fields, "title": handoff.title, "next_step": handoff.next_step}
    asked = said.keys() & kept.keys()
    assert {key: shape(kept[key]) for key in asked} == {key: said[key] for key in asked}


def _act(context: Context, form: Form, act: tuple[Any, ...], said: dict[str, str]) -> Form:
    match act:
        case ("type", number, words):
            free = [key for key, block in form.inputs.items() if _is_typed(block)]
            if free:
                form.type(free[number % len(free)], words)
                said[free[number % len(free)]] = words
        case ("template", key) if "template" in form.inputs:
            form.type("template", key)
            form.press(ids.VALUE)
        case ("next",):
            if not _is_last_page(form):
                form.submit()
        case ("back",) if form.view.get("submit") and _has(form, ids.FORM_BACK):
            form.press(ids.FORM_BACK)
        case ("more",) if _has(form, ids.FORM_MORE):
            form.press(ids.FORM_MORE)
        case ("tell",):
            form.press(ids.VALUE)
        case ("reopen",):
            form.press(ids.VALUE)
            again = open_new_form(context)
            again.press(ids.FORM_CONTINUE, ids.button_value(_meta(form).get("draft", form.id)))
            return again
    return form


def _meta(form: Form) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(form.view["private_metadata"])
    return found


def _has(form: Form, action_id: str) -> bool:
    return any(
        element["action_id"] == action_id
        for block in form.view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    )


def _is_last_page(form: Form) -> bool:
    return str(form.view["submit"]["text"]) != "Next"


def _is_typed(block: Json) -> bool:
    return bool(block["element"]["type"] == "plain_text_input")


def shape(answer: Any) -> str:
    """An answer as it was typed: a list has a line for each point."""
    return "\n".join(answer) if isinstance(answer, list) else str(answer or "")


def test_where_several_answers_come_from_stands_once_above_them(context: Context) -> None:
    values = {"title": "Acme", "next_step": "Call", "queue": "sales", "link": "https://crm.example.com/1"}
    marks = {"title": "from the message", "next_step": "from the message", "link": "from #37"}
    form = open_new_form(context, Prefilled(values=values, marks=marks))

    above = [block["elements"][0]["text"] for block in form.view["blocks"] if block["type"] == "context"]
    assert [text for text in above if "prefilled" in text] == ["Some answers are prefilled from the message."]
    for key in ("title", "next_step"):
        assert form.inputs[key]["hint"]["text"].startswith("Prefilled. Please check.")
    assert form.inputs["link"]["hint"]["text"].startswith("Prefilled from #37. Please check.")


def test_a_first_value_is_marked_until_its_author_has_sent_the_page_it_stands_on(context: Context) -> None:
    values = {"title": "Acme", "queue": "sales", "why_bought": "Their audit"}
    marks = {"title": "from the message", "why_bought": "from the last handoff #37"}
    form = open_new_form(context, Prefilled(values=values, marks=marks))
    assert form.inputs["title"]["hint"]["text"].startswith("Prefilled from the message. Please check.")
    form.press(ids.VALUE)
    assert "Please check" in form.inputs["title"]["hint"]["text"], "choosing a team is not looking at the title"
    form.type("next_step", "Call")
    form.submit()
    assert form.text("why_bought") == "Their audit"
    assert "from the last handoff #37" in form.inputs["why_bought"]["hint"]["text"]
    form.press(ids.FORM_BACK)
    assert "Please check" not in form.inputs["title"]["hint"]["text"]


def test_a_form_filled_in_by_baton_alone_is_not_offered_as_begun(context: Context) -> None:
    form = open_new_form(
        context, Prefilled(values={"queue": "sales", "why_bought": "x"}, marks={"why_bought": "from the message"})
    )
    pages.closed(context, form.sheet())
    assert form_context.latest_unsent_draft(context.baton, workspace=TEAM, user=BEN) is None
    form.type("title", "Acme")
    pages.closed(context, form.sheet())
    assert form_context.latest_unsent_draft(context.baton, workspace=TEAM, user=BEN) is not None


def test_a_form_that_was_sent_already_says_so_and_is_not_kept_again(context: Context) -> None:
    form = open_new_form(context)
    for key, words in (("queue", "plain"), ("title", "Acme"), ("next_step", "Call"), ("note", "Some words")):
        form.type(key, words)
    assert isinstance(form.submit(), CloseModals)
    body = {"actions": [{"action_id": ids.VALUE}], "user": {"id": BEN}, "view": form._payload()}
    assert buttons.redraw(context, payloads.parse_click(body)) == tell(refusals.SENT_BEFORE)
    pages.closed(context, form.sheet())
    assert form_context.latest_unsent_draft(context.baton, workspace=TEAM, user=BEN) is None


def test_a_form_whose_draft_is_gone_says_so_and_goes_on(context: Context) -> None:
    form = open_new_form(context)
    form.type("title", "Mine")
    form.press(ids.FORM_CONTINUE, ids.button_value("V0GONE"))
    assert buttons.DRAFT_GONE in str(form.view["blocks"])
    assert form.text("title") == "Mine"


def test_somebody_elses_form_cannot_be_continued(context: Context) -> None:
    form = open_new_form(context)
    form.type("title", "Secret")
    pages.closed(context, form.sheet())
    other = open_new_form(context)
    body = {
        "actions": [{"action_id": ids.FORM_CONTINUE, "value": ids.button_value(form.id)}],
        "user": {"id": "U0CLARA"},
        "view": {**other._payload(), "id": "V0CLARA"},
    }
    reply = buttons.continue_unsent(context, payloads.parse_click(body))
    assert isinstance(reply, UpdateModal)
    assert "Secret" not in str(reply.view)


def test_a_view_that_was_closed_without_values_is_no_trouble(context: Context) -> None:
    body = {"user": {"id": BEN}, "view": {"id": "V1", "callback_id": "handoff.open", "blocks": [], "state": None}}
    pages.closed(context, payloads.parse_submit(body))
    assert form_context.latest_unsent_draft(context.baton, workspace=TEAM, user=BEN) is None
