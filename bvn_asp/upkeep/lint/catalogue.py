"""The rules of `bvn lint`: what each one avoids, what it prefers, and why."""

from __future__ import annotations

from bvn_asp.classes import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        id: as it stands in findings, comments and baselines.
        level: error, the file cannot be used; warning, it does not say what its author means; note, worth knowing.
        asks: `text`, found by reading the file; `meaning`, found by the solver over every case of the vocabulary.
        why: what goes wrong otherwise.
        avoid, prefer: an example of each.
        fixable: `--fix` mends it.
    """

    id: str
    level: str
    asks: str
    title: str
    why: str
    avoid: str
    prefer: str
    fixable: bool = False


LEVELS = ("error", "warning", "note")

TEXT_RULES = (
    Rule(
        "not-a-rule", "error", "text", "the text is no rule",
        "The solver cannot read the file, and nothing else can be checked.",
        "met(age_18) :- at_least(age, 18)", "met(age_18) :- at_least(age, 18).",
    ),
    Rule(
        "engine-only", "error", "text", "something that belongs to the engine",
        "A choice, a constraint, `#show` or a definition of what comes from the record would change the answers about"
        " every other policy.",
        ":- not is(requested(l3), yes).", 'criterion(l3, indications, "Indications 1", "…"). met(l3) :- requested(l3).',
    ),
    Rule(
        "undefined", "error", "text", "a predicate that nothing defines",
        "A misspelt predicate is never true: its rule would be silently dead.",
        "met(care) :- credted(M).", "met(care) :- credited(M).",
    ),
    Rule(
        "unknown-name", "error", "text", "a fact, value, member or topic that the vocabulary does not have",
        "No case can record it, so no case could ever meet the criterion.",
        "met(modic) :- is(modics(B), type_1).", "met(modic) :- is(modic(B), type_1).",
    ),
    Rule(
        "unknown-reading", "error", "text", "a reading or an option that policy.yaml does not declare",
        "Nobody could choose it, and nobody is told that the text is ambiguous.",
        "instead(modic_bodies, each_body, met(modic)) :- changed(B) : requested(B).",
        "instead(modic_bodies, each_body, met(modic)) :- changed(B) : requested(B).",
    ),
    Rule(
        "not-a-limit", "error", "text", "a limit that is no number of its fact, or a comparison of what is no number",
        "A duration without its unit, a decimal without quotes or a limit held in a variable cannot be cut into cells.",
        "met(pain) :- at_least(pain_duration, 6).", "met(pain) :- at_least(pain_duration, months(6)).",
    ),
    Rule(
        "outline", "error", "text", "an outline that is no tree",
        "An entry that stands twice, or below something that is no group, has no place in the verdict.",
        'criterion(bmi, exclusion, "Non-indications 16", "…").',
        'criterion(bmi, exclusions, "Non-indications 16", "…").',
    ),
    Rule(
        "no-place", "error", "text", "an entry without its place in the source",
        "A reason that cannot be looked up is no reason.",
        'criterion(bmi, exclusions, "", "body mass index above 40").',
        'criterion(bmi, exclusions, "Non-indications 16", "body mass index above 40").',
    ),
    Rule(
        "policy-file", "error", "text", "a fault of policy.yaml",
        "Who publishes the policy, which edition is in force and how it can be read is not known.",
        "defualt: any-body", "default: any-body",
    ),
    Rule(
        "fault", "error", "text", "another fault of the file",
        "The policy cannot be asked anything.",
        "…", "see the message",
    ),
    Rule(
        "unsafe-variable", "error", "text", "a variable that nothing gives a value to",
        "The solver refuses a rule that holds for everything there is.",
        "met(surgery) :- not is(prior_surgery(B), none).",
        "met(surgery) :- requested(B), not is(prior_surgery(B), none).",
    ),
    Rule(
        "unbounded", "error", "text", "a rule on which the solver would not end, or not decide",
        "A head that makes new terms, an interval or a join that is very large, or a predicate that depends on its own"
        " denial: the file is refused before anything is grounded.",
        "late(X) :- body(X), not early(X). early(X) :- body(X), not late(X).",
        "late(X) :- body(X), not early(X). early(X) :- requested(X).",
    ),
    Rule(
        "turned-round", "error", "text", "a condition that means the reverse of what one reads",
        "An atom behind a condition's comma that shares no variable with what stands before the colon makes the whole"
        " hold where the atom fails; `not` before a pool asks that one of the values fail, which nearly everybody has.",
        "met(modic) :- shown(B) : requested(B), reading(o29, each_body).",
        "met(modic) :- shown(B) : requested(B); reading(o29, each_body).",
    ),
    Rule(
        "exception", "error", "text", "an `instead`, `besides` or `unless` that cannot mean what it says",
        "It names a reading, an option and the head that it is about, written as in that head's own rules; two"
        " readings cannot both replace the same rules.",
        "instead(modic_bodies, met(modic)) :- shown(B) : requested(B).",
        "instead(modic_bodies, each_body, met(modic)) :- shown(B) : requested(B).",
    ),
    Rule(
        "exception-for-default", "warning", "text", "an exception under the option that is the default",
        "What stands plainly is the text as read by default; an exception for it contradicts the plain rules.",
        "besides(modic_bodies, any_body, met(modic)) :- shown(_).", "met(modic) :- shown(_).",
    ),
    Rule(
        "exception-of-nothing", "warning", "text", "an exception about a head that no plain rule is for",
        "By default the head never holds: either the plain rule is missing, or the head is misspelt.",
        "unless(lcd_precautions, curable, met(infektion)) :- cured.",
        "unless(lcd_precautions, curable, met(infection)) :- cured.",
    ),
    Rule(
        "undoubted-judgement", "warning", "text", "a judgement that is presumed whatever the chart says",
        "A clinician's judgement over an open list is taken as *no* although the chart holds what it would be about.",
        "worse_outlook: {judgement: true, absent: no, presumed: true, …}",
        "doubts: {outlook: {why: …, of: [worse_outlook], by: [heart_disease]}}",
    ),
    Rule(
        "pair-undecided", "warning", "text",
        "something on record of which nobody decided whether it raises a doubt",
        "Where a vocabulary says what raises no doubt, silence decides nothing; a chart is approved against itself.",
        "no_doubt: {mood: {why: …, of: [fracture], by: [depression]}}, and no word on `fracture` by `fever`",
        "otherwise: {general_health: {why: …, of: [all], by: [section: General health]}}",
    ),
    Rule(
        "pair-decided-twice", "warning", "text",
        "something on record of which two entries say whether it raises a doubt",
        "One of the two reasons is not the reason, or they contradict each other and the doubt stands.",
        "doubts: {bone: {…, by: [t_score <= -2.5]}}, no_doubt: {weak: {…, by: [t_score]}}",
        "doubts: {bone: {…, by: [t_score <= -2.5]}}, no_doubt: {weak: {…, by: [t_score > -2.5]}}",
    ),
    Rule(
        "number-out-of-range", "warning", "text", "a number outside the vocabulary's range",
        "No record can come near it, so the comparison always has the same answer.",
        "met(bmi) :- more_than(bmi, 400).", "met(bmi) :- more_than(bmi, 40).",
    ),
    Rule(
        "number-between-steps", "warning", "text", "a number that no record can have",
        "Records lie on the grid that the vocabulary names; a limit between two of its points is read as one of them.",
        'met(osteoporosis) :- at_most(t_score, "-2.55").', 'met(osteoporosis) :- at_most(t_score, "-2.5").',
    ),
    Rule(
        "operator-against-text", "warning", "text",
        "the words say `or longer`, the rule says `more than`, or the reverse",
        "The two differ for exactly those patients who stand on the limit.",
        'criterion(pain, …, "pain for 6 months or longer"). met(pain) :- more_than(pain_duration, months(6)).',
        'criterion(pain, …, "pain for 6 months or longer"). met(pain) :- at_least(pain_duration, months(6)).',
    ),
    Rule(
        "number-against-text", "warning", "text", "the words name one number, the rules another",
        "One of them was changed without the other.",
        'criterion(pain, …, "pain for 6 months or longer"). met(pain) :- at_least(pain_duration, months(3)).',
        'criterion(pain, …, "pain for 3 months or longer"). met(pain) :- at_least(pain_duration, months(3)).',
    ),
    Rule(
        "limit-not-compared", "warning", "text", "the words name a limit with its unit, and no rule compares one",
        "What the words ask for is not asked of anybody.",
        'criterion(pain, …, "pain for 6 months or longer"). met(pain) :- is(pain_severity, severe).',
        'criterion(pain, …, "pain for 6 months or longer"). met(pain) :- at_least(pain_duration, months(6)).',
    ),
    Rule(
        "other-list", "warning", "text", "an entry in another list than the one that its place names",
        "An exclusion among the indications counts the other way round: whoever has it is approved.",
        'criterion(bmi, indications, "Non-indications 16", "body mass index above 40").',
        'criterion(bmi, exclusions, "Non-indications 16", "body mass index above 40").',
    ),
    Rule(
        "out-of-order", "warning", "text", "places that do not follow the order of the source",
        "Entries follow the document, so that a missing item is seen; a place out of its order is often a wrong place.",
        'criterion(b, …, "Indications 5", "…"). criterion(c, …, "Indications 4", "…").',
        'criterion(c, …, "Indications 4", "…"). criterion(b, …, "Indications 5", "…").',
    ),
    Rule(
        "no-rule", "warning", "text", "a criterion that no rule meets",
        "It is never met: an indication denies everybody, an exclusion excludes nobody.",
        'criterion(bmi, exclusions, "Non-indications 16", "body mass index above 40").',
        "… met(bmi) :- more_than(bmi, 40).",
    ),
    Rule(
        "empty-group", "warning", "text", "a group without parts",
        "`all_of` nothing holds always, `any_of` nothing holds never, and neither is what the text says.",
        'group(care, root, all_of, "Indications 3", "…").', "give it its parts, or make it a criterion",
    ),
    Rule(
        "unreached", "warning", "text", "an entry that does not lead to the root",
        "It is shown but gates nothing. If that is meant, `advisory(Id)` says so, and its parent is `advice`.",
        'criterion(billing, advice, "Limitations 6", "…").', "… advisory(billing).",
    ),
    Rule(
        "unused-helper", "warning", "text", "a helper predicate that no criterion uses",
        "It looks as if it mattered.",
        "smoker :- is(tobacco, current).", "use it in a rule for `met`, or remove it",
    ),
    Rule(
        "no-topic", "note", "text", "a criterion that `concerns` nothing",
        "`bvn compare` cannot put it beside what other policies say of the same thing.",
        'criterion(bmi, exclusions, "Non-indications 16", "…").', "… concerns(bmi, bmi).",
    ),
    Rule(
        "singleton-variable", "note", "text", "a variable that stands once in a rule that has others",
        "It stands for anything; two that were meant to be one are the commonest slip in such rules.",
        "met(fracture) :- requested(B), is(fracture(C), yes).", "met(fracture) :- requested(B), is(fracture(B), yes).",
        fixable=True,
    ),
    Rule(
        "anonymous-in-condition", "warning", "text", "`_` beside a condition or inside a count",
        "It may mean any or each; which of them, few readers can tell.",
        "met(modic) :- shown(B, _) : requested(B).", "met(modic) :- shown(B) : requested(B). shown(B) :- shown(B, _).",
    ),
    Rule(
        "unused-reading", "warning", "text", "a reading that no rule of any revision asks for",
        "A choice that changes nothing is offered to the reader. What no verdict can hang on is a note.",
        "readings: {O12: …}", "notes: {O12: …}",
    ),
    Rule(
        "unused-option", "warning", "text", "two or more options of a reading that no rule names",
        "Nothing tells them apart.",
        "options: {one: …, two: …, three: …} and rules that ask for `one` alone", "a rule for each option but one",
    ),
    Rule(
        "invisible-character", "warning", "text", "a character that cannot be seen",
        "A space of no width makes two names that look the same; a space that does not break is pasted prose.",
        "met(bmi\N{ZERO WIDTH SPACE}) :- …", "met(bmi) :- …",
        fixable=True,
    ),
    Rule(
        "trailing-space", "note", "text", "spaces at the end of a line",
        "They show up in every comparison of editions.",
        "met(bmi) :- more_than(bmi, 40).   ", "met(bmi) :- more_than(bmi, 40).",
        fixable=True,
    ),
    Rule(
        "repeated-by-source", "note", "text", "the source says the same twice",
        "It is encoded once, and both places are cited: when one of them is revised, the other will be forgotten.",
        "two criteria with one rule", 'also(once_per_body, "Indications 9").',
    ),
    Rule(
        "allow-without-reason", "warning", "text", "a comment that allows a flaw and does not say why",
        "In a year nobody will know; so it allows nothing.",
        "% lint: allow duplicate", "% lint: allow duplicate because the document says it twice",
    ),
    Rule(
        "allow-for-nothing", "note", "text", "a comment that allows a flaw that is not there",
        "The flaw was mended, or the comment stands in the wrong line.",
        "% lint: allow duplicate because …", "remove the comment",
    ),
)

MEANING_RULES = (
    Rule(
        "never-met", "warning", "meaning", "an entry that no patient meets, however the text is read",
        "An indication that nobody meets denies everybody.",
        "met(young) :- at_least(age, 18), less_than(age, 18).", "met(young) :- less_than(age, 18).",
    ),
    Rule(
        "always-met", "warning", "meaning", "an entry that every patient meets, however the text is read",
        "An exclusion that everybody meets denies everybody; an indication that everybody meets asks for nothing.",
        "met(adult) :- at_least(age, 0).", "met(adult) :- at_least(age, 18).",
    ),
    Rule(
        "dead-rule", "warning", "meaning", "a rule that applies to no patient, however the text is read",
        "Its author meant somebody.",
        "met(a) :- is(anesthesia, local), is(anesthesia, general).", "met(a) :- is(anesthesia, (local; general)).",
    ),
    Rule(
        "idle-exception", "warning", "meaning", "an exception that excuses nobody",
        "Either it never comes about, or whoever it excuses is denied all the same.",
        "met(implant) :- is(implant, yes), not is(implant, no).", "met(implant) :- is(implant, yes), not safe.",
    ),
    Rule(
        "redundant", "warning", "meaning", "an entry that others imply",
        "No verdict hangs on it. All entries reported so could be taken out together; when a limit moves in one place,"
        " it stays in the other.",
        "under 18 years among the exclusions, 18 years or older among the indications", "one of them, with `also`",
    ),
    Rule(
        "duplicate", "warning", "meaning", "two entries that say the same, or the same the other way round",
        "One test under two names: a denial names both, and a revision changes one.",
        "at most 4 sessions among the indications, more than 4 among the exclusions", "one entry, with `also`",
    ),
    Rule(
        "contradiction", "warning", "meaning", "two entries that leave nobody between them",
        "Each can be fulfilled, the two together cannot: the policy approves nobody.",
        "at most 2 sessions, and at least 3 sessions", "the limit that the source means",
    ),
    Rule(
        "swallowed", "warning", "meaning", "an exclusion that excludes whoever fulfils an indication",
        "The policy approves nobody.",
        "exclusion: 18 years or older; indication: 18 years or older", "the exclusion turned round",
    ),
    Rule(
        "approves-nobody", "warning", "meaning", "no patient can be approved, in any way that the other readings allow",
        "The finding names the fewest entries that leave no room. Under an option that policy.yaml puts `aside`, it is"
        " a note: the reason is given there.",
        "a reading under which a rule among the exclusions excludes whoever keeps it", "mark the option `aside: why`",
    ),
    Rule(
        "idle-option", "warning", "meaning", "an option that changes no entry, whatever else is chosen",
        "The passage can be read in two ways, and the rules make nothing of it.",
        "options that lead to the same rule", "a rule that differs, or a note in place of the reading",
    ),
    Rule(
        "idle-limit", "warning", "meaning", "a comparison that has the same answer for every patient",
        "The limit lies at the end of what the vocabulary allows, so it divides nobody from nobody.",
        "met(age) :- at_most(age, 120).", "met(age) :- at_most(age, 85).",
    ),
    Rule(
        "not-asked", "error", "meaning", "rules about which the solver cannot be asked",
        "Two limits of one fact whose order only a calendar could tell (26 weeks and 6 months), for example.",
        "at_least(care_duration, weeks(26)) and at_least(care_duration, months(6))", "one unit for one fact",
    ),
)

ANCHOR_RULES = (
    Rule(
        "anchors-file", "error", "text", "a fault of the anchors, or words claimed for an entry that is not there",
        "Nobody could see the source's words beside what is encoded.",
        "adlut: 12+9 hulpd4f4", "`bvn text POLICY FILE --write MARKS` writes the file",
    ),
    Rule(
        "no-passage", "warning", "text", "a criterion that claims no words of a text that was read",
        "Where its words change, nobody is told.",
        "a criterion marked `primary` that no mark names", "a mark for its clause: `age_18: first words ... last`",
    ),
    Rule(
        "claimed-twice", "warning", "text", "words that two claims hold",
        "One of them names the wrong clause, or both are one.",
        "age_18: at least ... older; adult: 18 ... older", "adult, age_18: at least ... older",
    ),
    Rule(
        "no-reason", "warning", "text", "words left out for a reason that policy.yaml does not give",
        "What is not encoded stays visible, with the reason.",
        "left Examples: …", "left PLACE: …, PLACE being one of `not_encoded` or the id of a note",
    ),
    Rule(
        "open-words", "note", "text", "words among the criteria that nobody claims",
        "They may be a criterion that was passed over.",
        "a sentence under no mark", "a mark for it, or `left PLACE: …` with a reason in policy.yaml",
    ),
    Rule(
        "pasted", "warning", "text", "the source's own words in our wording",
        "Policy texts are copyrighted: what is encoded is said in other words, with the place.",
        "five words or more of a passage, word for word", "a short plain sentence of one's own",
    ),
)

RULES = {each.id: each for each in (*TEXT_RULES, *ANCHOR_RULES, *MEANING_RULES)}
