"""Every phrase the shipped content may say, typed by hand from the specification and the seed.

It shares nothing with the content files, so that a slip in either is seen. Source: the content
specification, section 7; where it shortens, the opening session's own slides.
"""

# code: (title, place, policy area, protagonist, question, epilogue lines, facts)
CASES = {
    "hartford": (
        "The Hartford Case",
        "Hartford, Connecticut, US",
        "youth employment",
        "civic leaders of Youth Opportunity Hartford",
        "How could this happen?",
        [],
        [
            "Secured a $27m DOL grant for youth",
            "Fought over the governance structure",
            "No youth to participate in programs",
            "No providers to design programs",
            "No facilities to host programs",
            "Nobody willing to be Executive Director",
        ],
    ),
    "louisville": (
        "The Louisville Case",
        "Louisville, Kentucky, US",
        "education, cradle to career",
        "Mayor Greg Fischer",
        '"Are we not moving fast enough or is it just me?"',
        ["New Executive Director: Marland Cole", "New Name: Evolve502"],
        [
            "Two and a half years of work by the Louisville Promise Cabinet",
            "About to hire a first executive director",
        ],
    ),
    "south-yorkshire": (
        "The South Yorkshire Case",
        "South Yorkshire, England",
        "",
        "the Mayor",
        "Where to start and how to move on from there?",
        [],
        [
            "The problem is too big to tackle",
            "The mayor has limited resources and authority",
            "The low hanging fruit has already been picked",
        ],
    ),
}

# code: (title, question, methods, findings, citation)
STUDIES = {
    "jpart": (
        "Cross-Sector Collaboration in Cities: Learning Journey or Blame Game?",
        "What helps and hinders the design and management of CSCs in the longer term",
        [
            "Study 9 CSCs across three cities and three policy areas",
            "(Group) interviews, document analysis, surveys, exercises",
        ],
        [
            "Formal structure is no predictor of success",
            "Adaptable collaborations are more likely to succeed",
            "Five key actions contribute to a virtuous learning cycle",
        ],
        "Pulido-Gómez, de Jong, Rivkin, JPART 2025, doi 10.1093/jopart/muae026",
    ),
    "jabs": (
        "Entry Points: Gaining Momentum in Early-Stage Cross-Boundary Collaborations",
        "What helps CBCs overcome common barriers when they start?",
        [
            "Study 10 CBCs over 9 months",
            "(Group) interviews, document analysis, surveys, ranking exercises",
        ],
        [
            "Without an entry point CBCs just keep talking or perish",
            "Successful CBCs had three things in common:",
            "Diverse: meaningful representation",
            "Outward-looking: engaged the community",
            "Agency: took initiative despite ambiguity",
        ],
        "Martínez Orbegozo, de Jong, Bowles, Edmondson, Nahhal, Cox, JABS 2022, doi 10.1177/00218863221118418",
    ),
    "ssir-2023": (
        "Cross-Boundary Collaborations in Cities: Where to Start",
        "",
        [],
        [
            "How public, for-profit, and civic organizations working to address the same city-wide social challenge "
            "can find a common starting point.",
        ],
        "de Jong, Martínez Orbegozo, Cox, Riley Bowles, Edmondson, Nahhal, SSIR, Jul. 6, 2023",
    ),
}

# code: (term, text)
DEFINITIONS = {
    "entry-point": (
        "Entry point",
        "A meaningful, actionable, acceptable, and provisional opening into a large, complex, and partly unknown "
        "problem space",
    ),
    "execution-as-learning": (
        "Execution as learning",
        "a dynamic process focused on learning from data and stakeholder feedback, adaptation, and iteration",
    ),
}

# code: (title, left, left text, between, right, right text)
FRAMES = {
    "management-leadership": (
        "",
        "Management",
        "Bringing Order and Consistency",
        "City Leaders Focused on Solving Urban Problems",
        "Leadership",
        "Helping People Cope with Change",
    ),
    "capabilities": (
        "",
        "Individual Capabilities (Skills)",
        "",
        "",
        "Organizational Capabilities (Practices)",
        "",
    ),
    "boundaries": ("Collaborating Across Boundaries", "", "", "", "", ""),
}

# code: (order, heading, link)
RESOURCES = {
    "urban-problem-solving": (1, "On leading urban problem-solving", ""),
    "collaborative-governance": (2, "On collaborative governance in cities", ""),
    "innovation-change": (3, "On managing innovation and change", ""),
}

# code: (title, what the phone asks, name of the other column)
TAXONOMIES = {
    "barriers": (
        "Top 3 Challenges of Cross-Boundary Collaboration",
        "Which of these is hard for you right now?",
        "Other (in our words)",
    ),
    "key-actions": ("Five key actions", "", ""),
    "entry-point-criteria": ("Entry-point criteria", "", ""),
    "for-the-team": ("For the team", "", ""),
}

# (taxonomy, order, code, title)
CATEGORIES = [
    ("barriers", 1, "substance", "Substance"),
    ("barriers", 2, "accountability", "Accountability"),
    ("barriers", 3, "teaming", "Teaming"),
]

# (taxonomy, order, code, category code or None, text, helper question)
TERMS = [
    ("barriers", 1, "substance-problem-solutions", "substance", "Agreeing on problem and solutions", ""),
    ("barriers", 2, "substance-action-plan", "substance", "Developing a robust joint action plan", ""),
    ("barriers", 3, "accountability-commitment", "accountability", "Committing to the collaboration", ""),
    ("barriers", 4, "accountability-own-department", "accountability", "Loyalty to own department", ""),
    ("barriers", 5, "teaming-trust", "teaming", "Trusting and understanding each other", ""),
    (
        "barriers",
        6,
        "teaming-talk-decide-work",
        "teaming",
        "Figuring out how to talk, decide and work together",
        "",
    ),
    ("barriers", 7, "other", None, "Other (in our words)", ""),
    ("key-actions", 1, "prior-relationships", None, "Build on prior relationships and social capital", ""),
    ("key-actions", 2, "trusted-navigator", None, "Leverage a trusted individual/group as navigator", ""),
    ("key-actions", 3, "engage-community", None, "Engage the community in all stages", ""),
    ("key-actions", 4, "use-data", None, "Use data to focus, learn, and improve", ""),
    ("key-actions", 5, "joint-problem-solving", None, "Invest in joint problem-solving", ""),
    ("entry-point-criteria", 1, "meaningful", None, "Meaningful", "Does it matter to the people concerned?"),
    (
        "entry-point-criteria",
        2,
        "actionable",
        None,
        "Actionable",
        "Can this team start on it with what it has?",
    ),
    ("entry-point-criteria", 3, "acceptable", None, "Acceptable", "Can all parties live with it?"),
    ("entry-point-criteria", 4, "provisional", None, "Provisional", "Can we change course after we learn?"),
    ("for-the-team", 1, "team-design-launch", None, "Invest in team design and launch", ""),
    ("for-the-team", 2, "address-barriers", None, "Acknowledge and address the common barriers", ""),
    ("for-the-team", 3, "task-conflict", None, "Task conflict does not have to be negative per se", ""),
    (
        "for-the-team",
        4,
        "learning-conditions",
        None,
        "Create conditions for learning, adaptation and growth as a team",
        "",
    ),
    (
        "for-the-team",
        5,
        "celebrate-milestones",
        None,
        "Celebrate milestones and learn from what goes well",
        "",
    ),
]

CHECKLISTS = {"strategic-triangle": "Strategic Triangle for a Collaborative Team"}

# (checklist, order, code, title)
PLACES = [
    ("strategic-triangle", 1, "legitimacy", "Legitimacy & support"),
    ("strategic-triangle", 2, "value", "Public value"),
    ("strategic-triangle", 3, "capacity", "Operational capacity"),
    ("strategic-triangle", 4, "team", "Collaborative team"),
]

# (code, build, order, place, text)
ITEMS = [
    ("T01", 1, 1, "legitimacy", "Get onboard the parties who lend legitimacy to what we're trying to accomplish"),
    ("T02", 1, 2, "legitimacy", "Secure the required resources from each party"),
    ("T03", 1, 3, "value", "Agree (enough) on what the problem is"),
    ("T04", 1, 4, "value", "Agree (enough) on what we're trying to accomplish"),
    ("T05", 1, 5, "capacity", "Agree on how we'll accomplish the objective"),
    ("T06", 1, 6, "capacity", "Come up with a workable plan"),
    ("T07", 1, 7, "team", "Select the right people to guide the process"),
    ("T08", 1, 8, "team", "Build sufficient levels of trust"),
    ("T09", 2, 1, "team", "Agree on how we'll make decisions"),
    ("T10", 2, 2, "team", "Set up communication channels"),
    ("T11", 2, 3, "team", "Agree on who will do what"),
    (
        "T12",
        2,
        4,
        "team",
        "Set up a governance structure that encourages parties to do what they agreed to do",
    ),
    ("T13", 3, 1, "capacity", "Parties do what they said they would do"),
    ("T14", 3, 2, "capacity", "Agree on how to understand and measure progress"),
    ("T15", 3, 3, "capacity", "Learn and adjust"),
]

# code: (question, taxonomy code)
PROMPTS = {
    "barriers-facing": ("What barriers is your collaboration facing?", "barriers"),
    "dealing-with-setbacks": ("How is your collaboration dealing with setbacks?", "key-actions"),
    "meaningful-entry-point": ("What might be a meaningful entry point for you?", "entry-point-criteria"),
}

# code: (title, subtitle, attribution)
PLANS = {
    "leading-collaboration": (
        "Leading Collaboration in Cities",
        "What to Expect, How to Make Progress, and Where to Begin",
        "Adapted from the opening session 'Leading Collaboration in Cities' by Jorrit de Jong, Mayors' Neighborhood "
        "Academy, Summer Institute 2025. Not an official product of the institutions named.",
    ),
}

# (code, order, title, topic)
MODULES = [
    ("opening", 0, "Opening", ""),
    ("expect", 1, "What to Expect?", "Common Barriers to Collaboration"),
    ("progress", 2, "How to Make Progress?", "Collaboration as a Learning Journey"),
    ("begin", 3, "Where to Begin?", "Identifying Useful Entry Points"),
    ("closing", 4, "Closing", "Strategic Triangle for a Collaborative Team; Resources"),
]

# (module, order, kind, title, minutes to find the table, minutes, minutes for the board, prompt, what it shows)
SEGMENTS = [
    ("opening", 1, "info", "Session plan", 0, 1, 0, None, ["plan"]),
    (
        "opening",
        2,
        "info",
        "Management and leadership; individual and organizational capabilities; collaborating across boundaries",
        0,
        3,
        0,
        None,
        ["frame/management-leadership", "frame/capabilities", "frame/boundaries"],
    ),
    ("expect", 1, "case", "The Hartford Case", 0, 8, 0, None, ["case/hartford"]),
    (
        "expect",
        2,
        "insights",
        "Top 3 Challenges of Cross-Boundary Collaboration",
        0,
        4,
        0,
        None,
        ["taxonomy/barriers"],
    ),
    ("expect", 3, "discussion", "Small Group Discussion", 2, 10, 3, "barriers-facing", []),
    ("progress", 1, "case", "The Louisville Case", 0, 8, 0, None, ["case/louisville"]),
    (
        "progress",
        2,
        "insights",
        "Learning Journey or Blame Game?; advice list",
        0,
        5,
        0,
        None,
        ["study/jpart", "taxonomy/key-actions", "taxonomy/for-the-team"],
    ),
    ("progress", 3, "epilogue", "Epilogue", 0, 2, 0, None, ["case/louisville"]),
    ("progress", 4, "discussion", "Small Group Discussion", 2, 10, 3, "dealing-with-setbacks", []),
    ("begin", 1, "case", "The South Yorkshire Case", 0, 5, 0, None, ["case/south-yorkshire"]),
    (
        "begin",
        2,
        "insights",
        "Where to Start; Entry Points",
        0,
        5,
        0,
        None,
        ["study/ssir-2023", "definition/entry-point", "definition/execution-as-learning", "study/jabs"],
    ),
    ("begin", 3, "discussion", "Small Group Discussion", 2, 10, 3, "meaningful-entry-point", []),
    (
        "closing",
        1,
        "checklist",
        "Strategic Triangle for a Collaborative Team",
        0,
        3,
        0,
        None,
        ["checklist/strategic-triangle"],
    ),
    (
        "closing",
        2,
        "info",
        "Resources",
        0,
        1,
        0,
        None,
        ["resource/urban-problem-solving", "resource/collaborative-governance", "resource/innovation-change"],
    ),
]

TOTAL_MINUTES = 90
MINUTES_FROM_THE_SEED = 30

# What facilitators and organizers must be told, and what nobody may be told (sections 3, 4 and 8).
FACILITATOR_NOTES_SAY = {
    "hartford": ["$27m", "$28 million over five years", "grant writing to implementation", "turning point"],
    "louisville": ["last line", "opened again", "June 4, 2018", "free to download"],
    "south-yorkshire": ["not confirmed as the case", "Beds for Babies", "£2.2 million", "12 March 2024"],
}
ORGANIZER_NOTES_SAY = {
    "hartford": ["$27m", "$28 million over five years", "KSG1673.0"],
    "louisville": ["only the last line"],
    "south-yorkshire": ["does not name the mayor"],
    "jpart": ["110 individual interviews", "No single mode".lower(), "trusted key participants"],
    "jabs": ["opportunities for collective problem-focused action", "mutual trust"],
}
# Lines of the mayor's quote that are not shipped, and an inference that no page confirms.
NEVER_SAID = [
    "not speed",
    "massive collective impact",
    "A lot of progress has been made",
    "start turning over",
    "consensus about two years ago",
    "I find myself wondering",
    "is its entry point",
]
