"""What people type after /handoff: every answer is for them alone, and says what to type next."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from slackapp.app import Running, build
from tests.slack_client import Answer, Modal, Workspace
from tests.stories.company import COMPANY
from tests.stories.conftest import ROOT, settings_for
from tests.stories.northwind import ACME, HandOff, fill, open_form, send

EVERYBODY = ("U0ANA", "U0BEN", "U0CLARA", "U0DAN", "U0EVA", "U0FARID", "U0HUGO", "U0INES", "U0KIM")


def ask(slack: Workspace, user: str, words: str, *, channel: str = "C0GENERAL") -> str:
    """Type /handoff and words, and return everything that the answer shows; nobody else may see it."""
    before = {message.ts for message in slack.messages(user, channel)}
    answer = slack.command(user, words, channel=channel)
    assert answer.ok, answer
    (said,) = [message for message in slack.messages(user, channel) if message.ts not in before]
    assert said.raw["ephemeral"], "only the person who asked may see the answer"
    return said.all_text()


def private_company(folder: Path) -> Path:
    """Write a company in which a team of managers has a private channel."""
    company = folder / "company.yml"
    leads = (
        "  - {key: leads, name: Lead Desk, channel: C0LEADS, members: [U0ANA, U0DAN], managers: [U0HUGO], "
        "calendar: always}\n"
    )
    company.write_text(COMPANY.read_text().replace("policies:\n", f"{leads}policies:\n"), "utf-8")
    return company


def test_help_says_what_can_be_typed_and_so_does_anything_unknown(slack: Workspace, running: Running) -> None:
    usage = ask(slack, "U0BEN", "help")
    for word in ("/handoff mine", "/handoff open", "/handoff 42", "Hand this off"):
        assert word in usage
    assert ask(slack, "U0BEN", "HELP") == usage

    unknown = ask(slack, "U0BEN", "mine & <hurry>")
    assert "I don't know “&amp; &lt;hurry&gt;” after `/handoff mine`" in unknown, "it is shown as it was typed"
    assert "`/handoff open`" in unknown
    assert "type `/handoff new` before it" in unknown
    assert "<!channel>" not in ask(slack, "U0BEN", "<!channel>")
    assert "There is no handoff #7 that you can see" in ask(slack, "U0BEN", "#7")
    assert "/handoff mine" in ask(slack, "U0BEN", "999999999")
    assert "You have no open handoffs" in ask(slack, "U0BEN", "mine")
    assert "Nothing is waiting to be claimed" in ask(slack, "U0BEN", "open")
    assert slack.views("U0BEN") == []
    assert all(slack.alerts(user) == [] for user in EVERYBODY)
    assert slack.problems() == []


def test_mine_lists_what_you_have_what_is_offered_and_what_you_sent(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off("U0BEN", title="Acme renewal")
    card.click("Claim", by="U0EVA")
    open_form(slack, "U0CLARA").submit({**ACME, "title": "Globex training", "person": "U0EVA"})
    open_form(slack, "U0EVA").submit({**ACME, "title": "Initech export", "queue": "support"})
    slack.settle()

    eva, ben = ask(slack, "U0EVA", "mine"), ask(slack, "U0BEN", "mine")

    assert "You have 1 handoff." in eva
    assert "*Acme renewal*\n🟢 You · finish by" in eva
    assert "Offered to you: 1 handoff." in eva
    assert "Globex training" in eva
    assert "You have sent 1 handoff." in eva
    assert "Initech export" in eva
    assert "You have sent 1 handoff." in ben
    assert "owned by <@U0EVA>" in ben
    assert "Globex" not in ben
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA")
    assert "Acme renewal" not in ask(slack, "U0EVA", "mine"), "finished work is off the list"


def test_open_lists_what_waits_for_all_or_for_one_team_by_its_name(slack: Workspace, hand_off: HandOff) -> None:
    hand_off(title="Acme renewal")
    slack.wait(minutes=5)
    open_form(slack, "U0BEN").submit({**ACME, "title": "Globex export", "queue": "support"})
    slack.settle()

    everything = ask(slack, "U0CLARA", "open")
    assert "2 handoffs are waiting to be claimed." in everything
    assert everything.index("Acme renewal") < everything.index("Globex export"), "the longest waiting stands first"
    support = ask(slack, "U0CLARA", "open support")
    assert "1 handoff is waiting to be claimed in Support." in support
    assert "Acme" not in support
    assert "Acme renewal" in ask(slack, "U0CLARA", "open CUSTOMER")
    assert "Nothing is waiting to be claimed in Sales &amp; &lt;Deals&gt;" in ask(
        slack, "U0CLARA", "open Sales & <Deals>"
    )

    nobody = ask(slack, "U0BEN", "open sucess")
    assert "No team is called “sucess”" in nobody
    assert "Customer Success, Sales &amp; &lt;Deals&gt;, Support" in nobody

    several = ask(slack, "U0BEN", "open su")
    assert "“su” fits 2 teams: Customer Success, Support." in several
    assert "Type more of the name" in several
    assert slack.problems() == []


def test_a_number_shows_that_handoff_with_the_button_its_reader_needs(slack: Workspace, hand_off: HandOff) -> None:
    hand_off()

    slack.command("U0EVA", "#1", channel="C0GENERAL")
    shown = slack.ephemerals("U0EVA", "C0GENERAL")[-1]
    assert "unassigned in Customer Success" in shown.text
    assert set(shown.buttons) == {"Claim", "Details"}
    slack.command("U0BEN", "1", channel="C0GENERAL")
    assert set(slack.ephemerals("U0BEN", "C0GENERAL")[-1].buttons) == {"Details"}, "its sender cannot claim it"

    shown.click("Claim", by="U0EVA")

    assert "owned by <@U0EVA>" in slack.find("U0BEN", "C0SUCCESS", "Acme renewal").text
    before = len(slack.ephemerals("U0EVA", "C0GENERAL"))
    shown.click("Claim", by="U0EVA")
    assert len(slack.ephemerals("U0EVA", "C0GENERAL")) == before, "it is done: a second click is answered with nothing"
    assert slack.problems() == []


def test_what_a_private_team_is_given_is_seen_by_its_people_and_the_sender_only(
    slack: Workspace, start: Callable[..., Running], tmp_path: Path
) -> None:
    slack.change("channel", id="C0LEADS", members=["U0ANA", "U0DAN", "U0HUGO", "U0KIM", "U0CLARA", "U0BATON"])
    start(config=private_company(tmp_path))
    send(slack, "U0BEN", title="Merger with Globex").choose("Pass on", by="U0DAN")
    fill(slack, "U0DAN", queue="leads", note="For us.")
    card = slack.find("U0ANA", "C0LEADS", "Merger with Globex")

    for insider in ("U0ANA", "U0HUGO"):
        assert "Merger with Globex" in ask(slack, insider, "open")
        assert "Merger with Globex" in ask(slack, insider, "open Lead Desk")
        assert "Merger with Globex" in ask(slack, insider, "1")
    assert "Merger with Globex" in ask(slack, "U0BEN", "1"), "whoever began it sees it"
    assert "Merger" not in ask(slack, "U0EVA", "open")
    assert "No team is called “lead desk”. There are: Customer Success, Sales" in ask(slack, "U0EVA", "open lead desk")
    assert "There is no handoff #1 that you can see" in ask(slack, "U0EVA", "1")
    assert "There is no handoff #1 that you can see" in ask(slack, "U0EVA", "why 1")
    assert "Merger" not in ask(slack, "U0EVA", "mine")

    card.click("Details", by="U0CLARA")
    assert slack.views("U0CLARA") == [], "somebody who is only a guest of the channel gets no more than the card"
    assert "Only people on Lead Desk" in slack.ephemerals("U0CLARA", "C0LEADS")[-1].text
    card.click("Claim", by="U0CLARA")
    assert "Only a member of Lead Desk or a manager of Lead Desk can claim it" in (
        slack.ephemerals("U0CLARA", "C0LEADS")[-1].text
    )
    assert "unassigned" in card.text
    assert slack.problems() == []


@pytest.fixture
def slack_over_http(database_url: str) -> Iterator[Workspace]:
    """A workspace that delivers by signed HTTP instead of a socket, and a Baton in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/slack/events"
    with Workspace.start(manifest=ROOT / "manifest.yml", app_url=address) as slack:
        secret = SecretStr("local-signing-secret")
        running = build(settings_for(slack, database_url, app_token=None, signing_secret=secret, port=port))
        running.start()
        slack.settle()
        yield slack
        running.stop()


def test_words_with_payload_in_them_work_over_http_too(slack_over_http: Workspace) -> None:
    slack = slack_over_http
    assert "I don't know “payload”" in ask(slack, "U0BEN", "payload")
    assert "No team is called “the payload={} team”" in ask(slack, "U0BEN", "open the payload={} team")
    form = open_form(slack, "U0BEN")
    answers: dict[str, Any] = {**ACME, "title": 'The payload={"type":"x"} of Acme', "note": "payload=1&command=2"}

    form.submit(answers)
    slack.settle()

    card = slack.find("U0EVA", "C0SUCCESS", 'The payload={"type":"x"} of Acme')
    assert "payload=1&amp;command=2" in card.all_text()
    card.click("Claim", by="U0EVA")
    assert "owned by <@U0EVA>" in card.text
    card.shortcut("handoff.from_message", by="U0EVA")
    assert "payload" in slack.modal("U0EVA").values["title"]["value"]["value"]
    assert slack.act("url_verification").ok
    assert slack.problems() == []


def test_why_tells_who_was_told_when_and_how_the_clocks_stand(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    slack.wait(minutes=31)
    card.click("Claim", by="U0EVA")
    slack.settle()

    text = ask(slack, "U0DAN", "why 1")

    assert "*Finish:* by <!date" in text
    assert re.search(r"> • <!date\^\d+\S+ .* to <!date", text), "how it came about"
    assert "*Claim:* missed, took 31 min, <!date" in text
    assert re.search(r"\*Ben [^*]+\*: the sender's message", text)
    assert text.index("Timers") < text.index("Notifications")
    assert slack.problems() == []


def test_why_tells_what_slack_has_not_taken_yet(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off()
    card.click("Claim", by="U0EVA")
    slack.fault("chat.postMessage", {"error": "ratelimited", "retry_after": 600}, times=2)
    card.click("Done", by="U0EVA")
    fill(slack, "U0EVA")

    text = ask(slack, "U0DAN", "why 1")

    assert "finished it, waiting until <!date" in text
    assert "Slack's rate limit was reached" in text


@pytest.mark.parametrize("typed", ["why 7", "why #7"])
def test_why_of_what_nobody_sent_says_that_there_is_none(slack: Workspace, running: Running, typed: str) -> None:
    assert "There is no handoff #7 that you can see" in ask(slack, "U0DAN", typed)


@pytest.mark.parametrize("typed", ["why", "why not", "why 1 2"])
def test_why_without_a_number_is_answered_with_the_usage(slack: Workspace, running: Running, typed: str) -> None:
    assert "`/handoff why 42`" in ask(slack, "U0DAN", typed)


def test_what_is_missing_is_asked_for_and_what_is_not_understood_is_said(slack: Workspace, running: Running) -> None:
    assert ask(slack, "U0DAN", "why").startswith("Which handoff? Add its number: `/handoff why 42`.")
    assert "I don't know “not” after `/handoff why`" in ask(slack, "U0DAN", "why not")
    assert "I don't know “done” after `/handoff mine`" in ask(slack, "U0DAN", "mine done")
    assert "I don't know “payload”" in ask(slack, "U0DAN", "payload"), "a single word may be a slip"


@pytest.mark.parametrize("typed", ["why\u00a01", "why\u20091", "why\t1", "\u200bwhy \u200b1\u200b", "WHY\u2003#1"])
def test_any_white_space_splits_words(slack: Workspace, hand_off: HandOff, typed: str) -> None:
    hand_off()

    assert "Notifications" in ask(slack, "U0DAN", typed)


@pytest.mark.parametrize(
    "typed", ["open #success", "open  <#C0SUCCESS|success>", "open <#C0SUCCESS|>", "open <#C0SUCCESS>"]
)
def test_a_channel_is_the_team_that_it_belongs_to(slack: Workspace, hand_off: HandOff, typed: str) -> None:
    hand_off()

    assert "1 handoff is waiting to be claimed in Customer Success." in say(slack, typed)


def test_a_group_and_a_person_are_the_teams_that_they_are_in(slack: Workspace, hand_off: HandOff) -> None:
    hand_off()

    assert "in Customer Success." in say(slack, "open <!subteam^S0CS|@success-team>")
    assert "in Customer Success." in say(slack, "open <@U0EVA|eva>")
    assert "No team is called “#general”" in say(slack, "open <#C0GENERAL|general>")
    assert "No team is called “@everybody”" in say(slack, "open <!subteam^S0NONE|@everybody>")


def say(slack: Workspace, escaped: str) -> str:
    """Send a command as Slack escapes it, and return what its answer shows."""
    return str(send_command(slack, "U0CLARA", escaped).ack["text"])


def send_command(slack: Workspace, user: str, escaped: str) -> Answer:
    slack.command(user, "help")
    (sent,) = [one["args"] for one in slack.get("/control/calls")["calls"] if one["method"] == "slash_command"][-1:]
    payload = {**sent, "text": escaped}
    payload.pop("retry_attempt")
    return slack.act("deliver", kind="slash_commands", payload=payload)


def values_in(form: Modal) -> dict[str, Any]:
    """What stands in the fields that are shown."""
    found = {}
    for block, inputs in form.values.items():
        (entered,) = inputs.values()
        chosen = (entered.get("selected_option") or {}).get("value")
        found[block.partition("~")[0]] = entered.get("value") or chosen or entered.get("selected_user")
    return found


def first_values_of(slack: Workspace, typed: str) -> dict[str, Any]:
    """What stands in the form that a command opens, and behind More."""
    assert slack.command("U0BEN", typed).ok
    form = slack.modal("U0BEN")
    found = values_in(form)
    form.click("More")
    found |= values_in(form)
    form.close()
    return {key: value for key, value in found.items() if value}


ACME_TITLE = "Call Acme about the price"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (ACME_TITLE, {"title": ACME_TITLE}),
        (f"new {ACME_TITLE}", {"title": ACME_TITLE}),
        ("new open questions of Acme", {"title": "open questions of Acme"}),
        (f"#success {ACME_TITLE}", {"title": ACME_TITLE, "queue": "success"}),
        (f"{ACME_TITLE} #support", {"title": ACME_TITLE, "queue": "support"}),
        (f"@clara {ACME_TITLE}", {"title": ACME_TITLE, "queue": "sales", "person": "U0CLARA"}),
        ("@clara", {"queue": "sales", "person": "U0CLARA"}),
        ("Ask @clara about #success & <Co>", {"title": "Ask @Clara Weiss about #success & <Co>"}),
        (f"https://crm.example.com/7 {ACME_TITLE}", {"title": ACME_TITLE, "link": "https://crm.example.com/7"}),
        ("3 invoices\u00a0are wrong", {"title": "3 invoices are wrong"}),
    ],
)
def test_typed_text_begins_a_handoff_with_that_title(
    slack: Workspace, running: Running, typed: str, fields: dict[str, str]
) -> None:
    found = first_values_of(slack, typed)

    assert {key: value for key, value in found.items() if key != "priority"} == fields
    assert slack.problems() == []


def test_a_title_too_long_for_its_field_is_kept_whole_in_the_note(slack: Workspace, running: Running) -> None:
    words = "Call Acme about the price " * 10
    slack.command("U0BEN", words)
    form = slack.modal("U0BEN")

    assert len(form.values["title"]["value"]["value"]) <= 150
    assert words.strip() in json.dumps(form.values["note"])


def test_a_mention_that_no_team_goes_with_is_said(slack: Workspace, running: Running) -> None:
    slack.command("U0BEN", "#general Call Acme")

    assert "#general isn't a team that takes handoffs. Choose a team below." in slack.modal("U0BEN").all_text()
    assert slack.modal("U0BEN").values["title"]["value"]["value"] == "Call Acme"
