"""Register the forms for several handoffs, the word that hands over, the messages of runs and their work in ticks."""

from __future__ import annotations

from typing import Final

from slackapp.bulk import queries
from slackapp.bulk.actions import carry_on, effects
from slackapp.bulk.listeners import claim, hand_over
from slackapp.bulk.model import BulkScene, SeenRun
from slackapp.bulk.views import messages, results
from slackapp.capability import Capability, Kinds, MessageKind, Scheduled
from storage.company.model import Topic

_MESSAGE_KINDS: Final[Kinds] = {
    carry_on.KIND: MessageKind[BulkScene](
        load=queries.scene, draw=messages.message, topic=lambda _payload: Topic.GIVEN
    ),
    carry_on.RESULT: MessageKind[SeenRun](load=queries.result_scene, draw=results.result_message),
}

CAPABILITY: Final = Capability(
    clicks={**claim.CLICKS, **hand_over.CLICKS},
    forms={**claim.FORMS, **hand_over.FORMS},
    opens={**claim.OPENS, **hand_over.OPENS},
    words=hand_over.WORDS,
    message_kinds=_MESSAGE_KINDS,
    effects=(effects.after_change,),
    scheduled=(Scheduled(run=carry_on.go_on_with_runs, next_due_at=carry_on.next_run_due_at),),
)
