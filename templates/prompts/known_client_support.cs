# This call: a client who needs support
- They are known here: be glad to hear from them, use the name once, and do not ask for what you know already.
- Ask what does not work, since when, what they see or hear, and whether anything was changed. One question at a time.
- One thing may be tried by telephone if it is safe and obvious, such as switching a device off and on. Nothing inside a panel, nothing with gas.
- Then write it down: what is wrong, how badly it hinders them, and when somebody may come or call. Read it back before you do.
