"""Lists in Slack: people search, filter, turn pages and act on a row, and the list shows what is so afterwards."""

from __future__ import annotations

import csv
from urllib.request import urlopen

from slackapp.app import Running
from storage.db.database import Tx
from storage.handoffs import handoffs
from storage.handoffs.model import Priority
from storage.search import documents
from storage.search.words import document
from tests.builders import a_handoff
from tests.databases import EITHER
from tests.slack_client import Modal, Workspace
from tests.stories.northwind import ACME, HandOff, open_form

pytestmark = EITHER


def find(slack: Workspace, user: str, words: str) -> Modal:
    answer = slack.command(user, f"find {words}", channel="C0GENERAL")
    assert answer.ok, answer
    slack.settle()
    return slack.modal(user)


def hand_over(slack: Workspace, title: str, *, by: str = "U0BEN", **answers: str) -> None:
    open_form(slack, by).submit({**ACME, "title": title, **answers})
    slack.settle()


def test_what_was_said_is_found_and_claimed_from_the_list(slack: Workspace, running: Running) -> None:
    hand_over(slack, "Café Müller renewal", note="They want a discount")
    hand_over(slack, "Globex export", queue="support")

    found = find(slack, "U0EVA", "cafe disc")

    assert found.title == "Find handoffs"
    assert "1 handoff matches “cafe disc”" in found.all_text()
    assert "*Café Müller renewal*\n🟡 Unassigned · claim by" in found.all_text()
    assert "Globex" not in found.all_text()
    found.click("Claim")
    slack.settle()
    assert "*Café Müller renewal*\n🟢 You · finish by" in found.all_text()
    found.click("Done")
    slack.settle()
    slack.modal("U0EVA").submit({"note": "Signed"})
    slack.settle()
    assert found.is_open, "the list stays while people act on its rows"
    assert "✅ Done" in found.all_text()
    assert slack.problems() == []


def test_whoever_is_too_late_is_told_who_was_faster_and_sees_it_in_the_list(
    slack: Workspace, hand_off: HandOff
) -> None:
    card = hand_off(title="Acme renewal")
    found = find(slack, "U0EVA", "acme")
    card.click("Claim", by="U0FARID")

    found.click("Claim")
    slack.settle()

    assert "Farid" in slack.modal("U0EVA").all_text() or "<@U0FARID>" in slack.modal("U0EVA").all_text()
    slack.modal("U0EVA").close()
    assert "🟢 <@U0FARID>" in found.all_text()


def test_details_lead_back_to_the_list_as_it_is_then(slack: Workspace, hand_off: HandOff) -> None:
    hand_off(title="Acme renewal")
    hand_off(title="Globex")
    found = find(slack, "U0BEN", "acme")
    found.click("Details")
    slack.settle()
    assert found.title == "Handoff #1"

    slack.find("U0EVA", "C0SUCCESS", "Acme renewal").click("Claim", by="U0EVA")
    found.click("Back to the list")
    slack.settle()

    assert "🟢 <@U0EVA>" in found.all_text()


def test_names_numbers_and_links_are_found(slack: Workspace, hand_off: HandOff) -> None:
    card = hand_off(title="Acme renewal")
    hand_off(title="Globex")
    card.click("Claim", by="U0EVA")

    assert "*Acme renewal*" in find(slack, "U0BEN", "eva lind").all_text()
    assert "*Acme renewal*" in find(slack, "U0BEN", "@eva").all_text()
    by_number = find(slack, "U0BEN", "#2").all_text()
    assert "*Globex*" in by_number
    assert "Acme" not in by_number
    ts = card.ts.replace(".", "")
    by_link = find(slack, "U0BEN", f"https://northwind.slack.com/archives/C0SUCCESS/p{ts}").all_text()
    assert "*Acme renewal*" in by_link
    assert "Globex" not in by_link


def test_nothing_found_says_what_was_searched(slack: Workspace, hand_off: HandOff) -> None:
    hand_off(title="Acme renewal")

    found = find(slack, "U0BEN", "xylophone")

    assert "Nothing matches “xylophone”. I searched titles, numbers, links, answers, notes" in found.all_text()
    found.submit({"Search": "acme"})
    slack.settle()
    assert "*Acme renewal*" in found.all_text()
    assert slack.problems() == []


def test_a_list_can_be_taken_away_as_a_file_in_which_nothing_is_a_formula(slack: Workspace, running: Running) -> None:
    hand_over(slack, "=HYPERLINK(1) Acme, “renewal”")
    found = find(slack, "U0BEN", "acme")

    found.click("Download CSV")
    slack.settle()

    assert "direct message with the file: 1 handoff." in slack.modal("U0BEN").all_text()
    (file,) = [file for message in slack.dms("U0BEN") for file in message.raw.get("files", ())]
    with urlopen(file["url_private"]) as answer:  # noqa: S310 - the local workspace
        raw = answer.read()
    header, row = csv.reader(raw.decode().splitlines())
    told = dict(zip(header, row, strict=True))
    assert told["Title"] == "'=HYPERLINK(1) Acme, “renewal”"
    assert (told["Number"], told["State"], told["Team"], told["Late"]) == ("1", "Open", "Customer Success", "no")
    assert told["Opened at"].endswith("+00:00")
    assert told["Sender"] == "Ben Okafor"
    assert not raw.startswith(b"\xef\xbb\xbf")


def test_where_files_may_not_be_sent_the_list_is_text_to_copy(slack: Workspace, running: Running) -> None:
    hand_over(slack, "Acme renewal")
    granted = [scope for scope in slack.overview()["granted"] if scope != "files:write"]
    slack.change("scopes", granted=granted)
    slack.settle()
    found = find(slack, "U0BEN", "acme")

    found.click("Download CSV")
    slack.settle()

    text = slack.modal("U0BEN").all_text()
    assert "Baton isn't allowed to send files here" in text
    assert "1,Acme renewal,Open,Customer Success" in text
    assert slack.problems() == []


def test_several_of_a_list_are_claimed_and_the_list_shows_it(slack: Workspace, hand_off: HandOff) -> None:
    for title in ("Acme one", "Acme two", "Globex"):
        hand_off(title=title)
    found = find(slack, "U0EVA", "acme")

    found.click("Claim several…")
    slack.settle()
    assert "Globex" not in found.all_text(), "only what the list shows"
    (rows,) = [block["element"] for block in found.raw["blocks"] if block.get("block_id") == "rows0"]
    found.submit({"rows0": [option["value"] for option in rows["options"]]})
    slack.settle()
    assert "2 handoffs claimed." in found.all_text()
    found.click("Back to the list")
    slack.settle()

    assert found.all_text().count("🟢 You") == 2
    assert "Claim several…" not in found.all_text(), "nothing is left to claim"
    assert slack.problems() == []


def test_a_setting_that_forbids_files_is_named_and_the_text_can_be_copied(slack: Workspace, running: Running) -> None:
    hand_over(slack, "Acme renewal")
    found = find(slack, "U0BEN", "acme")
    slack.fault("files.getUploadURLExternal", {"error": "file_uploads_disabled"})

    found.click("Download CSV")
    slack.settle()

    text = slack.modal("U0BEN").all_text()
    assert "Slack refused the file (file_uploads_disabled), so copy the text below." in text
    assert "Ask a Slack admin to change the setting that the code names." in text
    assert "1,Acme renewal,Open,Customer Success" in text


def test_a_list_is_filtered_before_it_is_cut_into_pages(slack: Workspace, running: Running) -> None:
    for n in range(1, 24):
        hand_over(slack, f"Acme {n}", queue="support" if n % 2 else "success", priority="high" if n > 21 else "normal")
    found = find(slack, "U0BEN", "acme")
    assert "1–20 of 23." in found.all_text()
    found.click("Next")
    slack.settle()
    assert "21–23 of 23." in found.all_text()

    found.click("Filter…")
    slack.settle()
    slack.modal("U0BEN").submit({"queue": "support", "priority": "high"})
    slack.settle()

    assert "Only: Support · High priority" in found.all_text()
    assert "1 handoff matches “acme”" in found.all_text()
    assert "*Acme 23*" in found.all_text()
    found.click("Clear filters")
    slack.settle()
    assert "1–20 of 23." in found.all_text()
    assert slack.problems() == []


def test_a_search_that_stopped_goes_on_to_older_handoffs_and_back_with_its_filters(
    slack: Workspace, running: Running
) -> None:
    def many(tx: Tx) -> None:
        """More than one search looks at: each of two words that may name a person halves what it looks at."""
        for n in range(1, 504):
            priority = Priority.HIGH if n in {2, 502, 503} else Priority.NORMAL
            one = a_handoff(number=n, workspace="T0LOCAL", title=f"Visit {n} of Dan and Ines", priority=priority)
            handoffs.add(tx, one)
            documents.put(tx, one, document(one, None, []))

    running.baton.db.run_transaction(many)
    found = find(slack, "U0BEN", "dan ines")
    assert "500 handoffs match “dan ines” so far" in found.all_text()
    assert "Search older" not in found.buttons, "Next comes first"
    found.click("Filter…")
    slack.modal("U0BEN").submit({"priority": "high"})
    slack.settle()
    newest = found.all_text()
    assert "2 handoffs match “dan ines” so far" in newest
    assert "Handoffs before #4 haven't been searched yet." in newest

    found.click("Search older")
    slack.settle()
    assert "1 older handoff matches “dan ines”" in found.all_text()
    assert "*Visit 2 of Dan and Ines*" in found.all_text()
    assert "Search older" not in found.buttons, "everything has been searched"

    found.click("Back to the newest")
    slack.settle()
    assert found.all_text() == newest
    assert slack.problems() == []
