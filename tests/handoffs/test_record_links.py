"""The record that a link names: many spellings of one record, never one key for two."""

from __future__ import annotations

import string
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackapp.handoffs.rules.record_links import record_of

SAME = {
    "a Salesforce opportunity": [
        "https://acme.lightning.force.com/lightning/r/Opportunity/0065g00000AbCdeAAF/view",
        "https://acme.lightning.force.com/lightning/r/0065g00000AbCdeAAF/view?ws=%2Flightning%2Fn%2Fx",
        "https://acme.my.salesforce.com/0065g00000AbCde",
        "https://acme.my.salesforce.com/0065g00000AbCdeAAF?nooverride=1",
        "https://ACME.lightning.force.com/one/one.app#/sObject/0065g00000AbCdeAAF/view",
    ],
    "a HubSpot deal": [
        "https://app.hubspot.com/contacts/1234567/record/0-3/987654321",
        "https://app.hubspot.com/contacts/1234567/record/0-3/987654321/view/1?eschref=%2Fcontacts",
        "https://app.hubspot.com/contacts/1234567/deal/987654321/?interaction=note",
        "https://app-eu1.hubspot.com/contacts/1234567/deal/987654321",
    ],
    "a Zendesk ticket": [
        "https://acme.zendesk.com/agent/tickets/4711",
        "https://acme.zendesk.com/agent/tickets/4711/events?brand_id=3",
        "https://acme.zendesk.com/agent/#/tickets/4711",
        "https://acme.zendesk.com/tickets/4711",
        "https://acme.zendesk.com/hc/en-us/requests/4711",
        "https://acme.zendesk.com/hc/requests/4711",
    ],
    "a Jira issue": [
        "https://acme.atlassian.net/browse/CS-12",
        "https://acme.atlassian.net/browse/cs-12?focusedCommentId=10001",
        "https://acme.atlassian.net/jira/software/projects/CS/boards/3?selectedIssue=CS-12",
        "https://acme.atlassian.net/jira/software/c/projects/CS/issues/CS-12",
        "https://acme.atlassian.net/jira/servicedesk/projects/CS/queues/custom/7/CS-12",
    ],
    "an Intercom conversation": [
        "https://app.intercom.com/a/inbox/ab12cd/inbox/shared/all/conversation/556?view=List",
        "https://app.intercom.com/a/inbox/ab12cd/inbox/conversation/556",
        "https://app.intercom.com/a/apps/ab12cd/inbox/inbox/all/conversations/556",
    ],
    "a GitHub issue": [
        "https://github.com/acme/app/issues/12",
        "https://github.com/Acme/App/issues/12#issuecomment-99",
        "https://github.com/acme/app/pull/12/files?w=1",
        "https://www.github.com/acme/app/pull/12/commits/0a1b2c3",
    ],
    "a Slack message": [
        "https://northwind.slack.com/archives/C0SALES/p1700000000123456",
        "https://northwind.slack.com/archives/C0SALES/p1700000000123456?thread_ts=1700000000.123456&cid=C0SALES",
        "https://app.slack.com/client/T0LOCAL/C0SALES/thread/C0SALES-1700000000.123456",
    ],
    "a message of a workspace at another address": [
        "http://127.0.0.1:8080/archives/C0SALES/p1700000000123456",
        "http://127.0.0.1:8080/archives/C0SALES/p1700000000123456?thread_ts=1699999999.000001&cid=C0SALES",
    ],
    "any other page": [
        "https://crm.example.com/deals/12",
        "https://www.crm.example.com/deals/12/?utm_source=mail&utm_medium=x",
        "HTTPS://CRM.example.com:443/deals/12/view?gclid=x1",
        "http://crm.example.com/deals/12/edit?ref=sidebar#notes",
    ],
}

DIFFERENT = [
    "https://acme.lightning.force.com/lightning/r/Opportunity/0065g00000AbCdeAAF/view",
    "https://acme.lightning.force.com/lightning/r/Opportunity/0065g00000abCde/view",
    "https://acme--test.sandbox.lightning.force.com/lightning/r/Opportunity/0065g00000AbCdeAAF/view",
    "https://acme.my.salesforce.com/0065g00000AbCdeAAA",
    "https://app.hubspot.com/contacts/1234567/record/0-3/987654321",
    "https://app.hubspot.com/contacts/1234567/record/0-2/987654321",
    "https://app.hubspot.com/contacts/7654321/record/0-3/987654321",
    "https://app.hubspot.com/contacts/1234567/objects/0-3/views/all/list",
    "https://acme.zendesk.com/agent/tickets/4711",
    "https://other.zendesk.com/agent/tickets/4711",
    "https://acme.zendesk.com/agent/users/4711",
    "https://acme.atlassian.net/browse/CS-12",
    "https://acme.atlassian.net/browse/CSX-12",
    "https://acme.atlassian.net/jira/software/projects/CS/boards/3",
    "https://jira.acme.example/browse/CS-12",
    "https://app.intercom.com/a/inbox/ab12cd/inbox/conversation/556",
    "https://app.intercom.com/a/inbox/zz12cd/inbox/conversation/556",
    "https://github.com/acme/app/issues/12",
    "https://github.com/acme/app/blob/main/12",
    "https://github.com/acme/other/issues/12",
    "https://northwind.slack.com/archives/C0SALES/p1700000000123456",
    "https://northwind.slack.com/archives/C0SALES/p1700000000123457?thread_ts=1700000000.123456&cid=C0SALES",
    "https://northwind.slack.com/archives/C0OTHER/p1700000000123456",
    "https://crm.example.com/deals/12",
    "https://crm.example.com/Deals/12",
    "https://crm.example.com:8443/deals/12",
    "https://crm.example.com/deals?id=12",
    "https://crm.example.com/deals?ref=12",
    "https://crm.example.com/deals?ref=13",
    "https://crm.example.com/deals?reference=a",
    "https://crm.example.com/deals?reference=b",
    "https://crm.example.com/deals?hostname=a",
    "https://crm.example.com/deals#/12",
    "https://crm.example.com/deals#/13",
    "https://wiki.example.com/pages/view",
    "https://wiki.example.com/pages/edit",
    "https://wiki.example.com/pages?q=%FF",
    "https://wiki.example.com/pages?q=%FE",
]

IDS = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=20)
NUMBERS = st.integers(1, 10**12).map(str)
SHAPES = {
    "https://acme.zendesk.com/agent/tickets/{}": NUMBERS,
    "https://app.hubspot.com/contacts/1234567/record/0-3/{}": NUMBERS,
    "https://app.hubspot.com/contacts/{}/deal/77": NUMBERS,
    "https://acme.atlassian.net/browse/CS-{}": NUMBERS,
    "https://app.intercom.com/a/inbox/ab12cd/inbox/conversation/{}": NUMBERS,
    "https://github.com/acme/app/issues/{}": NUMBERS,
    "https://acme.lightning.force.com/lightning/r/Opportunity/{}/view": st.text(
        string.ascii_letters + string.digits, min_size=15, max_size=18
    ),
    "https://northwind.slack.com/archives/C0SALES/p{}": st.integers(10**15, 10**16 - 1).map(str),
    "https://crm.example.com/deals/{}": IDS,
    "https://crm.example.com/deals/{}/view": IDS,
    "https://crm.example.com/deals?id={}": IDS,
    "https://crm.example.com/deals?ref={}&x=1": NUMBERS,
    "https://crm.example.com/#/deals/{}": IDS,
}


def salesforce_twins(one: str, other: str) -> bool:
    """Whether two Salesforce ids may name one record: the last 3 of 18 characters repeat the case of the others."""
    return one[:15] == other[:15] and len(one) != len(other)


@pytest.mark.parametrize("what", SAME)
def test_every_way_of_writing_the_address_of_one_record_names_the_same(what: str) -> None:
    records = {link: record_of(link) for link in SAME[what]}

    assert len(set(records.values())) == 1, records
    assert None not in records.values()


def test_addresses_of_different_records_are_never_the_same() -> None:
    for one, other in combinations(DIFFERENT, 2):
        assert record_of(one) != record_of(other), (one, other)


@given(st.data())
def test_another_id_is_another_record(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from(list(SHAPES)))
    one, other = data.draw(SHAPES[shape]), data.draw(SHAPES[shape])

    if one != other and not ("force.com" in shape and salesforce_twins(one, other)):
        assert record_of(shape.format(one)) != record_of(shape.format(other))


@pytest.mark.parametrize("link", [None, "", "acme", "ftp://acme.example/1", "https://", "https://[::1", "https://a:b/"])
def test_what_is_no_web_address_names_no_record(link: str | None) -> None:
    assert record_of(link) is None


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_without_trouble(text: str) -> None:
    record_of(text)
    record_of(f"https://{text}")
    record_of(f"https://crm.example.com/{text}")
