"""Sample notes: our own invented sentences for each term of the shipped questions. No real city, no real person."""

# By the code of a term. A term that is not here is written about in the words of ANY.
BY_TERM = {
    "substance-problem-solutions": [
        "Housing says shelter, health says treatment, and the business owners say police",
        "We agreed on the numbers but not on what they mean",
        "Everybody brings a solution before we have named the problem",
    ],
    "substance-action-plan": [
        "The plan has forty actions and nobody can say which one is first",
        "Three departments have three calendars and one deadline",
        "We wrote the plan without those who will have to do it",
    ],
    "accountability-commitment": [
        "The deputies come, the ones who can decide do not",
        "It is on top of everybody's work, so it is the first thing to go",
        "After the election half of the table was new",
    ],
    "accountability-own-department": [
        "Nobody gives a post to something that shows up in another budget",
        "My director asks what is in it for us",
        "Each department reports its own success and the river stays dirty",
    ],
    "teaming-trust": [
        "The last joint project ended with a letter from the lawyers",
        "We do not know what the neighbours' daily work looks like",
        "People are polite in the meeting and honest in the corridor",
    ],
    "teaming-talk-decide-work": [
        "We meet every week and decide nothing",
        "It is not clear who may say yes",
        "Half of it is in e-mails that the other half never got",
    ],
    "prior-relationships": [
        "Two of us ran the flood shelter together; that still helps",
        "We started with those who had coffee together anyway",
    ],
    "trusted-navigator": [
        "The librarian knows both sides, so she chairs",
        "We need somebody who is nobody's boss",
    ],
    "engage-community": [
        "The street's parents drew the map before the planners did",
        "We asked the people who use the bus, in the bus",
    ],
    "use-data": [
        "One shared sheet with five numbers, looked at every month",
        "We count what we can change, not what is easy to count",
    ],
    "joint-problem-solving": [
        "Half a day in one room, and the question is on the door",
        "We try one street for six weeks and look again",
    ],
    "meaningful": ["The school route: everybody here has somebody who walks it"],
    "actionable": ["Night bus until one, on Fridays only, with what we have"],
    "acceptable": ["A pilot the shop owners can live with, because it ends in May"],
    "provisional": ["Paint before concrete: what is wrong can be washed off"],
}
ANY = [
    "We should have asked earlier who is missing at this table",
    "The other city has the same trouble with other words",
    "It went well as long as we met in person",
    "What helped was to write down what we do not agree on",
]


def note(chance, terms, number):
    """Return a sample note's text and its terms (codes, none to two of those offered); its number makes it unique."""
    chosen = chance.sample(terms, min(len(terms), chance.choice([0, 1, 1, 1, 2])))
    known = [term for term in chosen if term in BY_TERM]
    words = chance.choice(BY_TERM[known[0]] if known else ANY)
    return f"Sample {number}: {words}", chosen
