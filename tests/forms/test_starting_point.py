"""Starting points of a handoff: what counts as a link, what a message holds, and who may see earlier handoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from slackapp.forms import actions
from slackapp.forms.listeners import start_form, typed_start
from slackapp.forms.model import FormDraft, Prefilled
from slackapp.forms.queries import form_context
from slackapp.forms.queries.duplicates import duplicates
from slackapp.forms.queries.prefill import may_read_thread, prefill
from slackapp.forms.rules.starting_point import StartingPoint, read_starting_point, starting_point_json
from slackapp.handoffs.rules.record_links import record_of
from slackapp.runtime.baton import Baton
from slackapp.slack import message_text, payloads
from slackapp.slack.conversation import Context
from storage.company import people, queues, workspaces
from storage.company.model import Channel, Person, Workspace
from storage.db import receipts
from storage.db.database import Database
from storage.handoffs import handoffs
from storage.handoffs.lifecycle import State
from storage.handoffs.model import Handoff, Source
from storage.templates.model import AnswerType, Question, Template
from tests.batons import a_baton
from tests.builders import NOW, TEAM, a_handoff, a_queue
from tests.manual_clock import ManualClock

LINK = "https://crm.example.com/deals/12"
QUEUE = a_queue(members=("MEMBER",), managers=("BOSS",))
ASKS = Template(key="deal", name="Deal", questions=(Question(key="risk", label="Risk", kind=AnswerType.SHORT),))


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBOT", scopes=("channels:history",)))
        people.put_channel(tx, Channel(workspace=TEAM, id="C1", name="success", is_private=False))
        queues.put(tx, QUEUE)
    return a_baton(database, ManualClock(NOW))


def store(baton: Baton, *wanted: Handoff) -> None:
    with baton.db.transaction() as tx:
        for handoff in wanted:
            handoffs.add(tx, handoff)


def about(number: int, **more: Any) -> Handoff:
    """A handoff about the deal."""
    return a_handoff(number=number, record=record_of(LINK), **more)


def first_values(baton: Baton, user: str, template: Template | None = None) -> Mapping[str, Any]:
    return prefill(baton, workspace=TEAM, user=user, start=StartingPoint(link=LINK), template=template).values


def numbers(baton: Baton, user: str, link: str | None = LINK, **more: Any) -> list[int]:
    found = duplicates(baton, workspace=TEAM, user=user, link=link, **more)
    return [seen.details.handoff.number for seen in found]


@pytest.mark.parametrize(
    ("typed_text", "link"),
    [
        (LINK, LINK),
        (f" {LINK} ", LINK),
        (f"<{LINK}>", LINK),
        (f"<{LINK}|the deal>", LINK),
        ("HTTPS://crm.example.com/1", "HTTPS://crm.example.com/1"),
        ("crm.example.com", None),
        ("new", None),
        ("", None),
        ("42", None),
        (f"{LINK} and more", None),
        ("ftp://crm.example.com", None),
        ("https://" + "x" * 2000, None),
    ],
)
def test_a_link_behind_the_command_is_read_however_slack_sends_it(typed_text: str, link: str | None) -> None:
    start = typed_start.starting_point_of_link(typed_text)

    assert (start.link if start else None) == link


def test_a_message_is_read_with_its_links_files_and_thread(baton: Baton) -> None:
    context = Context(baton=baton, workspace=TEAM, team_url="https://northwind.slack.com/")
    with baton.db.transaction() as tx:
        people.put(tx, Person(workspace=TEAM, id="U1", name="Clara", tz="Pacific/Auckland"))
    message = {
        "ts": "1772454600.000100",
        "thread_ts": "1772454600.000100",
        "user": "U1",
        "text": "See <https://a.example/?x=1&amp;y=2|this> and <mailto:a@b.example>",
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "See "},
                            {"type": "link", "url": "https://a.example/?x=1&y=2", "text": "this"},
                        ],
                    },
                    {
                        "type": "rich_text_list",
                        "elements": [
                            {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://b.example"}]}
                        ],
                    },
                ],
            }
        ],
        "files": [{"id": "F1", "title": "Plan", "permalink": "https://f.example/1"}, {"id": "F2", "mode": "hidden"}],
    }
    read = payloads.parse_message(message, "C1")

    assert read.thread_ts is None
    assert read.root == read.ts, "it began a thread"
    assert message_text.list_links(read) == ("https://a.example/?x=1&y=2", "https://b.example")
    start = start_form.starting_point_of_message(context, read, "U1")
    assert start.message is not None
    assert [file.name for file in start.message.files] == ["Plan", "a file"]
    assert (start.message.at[:16], start.message.on) == ("2026-03-02T12:30", "2026-03-03"), "it is tomorrow in Auckland"
    assert start.message.author_name == "Clara"


def test_what_is_private_is_for_those_who_have_to_know_it(baton: Baton) -> None:
    store(baton, about(1, private=True, title="Merger", template="deal", fields={"risk": "much"}))

    assert [numbers(baton, user) for user in ("STRANGER", "MEMBER", "BOSS", "SENDER")] == [[], [1], [1], [1]]
    assert "title" not in first_values(baton, "STRANGER")
    assert "title" not in first_values(baton, "MEMBER"), "it must not slip into a handoff that everybody may read"
    assert "risk" not in first_values(baton, "MEMBER", ASKS)
    for user in ("MEMBER", "STRANGER"):  # its author may still choose another template, which is read by everybody
        assert "risk" not in first_values(baton, user, replace(ASKS, private=True))


def test_of_several_the_newest_counts_and_the_answers_come_from_the_same_template(baton: Baton) -> None:
    store(
        baton,
        about(1, state=State.DONE, title="Old", template="deal", fields={"risk": "small"}),
        about(2, state=State.CANCELLED, title="New", template="other", fields={"risk": "from another form"}),
        about(3, state=State.DELETED),
        a_handoff(number=4, title="Another deal", record=record_of("https://crm.example.com/deals/13")),
    )

    found = first_values(baton, "SENDER", ASKS)

    assert (found["title"], found["risk"]) == ("New", "small")


@pytest.mark.parametrize("state", State)
def test_only_what_is_not_finished_is_under_way(baton: Baton, state: State) -> None:
    store(baton, about(1, state=state))

    assert numbers(baton, "SENDER") == ([1] if state in {State.OPEN, State.CLAIMED, State.RETURNED} else [])


def test_what_was_shown_and_what_a_form_made_itself_is_not_shown_again(baton: Baton) -> None:
    store(baton, *(about(number) for number in range(1, 6)))

    assert numbers(baton, "SENDER") == [5, 4, 3], "the newest, and not too many"
    assert numbers(baton, "SENDER", apart_from=["h5", "h4", "h3", "h2"]) == [1]
    assert numbers(baton, "SENDER", link=None) == []
    with baton.db.transaction() as tx:
        receipts.take_or_get(tx, TEAM, "form:V1", NOW, fingerprint="x", handoff_id="h5")
    assert numbers(baton, "SENDER", form="V1") == []


def test_the_message_it_came_from_is_looked_for_beside_the_link(baton: Baton) -> None:
    permalink = "https://northwind.slack.com/archives/C1/p1700000000000100"
    store(baton, a_handoff(number=1, record=record_of(permalink)))
    source = Source(channel="C1", ts="1700000000.000100", permalink=f"{permalink}?thread_ts=1.0&cid=C1")

    assert numbers(baton, "SENDER", source=source) == [1]


def test_a_thread_is_read_only_where_the_scope_for_its_channel_was_granted(baton: Baton) -> None:
    with baton.db.transaction() as tx:
        people.put_channel(tx, Channel(workspace=TEAM, id="C2", name="leads", is_private=True))

    asked = {channel: may_read_thread(baton, workspace=TEAM, channel=channel) for channel in ("C1", "C2", "CNEW")}

    assert asked == {"C1": True, "C2": False, "CNEW": True}
    assert not may_read_thread(baton, workspace="T2", channel="C1")


def test_what_was_found_out_later_takes_the_place_of_our_own_values_only(baton: Baton) -> None:
    before = Prefilled(values={"title": "Ours", "note": {"plain": "ours"}})
    found = Prefilled(values={"title": "Theirs", "note": {"plain": "more"}}, marks={"note": "from the thread"})
    start = StartingPoint(link=LINK)

    def refill(form: str) -> bool:
        return actions.refill_draft(
            baton,
            workspace=TEAM,
            user="U1",
            draft_id=form,
            before=before,
            found=found,
            beginning=starting_point_json(start),
        )

    assert not refill("V1"), "there is no such form"
    typed_over = FormDraft(draft_id="V1", answers={**before.values, "title": "Typed"})
    actions.save_draft(baton, workspace=TEAM, user="U1", draft=typed_over)
    assert refill("V1")

    with baton.db.reading() as tx:
        kept = form_context.get_draft(tx, TEAM, "U1", "V1")
    assert kept is not None
    assert kept.answers == {"title": "Typed", "note": {"plain": "more"}}
    assert (kept.again, kept.marks) == ({"note": 1}, {"note": "from the thread"})
    assert read_starting_point(kept.beginning) == start
