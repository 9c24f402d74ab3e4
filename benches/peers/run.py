#!/usr/bin/env python3
"""Runs model M1 in cometsim and in other discrete-event simulators, checks that all of them agree, compares their speed.

Installs what it needs under target/peers/ (a Python environment, the Rust and C++ programs) and measures user CPU time.
Every run is checked against closed forms; a system that disagrees ends the comparison with an error.
Results: peers.csv, peers.md, peers.png and peers.svg, and the tables on standard output.
"""

import argparse
import csv
import json
import math
import os
import platform
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
CACHE = TARGET / "peers"
VENV_PYTHON = CACHE / "venv" / "bin" / "python"
COMETSIM = TARGET / "release" / "cometsim"
RUST_PROGRAMS = CACHE / "rust" / "release"
NS3_PROGRAM = CACHE / "m1-ns3"

# The model in closed form.
HIT_PROBABILITY = 15 / 999
CHECKS = 80
CHECK_INTERVAL = 0.5
MEAN_DELAY = 0.05
LONGEST_HOLD = CHECKS * CHECK_INTERVAL
NO_DATA_PROBABILITY = (1 - HIT_PROBABILITY) ** CHECKS
TICKS_PER_REQUEST = (1 - NO_DATA_PROBABILITY) / HIT_PROBABILITY
TICKS_VARIANCE = (
    sum((2 * k + 1) * (1 - HIT_PROBABILITY) ** k for k in range(CHECKS)) - TICKS_PER_REQUEST**2
)
CYCLE = 2 * MEAN_DELAY + CHECK_INTERVAL * TICKS_PER_REQUEST
CYCLE_VARIANCE = 2 * MEAN_DELAY**2 + CHECK_INTERVAL**2 * TICKS_VARIANCE

# All clients have started after the longest hold. No run is shorter than this.
SHORTEST_WINDOW = 45
# From here on the transient of the start has died out, and the number of requests has a closed form too.
STEADY_WINDOW = 400
LARGEST_Z = 5

# Linux counts kilobytes, macOS bytes.
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024


class Disagreement(Exception):
    """A system does not simulate the model."""


class Missing(Exception):
    """A system cannot be had here."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def execute(command, **options):
    """Runs a command to its end; returns its output, its user CPU time and its peak memory in bytes."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, env=environment, **options
        )
        output = process.stdout.read().decode()
        process.stdout.close()
        # Unlike RUSAGE_CHILDREN this counts one child alone.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            message = errors.read().decode(errors="replace").strip()
            raise RuntimeError(f"{Path(str(command[0])).name} failed ({process.returncode}): {message[-2000:]}")
    return output, usage.ru_utime, usage.ru_maxrss * MEMORY_UNIT


def build(command, environment=None):
    """Runs an installer or a compiler, whose words are shown only where it fails."""
    done = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode != 0:
        raise Missing(f"{command[0]} failed:\n{done.stdout.decode(errors='replace')[-2000:]}")


# The systems. Each has a name, a way to be installed and a way to be run.


class Peer:
    """A program that takes --clients, --seconds, --seed and prints one line of JSON."""

    def __init__(self, name, program, install):
        self.name = name
        self.program = program
        self.install = install

    def prepare(self):
        if not Path(self.program[-1]).exists():
            raise Missing("it is not built; run without --skip-install")

    def run(self, clients, seconds, seed):
        # The form `--name=value` does not suit all of them, nor does `--name value`: ns-3 wants the first.
        options = {"--clients": clients, "--seconds": seconds, "--seed": seed}
        if self.name == "ns-3":
            words = [f"{name}={value}" for name, value in options.items()]
        else:
            words = [str(word) for option in options.items() for word in option]
        output, user_seconds, memory = execute([*self.program, *words])
        # The program's own clock ends before it frees its memory; ours is the same for every system.
        return {**json.loads(output), "user_seconds": user_seconds, "peak_memory_mb": memory / 1e6}


class Cometsim:
    """cometsim with one value of `engine.path`; a program that does not know the key has the queue only."""

    def __init__(self, path):
        self.name = f"cometsim-{path}"
        self.path = path
        self.overrides = ["--set", f"engine.path={path}"]
        self.install = install_cometsim
        self.version = ""

    def prepare(self):
        if not COMETSIM.exists():
            raise Missing("it is not built; run without --skip-install")
        self.version = execute([COMETSIM, "--version"])[0].split()[-1]
        try:
            self.run(10, SHORTEST_WINDOW, 1)
        except RuntimeError as error:
            if "`engine.path` is not a key" not in str(error):
                raise
            if self.path != "queue":
                raise Missing("this cometsim does not know the key `engine.path`") from None
            self.overrides = []

    def run(self, clients, seconds, seed):
        overrides = [f"clients.count={clients}", f"experiment.duration={seconds} s", f"experiment.seed={seed}"]
        words = [*self.overrides, *(word for override in overrides for word in ("--set", override))]
        with tempfile.TemporaryDirectory() as folder:
            command = [COMETSIM, "run", "--threads", "1", "--quiet", "--fresh", "--out", folder, HERE / "m1.toml"]
            _, user_seconds, memory = execute([*command, *words])
            counted = self.read(Path(folder) / "m1", seconds)
        return {
            "system": self.name, "version": self.version, "clients": clients, "simulated_seconds": seconds, **counted,
            "user_seconds": user_seconds, "peak_memory_mb": memory / 1e6,
        }

    @staticmethod
    def read(folder, seconds):
        """The counts from the tables, whose columns are rates over the window."""
        with open(folder / "replications.csv", newline="") as file:
            row = next(csv.DictReader(file))
        with open(folder / "timeline.csv", newline="") as file:
            timeline = [(float(bin["time_s"]), float(bin["requests_per_s"])) for bin in csv.DictReader(file)]
        width = timeline[1][0] - timeline[0][0]
        settled = [rate for start, rate in timeline if start + width <= seconds - LONGEST_HOLD + 1e-9]
        sent = round(float(row["requests_per_s"]) * seconds)
        ticks = round(float(row["server_checks_per_s"]) * seconds)
        timeouts = int(row["timeouts"])
        replied = round(float(row["replies_per_s"]) * seconds)
        no_data = round(float(row["empty_reply_fraction"]) * replied)
        # cometsim counts a departure and a timeout as an event of its own; here they are none.
        events = int(row["events"]) - sent - timeouts
        # Requests are counted when sent; those on their way at the end are taken off by their mean.
        requests = round(sent - timeline[-1][1] * MEAN_DELAY)
        return {
            "events": events,
            "ticks": ticks,
            "requests": requests,
            "settled_requests": round(sum(settled) * width - settled[-1] * MEAN_DELAY) if settled else 0,
            "hits": replied - no_data,
            "no_data": no_data,
            "replies": events - ticks - requests,
            "timeouts": timeouts,
            "latency_mean_s": float(row["latency_mean_s"]),
            "latency_p50_s": float(row["latency_p50_s"]),
        }


def install_cometsim():
    build(["cargo", "build", "--release", "--locked", "--manifest-path", ROOT / "Cargo.toml"])


def install_rust():
    manifest = HERE / "rust" / "Cargo.toml"
    build(["cargo", "build", "--release", "--locked", "--manifest-path", manifest],
          {"CARGO_TARGET_DIR": str(CACHE / "rust")})


def install_python():
    """The environment has SimPy, and matplotlib for the chart."""
    wanted = (HERE / "requirements.txt").read_text()
    stamp = CACHE / "venv" / "installed.txt"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    build([sys.executable, "-m", "venv", CACHE / "venv"])
    build([VENV_PYTHON, "-m", "pip", "install", "--quiet", "--requirement", HERE / "requirements.txt"])
    stamp.write_text(wanted)


def install_ns3():
    if not has_ns3() and shutil.which("apt-get"):
        privilege = [] if os.geteuid() == 0 else ["sudo", "-n"]
        try:
            build([*privilege, "apt-get", "install", "--yes", "libns3-dev", "pkg-config"])
        except (Missing, FileNotFoundError):
            pass
    if not has_ns3():
        raise Missing("the development files of ns-3 are not installed (Debian: apt-get install libns3-dev)")
    flags = package_config("--cflags", "--libs")
    # Debian's list names libraries of another package by their path; ns-3's core does without them.
    flags = [flag for flag in flags if not (flag.startswith("/") and not Path(flag).exists())]
    version = package_config("--modversion")[0]
    CACHE.mkdir(parents=True, exist_ok=True)
    source = HERE / "ns3" / "m1.cc"
    build(["g++", "-std=c++17", "-O2", f'-DNS3_VERSION="{version}"', source, "-o", NS3_PROGRAM, *flags])


def has_ns3():
    return bool(shutil.which("pkg-config") and shutil.which("g++") and package_config("--modversion"))


def package_config(*options):
    done = subprocess.run(["pkg-config", *options, "ns3-core"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return shlex.split(done.stdout.decode())


def all_systems():
    rust = ["cometsim-wheel", "packed-heap", "heap", "desque", "nexosim-one-model", "nexosim"]
    return [
        Cometsim("queue"),
        Cometsim("auto"),
        *(Peer(name, [RUST_PROGRAMS / f"m1-{name}"], install_rust) for name in rust),
        Peer("ns-3", [NS3_PROGRAM], install_ns3),
        Peer("simpy-callback", [VENV_PYTHON, HERE / "simpy" / "simpy_callback.py"], install_python),
        Peer("simpy-process", [VENV_PYTHON, HERE / "simpy" / "simpy_process.py"], install_python),
    ]


def install(systems, skip):
    """Those systems that can be had here."""
    ready, failed = [], {}
    for system in systems:
        try:
            if system.install in failed:
                raise Missing(failed[system.install])
            if not skip and system.install not in {other.install for other in ready}:
                say(f"installing {system.name}")
                try:
                    system.install()
                except (Missing, FileNotFoundError) as error:
                    failed[system.install] = str(error)
                    raise Missing(str(error)) from None
            system.prepare()
            ready.append(system)
        except Missing as reason:
            say(f"skipped: {system.name}: {reason}")
    return ready


# The statistics.


def expected_events(clients, seconds):
    """Roughly: every check of a client that has started, and its messages."""
    running = clients * (seconds - LONGEST_HOLD / 2)
    return running / CYCLE * (TICKS_PER_REQUEST + 2)


def scores(run):
    """How far each statistic is from its closed form, in standard deviations.

    A run ends in the middle of its requests, so the finished ones are the short ones. Each test is fair all the same:
    every check is a trial of its own, whatever was finished; of the requests that arrived at least one longest hold
    before the end, each has been answered, and any request that was answered "no data" is one of them.
    """
    clients, seconds = run["clients"], run["simulated_seconds"]
    p, q = HIT_PROBABILITY, NO_DATA_PROBABILITY
    found = {}

    def compare(name, measured, expected, variance):
        found[name] = (measured - expected) / math.sqrt(max(variance, 1))

    compare("hits of the checks", run["hits"], p * run["ticks"], p * (1 - p) * run["ticks"])
    settled = run["settled_requests"]
    compare("no data of the settled requests", run["no_data"], q * settled, q * (1 - q) * settled)
    on_their_way = clients / CYCLE * MEAN_DELAY
    error = run["hits"] + run["no_data"] - run["replies"] - on_their_way
    if seconds < STEADY_WINDOW:
        # Shortly after the start the rate of the replies is not yet the steady one.
        error = max(abs(error) - 0.25 * on_their_way, 0)
    compare("replies on their way at the end", error, 0, on_their_way)
    hits = max(run["hits"], 1)
    # Late replies are missing at the end, hence the allowance of one mean delay of traffic.
    allowance = MEAN_DELAY * MEAN_DELAY / (seconds - LONGEST_HOLD / 2)
    error = max(abs(run["latency_mean_s"] - MEAN_DELAY) - allowance, 0)
    found["mean latency"] = error / (MEAN_DELAY / math.sqrt(hits))
    # The median comes from a histogram with buckets of 3 %; half a bucket is no error.
    median = MEAN_DELAY * math.log(2)
    error = max(abs(run["latency_p50_s"] - median) - 0.02 * median, 0)
    found["median latency"] = error / (MEAN_DELAY / math.sqrt(hits))
    if seconds >= STEADY_WINDOW:
        # Renewal theory: the expected number of renewals and its variance, for clients that start within the hold.
        running = seconds - LONGEST_HOLD / 2 - MEAN_DELAY
        second_moment = CYCLE_VARIANCE + CYCLE**2
        expected = clients * (running / CYCLE + second_moment / (2 * CYCLE**2))
        variance = clients * (running * CYCLE_VARIANCE / CYCLE**3 + 0.5)
        compare("requests", run["requests"], expected, variance)
    return found


def check(run):
    """The largest deviation; an error where the system does not simulate the model."""
    name = f"{run['system']}, {run['clients']:,} clients, {run['simulated_seconds']} s"
    if run["timeouts"] != 0:
        raise Disagreement(f"{name}: {run['timeouts']} timeouts; there cannot be any")
    found = scores(run)
    wrong = [f"{what} (z = {z:.1f})" for what, z in found.items() if abs(z) >= LARGEST_Z]
    if wrong:
        raise Disagreement(f"{name} disagrees with the closed form: {', '.join(wrong)}\n{json.dumps(run)}")
    return max(abs(z) for z in found.values())


# The measurement.


class Bench:
    """Runs, checks and keeps."""

    def __init__(self, seconds_per_run, longest_run):
        self.seconds_per_run = seconds_per_run
        self.longest_run = longest_run
        self.runs = []
        self.rates = {}
        self.seed = 0

    def measure(self, system, clients, seconds):
        self.seed += 1
        run = system.run(clients, seconds, self.seed)
        run["largest_z"] = check(run)
        run["events_per_user_second"] = run["events"] / max(run["user_seconds"], 1e-3)
        self.rates[system.name] = run["events_per_user_second"]
        say(f"{run['system']:>18} {clients:>9,} clients {seconds:>7} s simulated {run['user_seconds']:7.2f} s user "
            f"{run['events_per_user_second'] / 1e6:7.2f} million events/s, largest z {run['largest_z']:.1f}")
        return run

    def calibrate(self, system, clients):
        """The simulated seconds that take the wanted user time. The runs that find it do not count."""
        if system.name not in self.rates:
            self.measure(system, min(clients, 1000), SHORTEST_WINDOW)
        predicted = expected_events(clients, SHORTEST_WINDOW) / self.rates[system.name]
        if predicted > self.longest_run:
            say(f"skipped: {system.name} with {clients:,} clients: about {predicted:.0f} s of user time or more")
            return None
        head = LONGEST_HOLD / 2
        seconds = SHORTEST_WINDOW
        while True:
            user_seconds = max(self.measure(system, clients, seconds)["user_seconds"], 0.02)
            if user_seconds >= 0.7 * self.seconds_per_run:
                return seconds
            wanted = head + (seconds - head) * min(self.seconds_per_run / user_seconds, 20)
            longer = 5 * math.ceil(wanted / 5)
            if user_seconds >= 0.2 * self.seconds_per_run:
                return longer
            seconds = longer

    def compare(self, systems, clients, rounds):
        """Every round goes once over all systems, so that a noisy neighbour hits all of them alike."""
        windows = {system.name: self.calibrate(system, clients) for system in systems}
        for _ in range(rounds):
            for system in systems:
                if windows[system.name]:
                    self.runs.append(self.measure(system, clients, windows[system.name]))

    def best(self):
        """The fastest run of each system and size."""
        found = {}
        for run in self.runs:
            key = run["system"], run["clients"]
            if key not in found or run["events_per_user_second"] > found[key]["events_per_user_second"]:
                found[key] = run
        return found


# The report.


def machine():
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":")[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        processor = names[0] if names else processor
    rustc = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE).stdout.decode().split()
    return (f"{processor}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; "
            f"rustc {rustc[1] if len(rustc) > 1 else 'unknown'}, Python {platform.python_version()}")


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def three_digits(value):
    decimals = max(0, 2 - math.floor(math.log10(value)))
    return f"{value:,.{decimals}f}"


def report(best, systems, sizes, rounds):
    names = [system.name for system in systems if any((system.name, size) in best for size in sizes)]
    versions = {run["system"]: run["version"] for run in best.values()}
    header = [f"{size:,} clients" for size in sizes]

    def rate(name, size):
        return best[name, size]["events_per_user_second"] if (name, size) in best else None

    def row(name, values):
        return [name, *(three_digits(value) if value else "" for value in values)]

    speed = [row(name, [rate(name, size) and rate(name, size) / 1e6 for size in sizes]) for name in names]
    parts = [
        "# Model M1 in several simulators",
        f"{machine()}.",
        "Versions: " + ", ".join(f"{name} {versions[name]}" for name in names) + ".",
        f"One thread each. Best of {rounds} runs; empty: left out, because a run would take too long. All but cometsim-auto "
        "have one queue for all clients; cometsim-auto simulates one client after the other, because they share nothing. "
        "In cometsim-queue checks that find nothing do not pass through the queue, because no other client can notice "
        "them; in cometsim-wheel and in all other systems every check does.",
        "Million events per user-CPU second:",
        table(["system", *header], speed),
    ]
    for path in [name for name in names if name.startswith("cometsim")]:
        rows = [
            row(name, [rate(path, size) / rate(name, size) if rate(path, size) and rate(name, size) else None
                       for size in sizes])
            for name in names if name != path
        ]
        if rows:
            parts += [f"{path} is so many times as fast as", table(["system", *header], rows)]
    # A child starts as a copy of this script, so nothing smaller than that can be seen.
    least = 1.1 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MEMORY_UNIT / 1e6

    def memory(name, size):
        if (name, size) not in best:
            return ""
        megabytes = best[name, size]["peak_memory_mb"]
        return three_digits(megabytes) if megabytes > least else f"< {three_digits(least)}"

    worst = max(run["largest_z"] for run in best.values())
    parts += [
        "Peak memory, MB:",
        table(["system", *header], [[name, *(memory(name, size) for size in sizes)] for name in names]),
        f"The statistics of all runs agree with the closed forms: the largest of their deviations is {worst:.1f} "
        f"standard deviations ({LARGEST_Z} would be an error).",
    ]
    return "\n\n".join(parts) + "\n"


COLUMNS = [
    "system", "version", "clients", "simulated_seconds", "events", "ticks", "requests", "settled_requests", "hits",
    "no_data", "replies", "timeouts", "latency_mean_s", "latency_p50_s", "user_seconds", "events_per_user_second",
    "peak_memory_mb", "largest_z",
]


def write(folder, runs, text):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "peers.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(runs)
    (folder / "peers.md").write_text(text)


def draw(folder):
    """Charts need matplotlib, which only the environment of this script has for certain."""
    try:
        execute([VENV_PYTHON, HERE / "chart.py", folder / "peers.csv", folder / "peers"])
    except (RuntimeError, FileNotFoundError) as error:
        say(f"no chart: {error}")


def parse_arguments():
    names = [system.name for system in all_systems()]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Systems: " + ", ".join(names) + ".",
    )
    parser.add_argument("--only", metavar="NAME,...", help="only these systems")
    parser.add_argument("--sizes", metavar="N,...", default="1e3,1e4,1e5,1e6", help="numbers of clients (%(default)s)")
    parser.add_argument("--seconds-per-run", metavar="S", type=float, default=2.0,
                        help="wanted user time of a run (%(default)s)")
    parser.add_argument("--longest-run", metavar="S", type=float, default=25.0,
                        help="leave out a system and size where even the shortest run takes longer (%(default)s)")
    parser.add_argument("--rounds", metavar="N", type=int, default=2, help="runs of which the best counts (%(default)s)")
    parser.add_argument("--out", metavar="DIR", type=Path, default=ROOT / "output" / "benchmarks",
                        help="folder of the results (output/benchmarks)")
    parser.add_argument("--skip-install", action="store_true", help="use what is installed and built already")
    parser.add_argument("--smoke", action="store_true",
                        help="heap alone, 1,000 clients, half a second: only checks that the statistics are right")
    arguments = parser.parse_args()
    arguments.sizes = [int(float(word)) for word in arguments.sizes.split(",")]
    arguments.only = arguments.only.split(",") if arguments.only else names
    if arguments.smoke:
        arguments.only, arguments.sizes, arguments.seconds_per_run, arguments.rounds = ["heap"], [1000], 0.5, 1
    unknown = [name for name in arguments.only if name not in names]
    if unknown:
        parser.error(f"unknown system {', '.join(unknown)}; there are {', '.join(names)}")
    return arguments


def main():
    arguments = parse_arguments()
    systems = install([system for system in all_systems() if system.name in arguments.only], arguments.skip_install)
    if not systems:
        sys.exit("error: no system is left")
    bench = Bench(arguments.seconds_per_run, arguments.longest_run)
    try:
        for clients in arguments.sizes:
            bench.compare(systems, clients, arguments.rounds)
    except (Disagreement, RuntimeError) as error:
        sys.exit(f"error: {error}")
    text = report(bench.best(), systems, arguments.sizes, arguments.rounds)
    print(text)
    if arguments.smoke:
        return
    write(arguments.out, bench.runs, text)
    if not arguments.skip_install:
        try:
            install_python()
        except (Missing, FileNotFoundError) as reason:
            say(f"no matplotlib: {reason}")
    draw(arguments.out)


main()
