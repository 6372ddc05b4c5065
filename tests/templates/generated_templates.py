"""Generated templates of every allowed shape, for property tests."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from slackapp.runtime.visible_text import is_blank
from slackapp.slack.ids import CORE
from slackapp.templates.rules.values import option_label, slug
from storage.handoffs.lifecycle import ReadBackMode
from storage.templates.model import LAMP, AnswerType, FollowUp, NoteMode, Origin, PrefillSource, Question, Template

keys = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True)
field_keys = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(lambda key: key not in CORE)


def is_seen(text: str) -> bool:
    """Whether a text has a character that can be seen: what has none counts as empty."""
    return not is_blank(text)


def words(most: int) -> st.SearchStrategy[str]:
    """Words on one line, of any script."""
    letters = st.characters(codec="utf-8", exclude_categories=["C"])
    return st.text(letters, min_size=1, max_size=most).map(lambda text: " ".join(text.split())).filter(is_seen)


option_keys = st.from_regex(r"[A-Za-z][a-z0-9]{0,5}", fullmatch=True)
listed_options = st.lists(words(20), min_size=1, max_size=4, unique_by=slug).map(
    lambda listed: {slug(one): one for one in listed}
)
options = st.one_of(listed_options, st.dictionaries(option_keys, words(20), min_size=1, max_size=4))
lamps = st.one_of(
    st.just(dict(LAMP)), st.just(dict(reversed(list(LAMP.items())))), st.just({"a": "Fine", "b": "Hm", "c": "Bad"})
)


@st.composite
def questions(draw: st.DrawFn, key: str, earlier: list[Question]) -> Question:
    """A field that may be asked depending on earlier ones."""
    kind = draw(st.sampled_from(AnswerType))
    confirmed = [one.key for one in earlier if kind is AnswerType.MULTI and draw(st.booleans())]
    labels = {one.key: option_label(one.label) for one in earlier}
    found = Question(
        key=key,
        label=draw(words(40)),
        kind=kind,
        help=draw(st.one_of(st.just(""), words(40))),
        placeholder=draw(st.one_of(st.just(""), words(20))),
        weight=draw(st.integers(0, 5)),
        prefill=draw(st.lists(st.sampled_from(PrefillSource), unique=True).map(tuple)),
    )
    if kind is AnswerType.NUMBER and draw(st.booleans()):
        found = replace(found, least="-2.50", most=draw(st.sampled_from(["", "1e3"])))
    if confirmed:
        return replace(found, confirms=tuple(confirmed), options={one: labels[one] for one in confirmed})
    if kind in {AnswerType.CHOICE, AnswerType.MULTI}:
        found = replace(found, options=draw(options))
    if kind is AnswerType.LAMP:
        found = replace(found, options=draw(lamps))
    answerable = {
        one.key: list(one.options) or ["yes"] for one in earlier if one.options or one.kind is AnswerType.TICK
    }
    if not answerable:
        return replace(found, required=draw(st.booleans()))
    other = draw(st.sampled_from(sorted(answerable)))
    wanted = tuple(draw(st.lists(st.sampled_from(answerable[other]), min_size=1, unique=True)))
    if draw(st.booleans()):
        return replace(found, required_when={other: wanted})
    return replace(found, shown_when={other: wanted})


@st.composite
def templates(draw: st.DrawFn, origin: Origin = Origin.FILE) -> Template:
    """A valid template."""
    asked: list[Question] = []
    for key in draw(st.lists(field_keys, max_size=5, unique=True)):
        asked.append(draw(questions(key, asked)))
    read_back = draw(st.sampled_from(ReadBackMode))
    return Template(
        key=draw(keys),
        origin=origin,
        name=draw(words(40)),
        sender=draw(st.one_of(st.just(""), words(20))),
        receiver=draw(st.one_of(st.just(""), words(20))),
        about=draw(st.one_of(st.just(""), words(60))),
        questions=tuple(asked),
        note=draw(st.sampled_from(NoteMode)) if asked else NoteMode.REQUIRED,
        card=tuple(one.key for one in asked if draw(st.booleans())),
        reasons=draw(st.one_of(st.just({}), options)),
        read_back=read_back,
        read_back_ask=draw(st.one_of(st.just(""), words(30))) if read_back is not ReadBackMode.OFF else "",
        private=draw(st.booleans()),
        retention_days=draw(st.one_of(st.none(), st.integers(1, 3660))),
        follow_ups=tuple(draw(st.lists(st.builds(FollowUp, what=words(20), within=st.just("5d")), max_size=2))),
    )
