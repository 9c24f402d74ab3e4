#!/usr/bin/env python3
"""Compares the predictions of `cometsim plan` with runs of `cometsim run`, for 42 experiments.

Events, processor time (user and system) and the peak of the resident memory, on one thread. Each line is one experiment;
the last one says how many are within a factor of two. Standard library only; Linux.

    python3 benches/plan/run.py                         # some minutes
    python3 benches/plan/run.py --only link,tabs        # those whose names contain one of these
    python3 benches/plan/run.py --program PATH          # another build than target/release/cometsim
"""

import argparse
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The experiments that come with the program are run with so many replications, since a plan is linear in them.
REPLICATIONS = 1
UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15}
LONG_POLL = "[[transport]]\nname = 'long'\nlong_poll = {}\n"
QUEUE = "[engine]\npath = 'queue'\n"
DELAYS = "[network]\nup = { constant = '200 ms' }\ndown = { constant = '200 ms' }\n"


def short_poll(interval, more=""):
    return f"[[transport]]\nname = 'short'\nshort_poll = {{ interval = '{interval}'{more} }}\n"


def clients(count, more=""):
    return f"[clients]\ncount = {count}\n{more}"


# Name, warm-up, window, replications, and all the rest: systems in which something piles up, and large states.
MADE = [
    ("link", "1 min", "5 min", 1, clients(4000) + "[network]\nserver_link = '4 Mbit/s'\n" + short_poll("1 s")),
    ("link-given-up", "1 min", "5 min", 1,
     clients(4000, "timeout = '10 s'\n") + "[network]\nserver_link = '4 Mbit/s'\n" + short_poll("1 s")),
    ("link-of-clients", "1 min", "5 min", 1,
     clients(2000) + "[network]\nclient_link = '4 kbit/s'\n" + short_poll("1 s") + QUEUE),
    ("workers", "1 min", "10 min", 1,
     clients(2000) + "[server]\nworkers = 5\nservice = { exponential = '10 ms' }\n" + short_poll("1 s")),
    ("workers-held", "1 min", "10 min", 2, clients(5000) + "[server]\nworkers = 50\n" + LONG_POLL),
    ("tabs-blocked", "1 min", "5 min", 1,
     clients(4000, "tabs_per_browser = 10\nconnections_per_host = 1\n") + DELAYS + short_poll("1 s")),
    ("queue-long", "1 min", "1 min", 1, clients(300000) + QUEUE + LONG_POLL),
    ("queue-notified", "1 min", "1 min", 1, clients(300000) + "[server]\ncheck = 'notify'\n" + QUEUE + LONG_POLL),
    ("queue-short", "1 min", "1 min", 1, clients(300000) + QUEUE + short_poll("10 s")),
    ("queue-websocket", "1 min", "1 min", 1,
     clients(300000) + QUEUE + "[[transport]]\nname = 'socket'\nwebsocket = {}\n"),
    ("queue-overlap", "1 min", "1 min", 1,
     clients(100000) + "[network]\nup = { constant = '10 s' }\n" + QUEUE + short_poll("1 s")),
    ("room", "1 min", "5 min", 1,
     clients(2000) + "[source]\nscope = 'group'\nsize = 200\n[clients.sends.poisson]\nrate = '1 /min'\n"
     "[[transport]]\nname = 'socket'\nwebsocket = {}\n" + LONG_POLL),
    ("mailboxes", "1 min", "10 min", 1,
     clients(5000) + "[source.poisson]\nrate = '2 /s'\n" + QUEUE + short_poll("5 min")),
    ("trace", "10 s", "10 min", 2, clients(100) + "[source]\ntrace = { file = 'trace.csv' }\n" + short_poll("5 s")),
]


def write_made(folder):
    """The files of MADE, each with its arguments."""
    rows = (f"{row / 2000:.4f},{row * 7 % 100}\n" for row in range(1_000_000))
    # In pieces: what this process has in memory counts for those that it starts.
    with open(folder / "trace.csv", "w") as trace:
        trace.write("time_s,client\n")
        trace.writelines(rows)
    for name, warmup, duration, replications, text in MADE:
        head = f"[experiment]\nwarmup = '{warmup}'\nduration = '{duration}'\nreplications = {replications}\n"
        # The first table may go on with what stands before it.
        (folder / f"{name}.toml").write_text(head + text)
        yield name, folder / f"{name}.toml", []


def shipped():
    for file in sorted((ROOT / "experiments").glob("*.toml")):
        yield file.stem, file, ["--set", f"experiment.replications={REPLICATIONS}"]


def seconds(text):
    """What `plan` says of the time, as a number."""
    number, unit = re.match(r"([\d.]+) (\w+?)s?$", text).groups()
    return float(number) * {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2.6e6,
                            "year": 3.15e7}[unit]


def horizon_of(text):
    """The horizon of an experiment in lengths of its window: a plan counts the events of the warm-up too."""
    units = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}

    def span(key):
        number, unit = re.search(rf'^{key} *= *"([\d.]+) (\w+)"', text, re.MULTILINE).groups()
        return float(number) * units[unit]

    return 1 + span("warmup") / span("duration")


def plan(program, file, arguments):
    """Events, seconds on one thread, bytes, and the horizon in windows."""
    # One core, so that the plan is for one thread.
    command = ["taskset", "-c", "0", program, "plan", file, *arguments]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    events = float(re.search(r"about ([\d.e+-]+) events", text).group(1))
    time = seconds(re.search(r"# about (.*) on 1 threads", text).group(1))
    value, unit = re.search(r"about ([\d.]+) (\w+) of memory", text).groups()
    return events, time, float(value) * UNITS[unit], horizon_of(text)


def run(program, file, arguments, out):
    """The same of a run."""
    command = [program, "run", file, "--out", out, "--threads", "1", "--quiet", "--force", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{file}: the run failed")
    with open(pathlib.Path(out) / file.stem / "summary.csv", newline="") as table:
        events = sum(float(row["events"]) * int(row["replications"]) for row in csv.DictReader(table))
    return events, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--program", default=ROOT / "target" / "release" / "cometsim")
    options = parser.parse_args()
    wanted = [part for part in options.only.split(",") if part]
    within, count = [0, 0, 0], 0
    print("| experiment | events, plan / run | ratio | CPU seconds, plan / run | ratio | MB, plan / run | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, file, arguments in [*write_made(folder), *shipped()]:
            if wanted and not any(part in name for part in wanted):
                continue
            *predicted, windows = plan(options.program, file, arguments)
            all_events, *rest = run(options.program, file, arguments, folder / "out")
            taken = [all_events * windows, *rest]
            ratios = [one / other for one, other in zip(predicted, taken)]
            count += 1
            within = [sum_ + (0.5 < ratio < 2) for sum_, ratio in zip(within, ratios)]
            (events, time, memory), (all_events, all_time, peak) = predicted, taken
            print(f"| {name} | {events:.2e} / {all_events:.2e} | {ratios[0]:.2f} | {time:.1f} / {all_time:.1f} "
                  f"| {ratios[1]:.2f} | {memory / 1e6:.0f} / {peak / 1e6:.0f} | {ratios[2]:.2f} |", flush=True)
    print(f"| within a factor of two, of {count} | | {within[0]} | | {within[1]} | | {within[2]} |")


main()
