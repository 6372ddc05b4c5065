"""Drafts of templates: ownership, publishing, and two admins editing at once."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from slackapp.company.actions.apply_config import Changes, apply
from slackapp.company.model import Company
from slackapp.company.queries import list_changes
from slackapp.people.model import NotAdmin
from slackapp.runtime.baton import Baton
from slackapp.template_editor import actions
from slackapp.template_editor.actions import (
    InvalidDraft,
    NoSuchTemplate,
    Published,
    TemplateDraft,
    TemplateList,
    VersionConflict,
)
from slackapp.templates.actions import install_shipped
from storage.company import queues, workspaces
from storage.company.model import ObjectKind, Workspace
from storage.db.database import Database
from storage.templates.model import AnswerType, Origin, Question, Template
from storage.templates.templates import get
from tests.batons import a_baton
from tests.builders import a_queue

TEAM, KIM, HUGO = "T1", "UKIM", "UHUGO"
WHY = Question(key="why", label="Why?", kind=AnswerType.SHORT)
OURS = Template(key="", name="Ours", questions=(WHY,), queues=("success",))


@pytest.fixture
def baton(database: Database) -> Baton:
    with database.transaction() as tx:
        workspaces.put(tx, Workspace(id=TEAM, name="Northwind", bot_user="UBATON", admins=(KIM, HUGO)))
        queues.put(tx, a_queue())
        install_shipped(tx, TEAM)
    return a_baton(database)


def begun(baton: Baton, user: str = KIM, form: str = "f1", wanted: Template = OURS) -> Template:
    found = actions.begin_draft(baton, workspace=TEAM, user=user, wanted=wanted, form=form)
    assert isinstance(found, TemplateDraft)
    return found.draft


def published(baton: Baton, key: str, user: str = KIM, over: int | None = None) -> Template:
    outcome = actions.publish_draft(baton, workspace=TEAM, user=user, key=key, seen_version=over)
    assert isinstance(outcome, Published), outcome
    return outcome.template


def named(baton: Baton, user: str, name: str) -> None:
    found = actions.change_draft(
        baton, workspace=TEAM, user=user, key="ours", edit=lambda draft: replace(draft, name=name)
    )
    assert isinstance(found, TemplateDraft)


def shelf(baton: Baton, user: str = KIM) -> TemplateList:
    found = actions.list_templates(baton, workspace=TEAM, user=user)
    assert isinstance(found, TemplateList)
    return found


def test_a_form_that_comes_twice_begins_one_draft_and_adds_one_field(baton: Baton) -> None:
    assert begun(baton).key == begun(baton).key == "ours"
    assert begun(baton, form="f2").key == "ours_2"
    for _ in range(2):
        found = actions.change_draft(
            baton,
            workspace=TEAM,
            user=KIM,
            key="ours",
            edit=lambda draft: replace(
                draft, questions=(*draft.questions, replace(WHY, key=f"f{len(draft.questions)}"))
            ),
            form="f3",
        )
    assert isinstance(found, TemplateDraft)
    assert [one.key for one in found.draft.questions] == ["why", "f1"]


def test_whoever_is_no_admin_any_more_can_do_nothing_with_their_drafts(baton: Baton) -> None:
    begun(baton)
    with baton.db.transaction() as tx:
        workspaces.set_config(tx, TEAM, "digest", (HUGO,), None)

    refused = NotAdmin(admins=(HUGO,))
    where = {"workspace": TEAM, "user": KIM}
    assert actions.list_templates(baton, **where) == refused
    assert actions.find_template(baton, **where, key="bant") == refused
    assert actions.find_draft(baton, **where, key="ours") == refused
    assert actions.edit_draft(baton, **where, key="ours") == refused
    assert actions.copy_template(baton, **where, key="bant", form="copy") == refused
    assert actions.begin_draft(baton, **where, wanted=OURS, form="f2") == refused
    assert actions.change_draft(baton, **where, key="ours", edit=lambda draft: draft) == refused
    assert actions.publish_draft(baton, workspace=TEAM, user=KIM, key="ours") == refused
    assert actions.discard_draft(baton, **where, key="ours") == refused
    assert actions.retire_template(baton, **where, key="ours") == refused


def test_nobody_touches_the_draft_of_somebody_else(baton: Baton) -> None:
    begun(baton)

    assert shelf(baton, HUGO).drafts == []
    where = {"workspace": TEAM, "user": HUGO}
    assert actions.find_template(baton, **where, key="ours") == NoSuchTemplate()
    assert actions.find_draft(baton, **where, key="ours") == NoSuchTemplate()
    assert actions.change_draft(baton, **where, key="ours", edit=lambda draft: draft) == NoSuchTemplate()
    assert actions.publish_draft(baton, workspace=TEAM, user=HUGO, key="ours") == NoSuchTemplate()
    actions.discard_draft(baton, **where, key="ours")
    assert [draft.key for draft in shelf(baton).drafts] == ["ours"]


def test_only_what_was_made_in_slack_is_edited_or_taken_out(baton: Baton) -> None:
    where = {"workspace": TEAM, "user": KIM}

    assert actions.edit_draft(baton, **where, key="bant") == NoSuchTemplate()
    assert actions.retire_template(baton, **where, key="bant") == NoSuchTemplate()
    assert actions.copy_template(baton, **where, key="gone", form="copy") == NoSuchTemplate()
    copied = actions.copy_template(baton, **where, key="bant", form="copy")
    assert isinstance(copied, TemplateDraft)
    assert (copied.draft.origin, copied.draft.version, copied.in_use) == (Origin.SLACK, 0, None)


def test_what_is_not_in_order_is_not_published_and_stays_a_draft(baton: Baton) -> None:
    begun(baton, wanted=replace(OURS, card=("gone",)))

    outcome = actions.publish_draft(baton, workspace=TEAM, user=KIM, key="ours")

    assert isinstance(outcome, InvalidDraft)
    assert [problem.place for problem in outcome.problems] == [("card", 0)]
    assert [draft.key for draft in shelf(baton).drafts] == ["ours"]


def test_a_published_draft_is_gone_and_editing_begins_from_what_is_in_use(baton: Baton) -> None:
    begun(baton)
    first = published(baton, "ours")
    assert shelf(baton).drafts == []

    current = actions.edit_draft(baton, workspace=TEAM, user=HUGO, key="ours")

    assert isinstance(current, TemplateDraft)
    assert current.draft == first
    assert published(baton, "ours", HUGO) == first, "what says the same is no new version"


def test_the_history_of_the_configuration_has_what_was_published_changed_and_retired(baton: Baton) -> None:
    begun(baton)
    published(baton, "ours")
    actions.edit_draft(baton, workspace=TEAM, user=HUGO, key="ours")
    published(baton, "ours", HUGO)  # nothing changed
    actions.edit_draft(baton, workspace=TEAM, user=HUGO, key="ours")
    actions.change_draft(baton, workspace=TEAM, user=HUGO, key="ours", edit=lambda one: replace(one, sender="Sales"))
    published(baton, "ours", HUGO)
    actions.retire_template(baton, workspace=TEAM, user=KIM, key="ours")

    with baton.db.reading() as tx:
        found = [(one.by, one.sentences) for one in list_changes(tx, TEAM) if one.ref.kind is ObjectKind.TEMPLATE]
    assert [user for user, _ in found] == [KIM, HUGO, KIM]
    assert found[0][1] == (f"{OURS.name} removed",)
    assert found[1][1] == (f"{OURS.name}: sender nothing → Sales",)
    assert found[2][1] == (f"{OURS.name} added",)


def test_a_team_that_is_gone_does_not_offer_it(baton: Baton) -> None:
    begun(baton, wanted=replace(OURS, queues=("success", "gone")))

    assert published(baton, "ours").queues == ("success",)


def test_what_somebody_took_out_of_use_comes_back_only_when_its_author_says_so(baton: Baton) -> None:
    begun(baton)
    published(baton, "ours")
    actions.edit_draft(baton, workspace=TEAM, user=HUGO, key="ours")
    named(baton, HUGO, "Hugo's")
    assert isinstance(actions.retire_template(baton, workspace=TEAM, user=KIM, key="ours"), TemplateList)

    told = actions.publish_draft(baton, workspace=TEAM, user=HUGO, key="ours")

    assert isinstance(told, VersionConflict)
    assert told.current.in_use is None
    assert published(baton, "ours", HUGO, over=0).version == 2


def test_a_draft_never_lands_on_a_template_that_the_file_has_brought_since(baton: Baton) -> None:
    begun(baton)
    own = Template(key="ours", origin=Origin.FILE, name="The file's", questions=(WHY,))
    assert isinstance(apply(baton, TEAM, Company(templates=(own,), admins=(KIM,)), "digest"), Changes)

    assert published(baton, "ours").key == "ours_2"
    with baton.db.reading() as tx:
        kept = get(tx, TEAM, "ours")
    assert kept
    assert (kept.name, kept.version) == ("The file's", 1)


def test_an_old_draft_never_lands_on_the_files_template_either(baton: Baton) -> None:
    begun(baton)
    published(baton, "ours")
    actions.edit_draft(baton, workspace=TEAM, user=HUGO, key="ours")
    actions.retire_template(baton, workspace=TEAM, user=KIM, key="ours")
    own = Template(key="ours", origin=Origin.FILE, name="The file's", questions=(WHY,))
    assert isinstance(apply(baton, TEAM, Company(templates=(own,), admins=(HUGO,)), "digest"), Changes)

    assert published(baton, "ours", HUGO).key == "ours_2"
    with baton.db.reading() as tx:
        kept = get(tx, TEAM, "ours")
    assert kept
    assert (kept.name, kept.origin) == ("The file's", Origin.FILE)


def test_of_two_who_publish_the_same_template_at_once_one_is_told_of_the_other(baton: Baton) -> None:
    begun(baton)
    published(baton, "ours")
    for user in (KIM, HUGO):
        actions.edit_draft(baton, workspace=TEAM, user=user, key="ours")
        named(baton, user, user)
    gate, outcomes = threading.Barrier(2), []

    def publish(user: str) -> None:
        gate.wait()
        outcomes.append(actions.publish_draft(baton, workspace=TEAM, user=user, key="ours"))

    threads = [threading.Thread(target=publish, args=[user]) for user in (KIM, HUGO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [one for one in outcomes if isinstance(one, Published)]
    (loser,) = [one for one in outcomes if isinstance(one, VersionConflict)]
    assert winner.template.version == 2
    assert loser.current.in_use == winner.template
    assert loser.current.draft.name != winner.template.name, "what the other one wrote is still there"
