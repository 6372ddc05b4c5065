"""English words, as far as it takes to see whether a short sentence of it names something to do."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> list[str]:
    return text.split()


ONLY_ENGLISH: Final = frozenset(
    _words("""
    about from our the their these those what which with your
""")
)
"""Small words that are no words of the languages that share an office with English."""

SMALL: Final = ONLY_ENGLISH | frozenset(
    _words("""
    a an and any at by each every few for her his in into it its many more my new next no not of off old on or other out
    over some that this to under up we you
""")
)
"""Small words that name nothing to do."""

NOUNS: Final = frozenset(
    _words("""
    agreement approval customer customers deadline decision invoices issues kickoff onboarding paperwork payment prices
    pricing problem problems questions renewal renewals requirement requirements stakeholder stakeholders summary
    timeline
""")
)
"""Nouns that nobody uses as verbs and other languages do not use at all."""

BEFORE_NOUNS: Final = frozenset(
    _words("""
    a an his its my new old our the their your
""")
)
"""What follows one of these is a thing: "the contract", though one may contract."""

VERBS: Final = frozenset(
    _words("""
    accept access acknowledge act activate adapt add address adjust advise agree align allow amend analyse analyze
    announce answer apologise apologize apply appoint approach approve are arrange ask assemble assess assign assist
    attach attend audit avoid await back backup balance be begin bill block book brief bring broker budget build buy
    calculate calibrate call cancel capture carry cc chair change charge chase chat check choose circulate clarify clean
    clear close coach collect combine come comment commission commit communicate compare compile complete compose
    conclude conduct configure confirm connect consider consult contact continue contract contribute convert convince
    coordinate copy correct cost counter cover create credit cut deal debrief debug decide define delay delegate delete
    deliver demo deploy describe design detail determine develop diagnose direct disable disconnect discuss dispatch
    display do document double download draft draw drive drop edit educate email emphasise emphasize employ enable
    encourage end engage enquire enrol enroll ensure enter escalate establish estimate evaluate examine exchange execute
    expect expedite explain explore export extend extract face facilitate fetch figure file fill finalise finalize find
    finish fix flag focus follow forecast format forward free freeze gather gauge get give go grant greet guide hand
    handle have hear help hire hold host identify implement import improve include inform initiate inquire insist
    inspect install instruct integrate interview introduce investigate invite invoice involve is issue join jump keep
    kick know label launch lead learn leave let liaise lift limit line link list listen load loan locate lock log look
    loop lower mail make manage map mark match measure mediate meet mention merge message migrate mind mirror mitigate
    monitor motivate move name need negotiate note notify obtain offer onboard open operate optimise optimize order
    organise organize outline own pack page park partner pass patch pause pay perform permit persuade phone pick pilot
    pin ping pitch place plan play please point poll post postpone practise prepare present press prevent price print
    prioritise prioritize probe process procure produce program progress promise promote prompt proof propose protect
    prove provide provision publish pull purchase push put qualify query question quit quote raise rank rate reach read
    rebook rebuild recap receive recheck recommend reconcile reconnect record recover recruit recycle redesign redirect
    redo reduce refer refine refresh refund refuse register reject relay release remind remove rename renegotiate renew
    reopen repair repeat replace reply report reproduce request rerun reschedule research resend reserve reset resolve
    respond restart restore resume retest retry return reveal reverse revert review revise revisit revoke ring roll
    rollback rotate route run save say scan schedule scope score screen search secure see seek select sell send separate
    serve set settle setup shadow shape share shift ship show shut sign simplify sit size skip slack solve sort source
    speak specify spell split sponsor staff stand start state stay stop store structure study submit suggest summarise
    summarize supply support survey suspend swap switch sync tag tailor take talk target teach tell tender terminate
    test text thank tick tidy time touch track trade train transfer translate travel treat triage trigger troubleshoot
    trust try turn unblock understand undo unlock update upgrade upload upsell urge use validate verify view visit wait
    walk want warm warn watch welcome win wire work wrap write zoom
""")
)
"""What people do at work, as one would begin a first step with it."""

HELPERS: Final = frozenset(
    _words("""
    am been being can cannot could did does done had has let's may might must shall should was were will would
""")
)
IRREGULAR: Final = frozenset(
    _words("""
    began begun bought brought built came chose chosen cut dealt drawn drew driven drove felt found froze frozen gave
    given gone got gotten heard held kept knew known led left lent lost made meant met paid read said sat saw seen sent
    shown sold spent spoke spoken stood taken taught told took understood went won written wrote
""")
)
"""Forms of verbs that no ending gives away."""
