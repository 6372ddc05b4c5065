"""Templates of a company's own: made in Slack by an admin, or written in the file, while work in them is under way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from slackapp.app import Running
from slackapp.company.actions.apply_config import Changes, apply
from slackapp.company.rules.read import read_file
from slackapp.handoffs.actions.open_handoff import NewHandoff, open_handoff
from slackapp.handoffs.model import Opened
from slackapp.template_editor.actions import discard_draft
from storage.handoffs import audit, handoffs
from storage.handoffs.model import Handoff, Text
from storage.templates import templates
from storage.templates.model import AnswerType, Origin, Template
from tests.databases import EITHER
from tests.slack_client import Modal, Workspace
from tests.stories.company import Change

KIM, TEAM = "U0KIM", "T0LOCAL"
RENEWAL: dict[str, Any] = {
    "name": "Renewal at risk",
    "sender": "Account executive",
    "receiver": "Customer success",
    "about": "Save it.",
    "queue": ["success"],
}


def listing(slack: Workspace, user: str = KIM) -> Modal:
    assert slack.command(user, "templates").ok
    return slack.modal(user)


def menu_of(modal: Modal, words: str) -> dict[str, Any]:
    """The menu at the entry that holds some words: its element, and its choices by label."""
    for block in modal.raw["blocks"]:
        if words in str(block.get("text", {}).get("text")) and "accessory" in block:
            menu = block["accessory"]
            choices = {option["text"]["text"]: option["value"] for option in menu["options"]}
            return {"block_id": block["block_id"], "action_id": menu["action_id"], "choices": choices}
    raise AssertionError(f"no entry with {words!r} in {modal.all_text()}")


def choose(slack: Workspace, words: str, label: str, *, by: str = KIM) -> Modal:
    """Choose from the menu of an entry, and look at what is open then."""
    modal = slack.modal(by)
    menu = menu_of(modal, words)
    ids = {"block_id": menu["block_id"], "action_id": menu["action_id"]}
    slack.act("view_action", user=by, view_id=modal.id, value=menu["choices"][label], values={}, **ids)
    return slack.modal(by)


def press(slack: Workspace, label: str, *, by: str = KIM) -> Modal:
    slack.modal(by).click(label)
    return slack.modal(by)


def fill(slack: Workspace, *, by: str = KIM, **values: Any) -> Modal:
    """Send the form that is open, and look at what is open then."""
    slack.modal(by).submit(values)
    return slack.modal(by)


def add_field(slack: Workspace, *, by: str = KIM, **values: Any) -> Modal:
    press(slack, "Add question", by=by)
    return fill(slack, by=by, **values)


def renewal(slack: Workspace, *, by: str = KIM) -> Modal:
    """Make a template with a lamp, and a question that is asked when it is not stable; not yet published."""
    listing(slack, by)
    press(slack, "New template", by=by)
    fill(slack, by=by, **RENEWAL)
    add_field(slack, by=by, label="How likely do we lose it?", type="lamp", marks=["required", "card"])
    add_field(slack, by=by, label="Why?", type="choice", options="Price\nThe people, & <others>", marks=["required"])
    choose(slack, "2. Why?", "Conditions", by=by)
    lamp = "how_likely_do_we_lose_it"
    return fill(slack, by=by, shown_when=[f"{lamp}=watch", f"{lamp}=unstable"])


def stored(running: Running, key: str, version: int | None = None) -> Template | None:
    with running.baton.db.reading() as tx:
        return templates.get(tx, TEAM, key, version)


@EITHER
def test_an_admin_makes_a_template_from_nothing_and_the_team_offers_it(slack: Workspace, running: Running) -> None:
    draft = renewal(slack)

    assert "Asked when How likely do we lose it? is Watch or Unstable" in draft.all_text()
    assert stored(running, "renewal_at_risk") is None, "a draft is nobody's business"
    assert "Renewal at risk" not in listing(slack, "U0KIM").all_text().split("New template")[0]
    choose(slack, "Renewal at risk", "Edit draft")
    shown = press(slack, "Preview")
    assert [*shown.fields] == ["How likely do we lose it?", "Why?"]
    assert "Only asked when How likely do we lose it? is Watch or Unstable" in shown.all_text()
    shown.close()
    done = fill(slack)

    assert "*Renewal at risk* is published as version 1." in done.all_text()
    assert "offered by Customer Success" in done.all_text()
    made = stored(running, "renewal_at_risk")
    assert made
    assert (made.version, made.origin, made.queues, made.card) == (
        1,
        Origin.SLACK,
        ("success",),
        ("how_likely_do_we_lose_it",),
    )
    lamp, why = made.questions
    assert (lamp.kind, lamp.required, why.options) == (
        AnswerType.LAMP,
        True,
        {"price": "Price", "the_people_others": "The people, & <others>"},
    )
    assert why.shown_when == why.required_when == {lamp.key: ("watch", "unstable")}
    assert slack.problems() == []


def two_admins(read: dict[str, Any]) -> None:
    """Hugo is an admin too."""
    read["admins"] = [KIM, "U0HUGO"]


def publish(slack: Workspace, *, by: str = KIM) -> Modal:
    return fill(slack, by=by)


def hand_over(running: Running, key: str, form: str, **answers: Any) -> Handoff:
    """Hand something over in a template, as the form does."""
    note = Text(plain="Please")
    draft = NewHandoff(title="Acme", queue="success", next_step="Call", note=note, template=key, fields=answers)
    outcome = open_handoff(running.baton, workspace=TEAM, user="U0BEN", draft=draft, form=form)
    assert isinstance(outcome, Opened), outcome
    return outcome.handoff


def of(running: Running, handoff: Handoff) -> tuple[str | None, int | None]:
    """The template and version of a handoff, as stored."""
    with running.baton.db.reading() as tx:
        found = handoffs.get(tx, TEAM, handoff.id)
    assert found
    return found.template, found.template_version


@EITHER
def test_whoever_is_no_admin_hears_who_is(slack: Workspace, running: Running) -> None:
    for user in ("U0BEN", "U0DAN"):
        assert slack.command(user, "templates").ok
        (said,) = slack.ephemerals(user, "C0GENERAL")
        assert said.text == "Only Baton's admins can edit templates. Ask <@U0KIM>."
        assert slack.views(user) == []
    assert slack.problems() == []


@EITHER
def test_a_draft_is_seen_by_its_author_alone(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    start(config=company(two_admins))
    renewal(slack)

    assert "Draft. Only you can see it until you publish it." in listing(slack, KIM).all_text()
    assert "Renewal at risk" not in listing(slack, "U0HUGO").all_text()
    choose(slack, "Renewal at risk", "Discard draft…")
    assert "Your draft is deleted." in fill(slack).all_text()
    assert "Renewal at risk" not in listing(slack, KIM).all_text()
    assert slack.problems() == []


@EITHER
def test_a_shipped_template_is_changed_as_a_copy_and_stays_as_it_is(slack: Workspace, running: Running) -> None:
    shipped = stored(running, "ae_csm")
    assert shipped
    listing(slack)
    choose(slack, shipped.name, "Duplicate")
    press(slack, "Details and teams")
    fill(slack, name="Ours", queue=["success", "sales"])
    first, second = shipped.questions[:2]
    choose(slack, f"1. {first.label}", "Move down")
    choose(slack, f"1. {second.label}", "Edit")
    fill(slack, label="What they expect")
    choose(slack, f"3. {shipped.questions[2].label}", "Remove…")
    assert shipped.questions[2].label not in fill(slack).all_text()
    publish(slack)

    ours = stored(running, "ae_to_customer_success_copy")
    assert ours
    assert (ours.name, ours.queues) == ("Ours", ("success", "sales"))
    assert [question.key for question in ours.questions] == [
        second.key,
        first.key,
        *(question.key for question in shipped.questions[3:]),
    ], "keys stay, so that answers, rules and conditions still fit"
    assert ours.questions[0].label == "What they expect"
    assert shipped.questions[2].key not in ours.card
    assert stored(running, "ae_csm") == shipped
    assert slack.problems() == []


@EITHER
def test_publishing_names_every_problem_where_it_is_and_what_was_made_stays(slack: Workspace, running: Running) -> None:
    renewal(slack)
    choose(slack, "2. Why?", "Move up")
    choose(slack, "2. How likely", "Edit")
    fill(slack, type="short")

    refused = publish(slack)

    assert refused.title == "Edit template"
    text = refused.all_text()
    assert "*Not published yet.* Fix these 2 things first:" in text
    assert "*Question “Why?”*, conditions: depends on" in text
    assert stored(running, "renewal_at_risk") is None
    choose(slack, "2. How likely", "Edit")
    fill(slack, type="lamp")
    choose(slack, "2. How likely", "Move up")
    publish(slack)
    assert stored(running, "renewal_at_risk")
    assert slack.problems() == []


@EITHER
def test_what_is_typed_wrong_is_said_at_its_field_and_stays(slack: Workspace, running: Running) -> None:
    renewal(slack)
    press(slack, "Add question")
    form = fill(slack, label="Which?", type="multi", options="one\none")
    assert form.errors == {"options": "This has one twice. Give every option its own words."}
    form = fill(slack, label="Which?", type="long", options="one\ntwo")
    assert form.errors == {
        "options": "This is of the type “Long text” and has options. Make its type “One option”, “Several options” or "
        "“Status light”, or remove them."
    }
    form = fill(slack, label="Which?", type="choice", options="", marks=["waives"])
    assert form.errors == {
        "options": "This has no options to choose from. Add some, or choose another type.",
        "marks": "This is of the type “One option” and waives the others. Make its type “Checkbox”, or let it waive "
        "nothing.",
    }
    form.close()
    press(slack, "Handling")
    form = fill(slack, read_back="off", read_back_ask="What?", retention="soon", follow_ups="Intro call\nMail: 5x")
    assert form.errors == {
        "read_back_ask": "There is no read-back to ask this in. Choose one above, or leave this empty.",
        "retention": '"soon" is not a number of days. Write it like 30d, at most 3660 days.',
        "follow_ups": '"Intro call" has no time. Write what, a colon, and the time: “Intro call: 5d”.',
    }
    fill(slack, read_back="hard", retention="30d", follow_ups="Intro call: 5d", reasons="No champion\nNo contract")
    publish(slack)

    made = stored(running, "renewal_at_risk")
    assert made
    assert (made.retention_days, made.read_back_ask, [one.within for one in made.follow_ups], list(made.reasons)) == (
        30,
        "What?",
        ["5d"],
        ["no_champion", "no_contract"],
    )
    assert slack.problems() == []


@EITHER
def test_work_keeps_the_version_it_was_written_in_when_an_admin_publishes_another(
    slack: Workspace, running: Running
) -> None:
    renewal(slack)
    publish(slack)
    lamp = "how_likely_do_we_lose_it"
    before = hand_over(running, "renewal_at_risk", "f1", **{lamp: "watch", "why": "price"})
    choose(slack, "Renewal at risk", "Edit")
    choose(slack, "2. Why?", "Remove…")
    fill(slack)
    add_field(slack, label="Since when?", type="date", marks=["required"])
    published = publish(slack)

    assert "version 2" in published.all_text()
    assert of(running, before) == ("renewal_at_risk", 1)
    old, new = stored(running, "renewal_at_risk", 1), stored(running, "renewal_at_risk")
    assert old
    assert new
    assert old.question("why")
    assert [question.key for question in new.questions] == [lamp, "since_when"]
    after = hand_over(running, "renewal_at_risk", "f2", **{lamp: "stable", "since_when": "2026-11-25"})
    assert of(running, after) == ("renewal_at_risk", 2)
    assert slack.problems() == []


@EITHER
def test_nobody_publishes_over_what_somebody_else_has_published_without_being_told(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    running = start(config=company(two_admins))
    renewal(slack)
    publish(slack)
    listing(slack, "U0HUGO")
    choose(slack, "Renewal at risk", "Edit", by="U0HUGO")
    add_field(slack, by="U0HUGO", label="Hugo's", type="short")
    choose(slack, "Renewal at risk", "Edit")
    add_field(slack, label="Kim's", type="short")
    publish(slack)

    told = publish(slack, by="U0HUGO").all_text()

    assert "Someone published version 2 after you started. Press *Publish* again" in told
    kims = stored(running, "renewal_at_risk")
    assert kims
    assert (kims.version, kims.questions[-1].label) == (2, "Kim's")
    publish(slack, by="U0HUGO")
    hugos = stored(running, "renewal_at_risk")
    assert hugos
    assert (hugos.version, hugos.questions[-1].label) == (3, "Hugo's")
    assert slack.problems() == []


@EITHER
def test_two_new_templates_of_the_same_name_are_two(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    running = start(config=company(two_admins))
    renewal(slack)
    renewal(slack, by="U0HUGO")
    publish(slack)
    publish(slack, by="U0HUGO")

    first, second = stored(running, "renewal_at_risk"), stored(running, "renewal_at_risk_2")
    assert first
    assert second
    assert (first.version, second.version) == (1, 1)
    assert slack.problems() == []


@EITHER
def test_a_template_out_of_use_is_not_offered_but_still_read_and_the_audit_knows(
    slack: Workspace, running: Running
) -> None:
    renewal(slack)
    publish(slack)
    handoff = hand_over(running, "renewal_at_risk", "f1", how_likely_do_we_lose_it="stable")
    choose(slack, "Renewal at risk", "Retire…")
    done = fill(slack)

    assert "The template is retired." in done.all_text()
    assert "Renewal at risk" not in done.all_text()
    assert stored(running, "renewal_at_risk") is None
    key, version = of(running, handoff)
    assert key
    old = stored(running, key, version)
    assert old
    assert old.name == "Renewal at risk"
    with running.baton.db.reading() as tx:
        assert audit.last_at(tx, TEAM, "template_published") is not None
        assert audit.last_at(tx, TEAM, "template_taken_out") is not None
    assert slack.problems() == []


@EITHER
def test_work_keeps_its_version_when_the_file_changes_and_when_the_template_leaves_it(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    def with_template(label: str) -> Change:
        def change(read: dict[str, Any]) -> None:
            field = {"key": "why", "label": label, "type": "short"}
            read["templates"] = [{"key": "own", "name": "Own", "fields": [field]}]
            read["queues"][0]["templates"] = ["own"]

        return change

    running = start(config=company(with_template("Why?")))
    first = hand_over(running, "own", "f1", why="Price")
    configure(running, company(with_template("Why now?")))
    second = hand_over(running, "own", "f2", why="Price")
    assert "Own" in listing(slack).all_text()
    assert list(menu_of(slack.modal(KIM), "*Own*")["choices"]) == ["Preview", "Duplicate"], "the file owns it"
    configure(running, company())

    assert (of(running, first), of(running, second)) == (("own", 1), ("own", 2))
    labels = [found.questions[0].label for n in (1, 2) if (found := stored(running, "own", n))]
    assert labels == ["Why?", "Why now?"]
    assert stored(running, "own") is None
    assert "Own" not in [line.strip("*") for line in listing(slack).all_text().splitlines()]
    assert slack.problems() == []


def configure(running: Running, file: Path) -> None:
    outcome = apply(running.baton, TEAM, read_file(file).company, "another")
    assert isinstance(outcome, Changes), outcome


HOSTILE = "<!channel> @here *bold* & \u202eevil `x`"


@EITHER
def test_hostile_words_in_a_template_are_shown_as_they_are_and_ping_nobody(slack: Workspace, running: Running) -> None:
    listing(slack)
    press(slack, "New template")
    fill(slack, **{**RENEWAL, "name": HOSTILE, "about": HOSTILE, "sender": HOSTILE})
    add_field(slack, label=HOSTILE, help=HOSTILE, type="choice", options=f"{HOSTILE}\n日本語")
    choose(slack, "1. ", "Edit")
    fill(slack, help="x" * 300)
    press(slack, "Preview").close()
    publish(slack)

    made = stored(running, "channel_here_bold_evil_x")
    assert made
    assert (made.name, list(made.questions[0].options.values())) == (HOSTILE, [HOSTILE, "日本語"])
    assert made.questions[0].key == "channel_here_bold_evil_x"
    assert all(slack.alerts(user) == [] for user in ("U0KIM", "U0BEN", "U0EVA"))
    assert slack.problems() == []


def test_many_teams_are_searched_while_typing(
    slack: Workspace, start: Callable[..., Running], company: Callable[..., Path]
) -> None:
    def many(read: dict[str, Any]) -> None:
        more = [{"key": f"team{n}", "name": f"Team {n}", "channel": "C0SALES"} for n in range(120)]
        read["queues"] += more

    running = start(config=company(many))
    listing(slack)
    form = press(slack, "New template")
    found = form.suggest("Which teams offer it?", "Team 11")
    assert found == ["team11", *(f"team{n}" for n in range(110, 120))]
    fill(slack, **{**RENEWAL, "queue": ["team11", "team115"]})
    publish(slack)

    made = stored(running, "renewal_at_risk")
    assert made
    assert made.queues == ("team11", "team115")
    assert slack.problems() == []


@EITHER
def test_an_admin_no_more_is_told_so_at_the_form_which_keeps_what_was_typed(
    slack: Workspace, running: Running, company: Callable[..., Path]
) -> None:
    renewal(slack)
    form = press(slack, "Add question")
    configure(running, company(lambda read: read.update(admins=[], slack_admins="no")))

    told = fill(slack, label="Since when?", type="date")

    assert told.id == form.id
    (sentence,) = told.errors.values()
    assert sentence == "Only Baton's admins can edit templates. Ask the person who runs Baton."
    form.close()
    assert "Ask the person who runs Baton" in publish(slack).all_text()
    assert stored(running, "renewal_at_risk") is None
    assert slack.problems() == []


@EITHER
def test_a_draft_that_was_discarded_in_another_window_is_gone_and_says_so(slack: Workspace, running: Running) -> None:
    renewal(slack)
    here = slack.modal(KIM)
    press(slack, "Handling")
    form = slack.modal(KIM)
    discard_draft(running.baton, workspace=TEAM, user=KIM, key="renewal_at_risk")

    form.submit({"retention": "30d"})

    (sentence,) = form.errors.values()
    assert sentence == "This template no longer exists. Open the list again with /handoff templates."
    form.close()
    here.submit()
    assert "This template no longer exists." in slack.modal(KIM).all_text()
    assert slack.problems() == []
