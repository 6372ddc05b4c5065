"""From /handoff to Done."""


def test_ben_hands_off_and_eva_takes_it_to_the_end(slack, hand_off):
    card = hand_off()
    assert set(card.buttons) == {"Claim", "Show all"}
    assert "waiting for someone in Customer Success" in card.text
    assert any("Sent as" in message.text and "#1" in message.text for message in slack.dms("U0BEN"))

    card.click("Claim", by="U0EVA")

    assert "<@U0EVA> has it" in card.text
    assert set(card.buttons) == {"Done", "Put back", "Show all"}

    card.click("Done", by="U0EVA")
    slack.modal("U0EVA").submit({"note": "They signed."})
    slack.settle()

    assert "done" in card.text.lower()
    assert "Claim" not in card.buttons
    assert slack.problems() == []
