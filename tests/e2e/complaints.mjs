// What users of other telephone agents complain about, and the test that such a complaint would fail
// here: number → places, or why it does not apply. The numbers are those of the collection of some 90
// threads that this was written by; the words here are ours. Machine-checked by complaints.test.mjs:
// every number is there, and every place is a test that exists.
//
//   'e2e/FILE: NAME'  the test of that name (or the beginning of it) in tests/e2e/FILE.test.mjs
//   'unit/FILE: NAME' the function in tests/unit/test_FILE.c; page/, sql/ and web/ likewise
//   no('because …')   nothing here that could go wrong so, or it is not built yet
export const no = (why) => ({ why });

export const complaints = {
  // ---- barge-in, echo, noise ----
  1: { what: 'the line plays on for seconds after an interruption', tests: ['e2e/bridge-barge-in: speech long after the model has finished generating: clear all the same'] },
  2: { what: 'an interruption after all was generated clears nothing', tests: ['e2e/bridge-barge-in: speech long after the model has finished generating: clear all the same', 'e2e/bridge: barge-in: clear at once, truncate to what was heard'] },
  3: { what: 'truncate beyond the item is refused', tests: ['unit/bridge: test_heard_is_time_or_bytes', 'unit/bridge: test_items_queue_up', 'e2e/bridge: barge-in while it is still being generated'] },
  4: { what: 'what was sent counts as heard', tests: ['unit/bridge: test_heard_is_time_or_bytes', 'unit/bridge: test_cut_of_an_answer_still_coming'] },
  5: { what: 'marks come back after a clear and are taken for played', tests: ['unit/bridge: test_marks', 'unit/bridge: test_marks_of_strangers'] },
  6: { what: 'barge-in works on the web and not on the telephone', tests: ['e2e/bridge-barge-in: recorded speech while we speak: clear, cancel, truncate to what was heard', 'e2e/stack-voice: who speaks while she speaks is heard'] },
  7: { what: 'the agent interrupts itself by its echo', tests: ['e2e/bridge-barge-in: what is no speech does not interrupt', 'unit/ear: test_echo_loss_is_learned', 'unit/vad: test_echo_does_not_train'] },
  8: { what: 'false speech cuts answers, and nothing can be set', tests: ["e2e/bridge-barge-in: a business\\'s own thresholds reach its calls", 'e2e/bridge-barge-in: when a caller speaks, and has finished'] },
  9: { what: 'any noise cancels speech', tests: ['e2e/bridge-barge-in: what is no speech does not interrupt', 'e2e/bridge-barge-in: a cough cuts us off and no words come'] },
  10: { what: 'phantom and too early interruptions', tests: ['e2e/bridge-barge-in: an empty transcript: the answer to it is not said', 'e2e/bridge-barge-in: speech that begins while we speak and goes on after is speech'] },
  11: { what: 'barge-in breaks with each change', tests: ['e2e/bridge-barge-in: recorded speech while we speak', 'unit/ear: test_table'] },
  12: { what: 'barge-in stops working after the third', tests: ['e2e/bridge-barge-in: ten interruptions work like the first'] },
  13: { what: 'no voice after the first interruption; a token in the query is stripped', tests: ['e2e/bridge-barge-in: ten interruptions work like the first', 'page/hook: answers_a_call_with_a_stream'] },

  // ---- latency, start of a call ----
  14: { what: 'the model is dialled only when the stream is there', tests: ["e2e/bridge-ladder: a session made ahead is the call\\'s own", 'e2e/stack-model: the model is dialled when the webhook comes', "e2e/stack-bridges: a call\\'s session is made ahead by one bridge"] },
  15: { what: 'seconds from the answer to the first word', tests: ['unit/latency: the_first_word_counts_from_the_calls_beginning', 'e2e/bridge-ladder: a greeting that was heard whole is kept'] },
  16: { what: 'slow on the telephone, and nobody can say where', tests: ['e2e/complaints: 16', "e2e/bridge-latency: a turn is measured from the caller\\'s last sound to our first one at the socket"] },
  17: { what: 'the second sentence is made before the first one plays', tests: ['unit/speech: test_session_sentence_by_sentence', 'e2e/relay-brain: words stream'] },
  18: { what: 'no greeting, or a stall after it', tests: ['e2e/bridge-ladder: a greeting that was heard whole is kept, and played at once the next time'] },
  19: { what: 'the first syllable is clipped', tests: ['e2e/bridge-course: silence before the first word, counted as such'] },
  20: { what: 'sound in fragments on a small machine', tests: ['e2e/complaints: 20', 'unit/bridge: test_queue_tiny_audio', 'unit/bridge: test_queue_drops_oldest_audio_only'] },

  // ---- silence, tools, stalls ----
  21: { what: 'nobody asks whether the caller is there, and nobody hangs up', tests: ['e2e/bridge-course: silence: are you still there, then goodbye'] },
  22: { what: 'comfort noise defeats the clock of silence', tests: ['e2e/bridge-course: noise does not defeat the clock', 'unit/quiet: test_noise_does_not_defeat_the_clock_of_words'] },
  23: { what: 'after a clear it is still "speaking"', tests: ['e2e/bridge-course: a clear makes it quiet at once', 'unit/quiet: test_a_clear_makes_it_quiet_at_once'] },
  24: { what: 'a line stands in the transcript and was never heard', tests: ['e2e/bridge-course: the question is written down only if it was heard'] },
  25: { what: 'long silence for a rate limit', tests: ['e2e/complaints: 25', "e2e/bridge-ladder: no capacity: asked again after the server\\'s own wait"] },
  26: { what: 'a second response while one is active ends the call', tests: ['e2e/bridge: our answer meets one of its own: harmless', "e2e/bridge-matrix: the server\\'s own answer begins first, then ours is refused"] },
  27: { what: 'dead air, or no answer, after a slow tool', tests: ['e2e/bridge-course: a slow tool: one filler', 'e2e/bridge-course: results always lead to a response', 'e2e/bridge-course: a stuck tool pool: one filler'] },
  28: { what: 'goodbye and tool in one answer: the goodbye is not heard', tests: ['e2e/bridge: end_call: the goodbye is played to its end, the end is written before the socket closes'] },

  // ---- ending and transferring ----
  29: { what: 'the socket closes and the call goes on', tests: ['e2e/stack-model: both sides are written down, tools run, and it ends with a goodbye', 'page/hook: does_what_the_row_says_next'] },
  30: { what: 'goodbye cut off, or the end never comes', tests: ['e2e/bridge: end_call without words: a goodbye is asked for', 'e2e/bridge-matrix: the longest time while leaving'] },
  31: { what: 'a caller who has more to say at the goodbye', tests: ['e2e/bridge-course: the caller has more to say: end_call never was'] },
  32: { what: 'both sides hang up, and something crashes', tests: ['e2e/complaints: 32', 'e2e/bridge: the caller hangs up at each stage'] },
  33: { what: 'the caller is gone, the session is open and billed', tests: ['e2e/bridge: the call is over, as Twilio says, but its stream stays open', 'e2e/bridge: the caller hangs up at each stage', 'e2e/bridge-ladder: sessions nobody takes are closed after 15 s'] },
  34: { what: 'the ring timeout is ignored', tests: ['page/hook: rings_the_owner_once', 'e2e/stack-calls: the caller leaves a message and is not rung for again'] },
  35: { what: 'every failed transfer looks the same', tests: ['page/hook: hears_whether_the_owner_answered', 'page/hook: whispers_to_the_callee'] },
  36: { what: '"transferring", and nothing happens', tests: ['e2e/bridge-course: "putting you through" is said when the tool has accepted, not before', 'e2e/bridge: a refused transfer lets the talk go on'] },
  37: { what: 'an error leaves the caller on hold', tests: ['page/hook: hears_whether_the_owner_answered', 'e2e/stack-calls: no-answer and no message either'] },
  38: { what: 'one transfer rings twice', tests: ['e2e/complaints: 38', 'page/hook: rings_the_owner_once'] },

  // ---- booking and truth ----
  39: { what: 'wrong year, zone or weekday', tests: ['unit/dates: test_sentences', 'unit/dates: test_said_back', 'unit/dates: test_wrong_fields'] },
  40: { what: '"done", and nothing was', tests: ['unit/tools: test_our_failure_is_no_promise', 'unit/brain: no_goodbye_while_a_tool_is_refused', 'e2e/ladder: when a tool is called: the model is told that it did not work'] },
  41: { what: 'an interruption books twice', tests: ['unit/tools: test_callback_twice_is_one', 'e2e/bridge-matrix: a function call told twice runs once'] },
  42: no('nothing is booked into a calendar yet: there are no slots to be taken twice'),
  43: no('there are no appointments yet whose identity could be invented; a callback is found by the call it came from'),
  44: { what: 'round and round over a name', tests: ['unit/dialog: test_two_failures', 'unit/dialog: test_keys_alone'] },

  // ---- webhooks, scale, money, privacy ----
  45: { what: 'signatures fail behind a proxy, and nobody sees it', tests: ['e2e/stack-webhooks: a wrong one is refused, counted, and shown to the owner', 'e2e/check: another token, another address: the signature does not hold', 'unit/wire_twilio_sig: vectors'] },
  46: { what: 'a webhook that comes twice is done twice', tests: ['e2e/stack-webhooks: one row; the newest token opens the stream once', 'e2e/stack-webhooks: in any order, late and repeated: a call only moves up', 'e2e/brain: a webhook that comes twice, while it thinks and afterwards'] },
  47: { what: 'a retried create sends two texts', tests: ['e2e/outbox: took it, the reply is lost, and then reports it: no doubt is left', 'e2e/outbox: is killed between claim and answer: sent once'] },
  48: { what: 'the third call at a time is late', tests: ['e2e/bridge: 20 calls at once', 'e2e/stack-model: twenty calls at once'] },
  49: { what: 'memory grows with calls and recordings', tests: ['e2e/recording: memory does not grow with the length of a call', 'unit/recorder: memory_does_not_grow_with_the_call', 'e2e/bridge-soak: calls that open, talk, interrupt'] },
  50: { what: 'a core burns after a hang-up', tests: ['e2e/bridge: the caller hangs up at each stage', 'e2e/bridge-soak: calls that open, talk, interrupt'] },
  51: { what: 'a second call ends the first; calls end with the session', tests: ['e2e/bridge: 20 calls at once', 'e2e/bridge-ladder: a session near its end is replaced in a pause'] },
  52: { what: 'no reconnect, or one that cannot help', tests: ['e2e/bridge-ladder: silent for MODEL_SILENT_S', 'e2e/bridge-ladder: a dead peer is noticed', 'e2e/bridge-ladder: fatal codes are never retried'] },
  53: no('what a call costs is not counted yet'),
  54: { what: 'an update ends the calls that run', tests: ['e2e/bridge: drain: no new streams, running calls finish, exit 0', 'e2e/stack-restart: SIGTERM: who talks may finish', 'e2e/ladder: in the middle of a call: the stream goes on over the old worker'] },
  55: { what: 'numbers, also spoken ones, in the log', tests: ['e2e/complaints: 55', 'unit/mask: own_lines', 'e2e/fcgi: logs one line a request, and no number or name'] },
  56: { what: 'the service is switched off, and calls are silent', tests: ['e2e/bridge-ladder: fatal codes are never retried: at once down the ladder, and the owner is told', 'e2e/check: the model: refused key, unknown model, no credit'] },
  57: no('nobody is called by Frontdesk, so no machine answers it'),
};

// What an owner would love and no other system has, as far as it is built.
export const wishes = {
  1: { what: 'the phone never dies', tests: ["e2e/ladder: stream, questions from what was said, owner\\'s phone, recorded message, text", 'e2e/bridge-matrix: no state and no fault leaves the caller in silence'] },
  2: no('what was said is not compared with what was done after a call yet; while it runs, "done" comes from a tool (complaint 40)'),
  3: no('costs are not counted yet (complaint 53)'),
  4: no('there is no live board yet'),
  5: no('there are no practice calls for owners yet; `make demo` plays one'),
  6: { what: 'dated instructions that end by themselves', tests: ['e2e/business: dated exceptions: closed, other hours, somebody away; taken back'] },
  7: { what: 'why did it do that', tests: ["e2e/ladder: stream, questions from what was said, owner\\'s phone, recorded message, text: each on the timeline", 'page/api: shows_one_call_whole_and_nothing_secret'] },
  8: { what: 'callbacks as a list of work', tests: ['web/admin: a callback is marked done, said so once, and undone'] },
  9: { what: 'privacy that can be shown', tests: ['e2e/bridge-recording: list, export and erase by the command line', 'unit/recorder: nothing_of_it_is_readable_in_the_file'] },
  10: { what: 'the cheapest box, with proof', tests: ['e2e/check: says so: exit 0, every check in its place', 'e2e/bridge-soak: calls that open, talk, interrupt'] },
};
