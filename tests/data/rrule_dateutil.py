"""Writes rrule_dateutil.txt: rules by chance, and when they happen by python3-dateutil's reading, an
independent one. Run once (python3 tests/data/rrule_dateutil.py > tests/data/rrule_dateutil.txt); the
tests need the lines only. Left out is what the standard forbids or leaves open, or where dateutil is
known to differ: numbered and plain weekdays in one list, BYWEEKNO without BYDAY."""
import random
import datetime as dt
from dateutil.rrule import rrulestr

WEEK = "MO TU WE TH FR SA SU".split()
rnd = random.Random(5545)


def some(values, most):
    return sorted(rnd.sample(values, rnd.randint(1, min(most, len(values)))))


def join(values):
    return ",".join(str(v) for v in values)


def signed(most, n):
    return some([v for v in range(-most, most + 1) if v], n)


def by_days(freq, parts):
    chance = rnd.random
    if chance() < 0.4:
        parts["BYMONTH"] = join(some(range(1, 13), 4))
    if freq == "YEARLY" and chance() < 0.3:
        parts["BYWEEKNO"] = join(signed(53, 5))
        parts["BYDAY"] = join(rnd.sample(WEEK, rnd.randint(1, 4)))
        return
    if freq != "WEEKLY" and chance() < 0.3:
        parts["BYMONTHDAY"] = join(signed(31, 6))
    if freq not in ("WEEKLY", "MONTHLY", "DAILY") and chance() < 0.25:
        parts["BYYEARDAY"] = join(signed(366, 40))
    if chance() < 0.4:
        days = rnd.sample(WEEK, rnd.randint(1, 4))
        if freq in ("YEARLY", "MONTHLY") and chance() < 0.6:
            most = 53 if freq == "YEARLY" and "BYMONTH" not in parts else 5
            days = ["%d%s" % (signed(most, 1)[0], d) for d in days]
        parts["BYDAY"] = join(days)


def by_times(parts, fine):
    if rnd.random() < (0.4 if fine else 0.2):
        parts["BYHOUR"] = join(some(range(24), 5))
    if rnd.random() < (0.4 if fine else 0.15):
        parts["BYMINUTE"] = join(some(range(60), 5))
    if rnd.random() < (0.3 if fine else 0.05):
        parts["BYSECOND"] = join(some(range(60), 3))


def rule():
    freq = rnd.choice(["YEARLY", "YEARLY", "MONTHLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY",
                       "SECONDLY"])
    fine = freq in ("HOURLY", "MINUTELY", "SECONDLY")
    parts = {"FREQ": freq}
    if rnd.random() < 0.5:
        parts["INTERVAL"] = rnd.choice([2, 3, 4, 5, 7, 11]) if not fine else rnd.choice([2, 5, 7, 45, 90, 1000])
    by_days(freq, parts)
    by_times(parts, fine)
    if rnd.random() < 0.4:
        parts["WKST"] = rnd.choice(WEEK)
    if len([k for k in parts if k.startswith("BY")]) and rnd.random() < 0.25:
        parts["BYSETPOS"] = join(signed(rnd.choice([3, 10, 366]), 3))
    if rnd.random() < 0.4:
        parts["COUNT"] = rnd.choice([1, 3, 10, 40])
    return freq, fine, ";".join("%s=%s" % p for p in parts.items())


def text(t):
    return t.strftime("%Y%m%dT%H%M%S")


def line():
    freq, fine, r = rule()
    start = dt.datetime(rnd.randint(1996, 2024), rnd.randint(1, 12), rnd.randint(1, 28), rnd.randint(0, 23),
                        rnd.randint(0, 59), rnd.choice([0, 0, 30]))
    begin = start + dt.timedelta(days=rnd.choice([0, 0, 1, 40, 400]))
    end = begin + dt.timedelta(days=rnd.choice([2, 30]) if fine else rnd.choice([60, 800, 2400]))
    until = begin + (end - begin) / 2 if "COUNT" not in r and rnd.random() < 0.3 else None
    got = []
    for n, t in enumerate(rrulestr("DTSTART:%s\nRRULE:%s" % (text(start), r))):
        if t > end or (until and t > until):
            break
        if n > 20000 or len(got) > 4000:
            return None
        if t >= begin:
            got.append(t)
    total = sum(int((t - start).total_seconds()) for t in got)
    return "|".join([r, text(start), text(until.replace(microsecond=0)) if until else "", text(begin), text(end),
                     str(len(got)), str(total), join(text(t) for t in got[:6])])


class TooLong(Exception):
    pass


def main():
    import signal

    def stop(*_):
        raise TooLong
    signal.signal(signal.SIGALRM, stop)
    print("# By rrule_dateutil.py.")
    print("# rule|start|until|from|to|how many|sum of seconds after the start|the first of them")
    n, empty = 0, 0
    while n < 500:
        signal.alarm(2)
        try:
            one = line()
        except (ValueError, TooLong):
            one = None
        signal.alarm(0)
        if not one:
            continue
        none = one.split("|")[5] == "0"
        if none and empty >= 60:
            continue
        empty += none
        n += 1
        print(one)


main()
