"""Words for people by what they are to a young person. Word lists only."""

FEMALE = (
    *("mum", "mom", "mother", "nan", "nana", "gran", "grandma", "granny", "auntie"),
    *("aunty", "aunt", "sister", "stepmum", "girlfriend", "girl", "woman", "lady", "niece"),
    *("daughter", "grandmother", "stepmother", "stepsister", "half sister", "godmother"),
    *("foster mum", "foster mother"),
)
"""Women and girls."""

MALE = (
    *("dad", "father", "stepdad", "grandad", "granddad", "uncle", "brother", "boyfriend"),
    *("boy", "man", "lad", "guy", "bloke", "nephew", "son", "elder", "older", "grandfather"),
    *("stepfather", "stepbrother", "half brother", "godfather", "foster dad", "foster father"),
)
"""Men and boys."""

NEUTRAL = (
    *("cousin", "carer", "foster carer", "neighbour", "friend", "mate", "teacher", "tutor"),
    *("coach", "senco", "head of year", "headteacher", "school", "college", "reception"),
    *("social worker", "yot worker", "youth worker", "key worker", "keyworker"),
    *("support worker", "manager", "duty", "police", "officer", "sergeant", "detective"),
    *("the met", "nurse", "doctor", "gp", "camhs", "solicitor", "lawyer", "staff"),
    *("member of staff", "landlord", "housing", "partner", "parents", "grandparents"),
    *("family", "safeguarding lead", "mentor", "counsellor", "therapist", "hospital"),
    *("ambulance", "paramedics", "probation", "security", "someone", "somebody"),
    *("colleague", "receptionist", "caretaker", "driver", "shopkeeper", "everyone"),
    *("people", "sibling", "lead"),
)
"""Anybody, and the places and services that speak through people."""

MANY = frozenset(
    (
        *("someone", "somebody", "everyone", "people", "school", "college", "reception", "housing"),
        *("hospital", "security", "duty", "camhs", "lead", "staff", "family", "parents", "police"),
        *("grandparents", "the met", "ambulance", "paramedics", "probation"),
    )
)
"""Whom no "he" or "she" stands for."""
