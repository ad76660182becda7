"""What people write in a run: invented, of the lengths real notes have, in the scripts a room may bring."""

_SAYS = [
    "Nobody owns the budget.",
    "We met three times and agreed on nothing, because each of us came for something else.",
    "The mayor says yes, the department says “next year”.",
    "Trust first. Then data. Then money.",
    "What is measured is what is easy to measure & not what matters; <the rest> is left to luck.",
    "Our partners change every election, so every two years we begin again.",
    "لا أحد يملك القرار",
    "Nous n'avons pas encore de définition commune du problème.",
    "Everybody waits for somebody else to move first 🙂",
    "Small group, clear task, one date: that worked.",
    "We count meetings, not results.",
    "市民の声が届いていない",
    "A shared dashboard, looked at together once a month, changed how we talk.",
    "Es fehlt nicht an Ideen, es fehlt an jemandem, der entscheidet.",
]
MOST_SENTENCES = 5


def text(rng, marker):
    """Return a note's text that begins with its marker."""
    # Short notes are the rule: one sentence more often than five.
    sentences = min(rng.randint(1, MOST_SENTENCES), rng.randint(1, MOST_SENTENCES))
    return " ".join([marker, *rng.choices(_SAYS, k=sentences)])
