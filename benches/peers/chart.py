"""Draws peers.csv: events per user-CPU second against the number of clients, a line for each system.

Usage: chart.py peers.csv STEM, which writes STEM.png and STEM.svg.
"""

import csv
import math
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, NullLocator

# Okabe and Ito: told apart by all eyes. cometsim is drawn strongest, kin share a colour and differ in their stroke.
STYLES = {
    "cometsim-auto": ("cometsim, independent clients", "#D55E00", "-"),
    "cometsim-queue": ("cometsim, queue", "#D55E00", "--"),
    "cometsim-wheel": ("cometsim's queue, every check", "#D55E00", ":"),
    "packed-heap": ("packed heap (Rust)", "#000000", "--"),
    "heap": ("binary heap (Rust)", "#000000", "-"),
    "desque": ("desque (Rust)", "#009E73", "-"),
    "nexosim-one-model": ("NeXosim, one model (Rust)", "#0072B2", "--"),
    "nexosim": ("NeXosim, a model each (Rust)", "#0072B2", "-"),
    "ns-3": ("ns-3 core (C++)", "#CC79A7", "-"),
    "simpy-callback": ("SimPy, callbacks (Python)", "#8A6D00", "--"),
    "simpy-process": ("SimPy, processes (Python)", "#8A6D00", "-"),
}
# Least distance of two labels, as a factor.
LABEL_DISTANCE = 1.36


def best_runs(path):
    """For each system: its sizes and the best rate at each."""
    found = {}
    with open(path, newline="") as file:
        for run in csv.DictReader(file):
            rates = found.setdefault(run["system"], {})
            clients, rate = int(run["clients"]), float(run["events_per_user_second"])
            rates[clients] = max(rate, rates.get(clients, 0))
    return {system: sorted(rates.items()) for system, rates in found.items()}


def spread(heights):
    """Moves labels apart in as small steps as possible: clusters that touch share their centre."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    step = math.log(LABEL_DISTANCE)
    clusters = []
    for index in order:
        clusters.append([[index], math.log(heights[index])])
        while len(clusters) > 1:
            (below, low), (above, high) = clusters[-2:]
            if high - low >= step * (len(below) + len(above)) / 2:
                break
            centre = (low * len(below) + high * len(above)) / (len(below) + len(above))
            clusters[-2:] = [[below + above, centre]]
    placed = [0.0] * len(heights)
    for members, centre in clusters:
        for position, index in enumerate(members):
            placed[index] = math.exp(centre + step * (position - (len(members) - 1) / 2))
    return placed


def power_of_ten(value, _):
    exponent = round(math.log10(value))
    return f"{10**exponent:,}" if exponent < 6 else f"{10 ** (exponent - 6):,} million"


def main():
    runs = best_runs(sys.argv[1])
    systems = [system for system in STYLES if system in runs]
    plt.rcParams.update({"font.size": 9, "font.family": "DejaVu Sans", "svg.hashsalt": "peers", "svg.fonttype": "path"})
    figure, axes = plt.subplots(figsize=(7.4, 4.6), dpi=200)
    axes.set_xscale("log")
    axes.set_yscale("log")
    largest = max(clients for rates in runs.values() for clients, _ in rates)
    smallest = min(clients for rates in runs.values() for clients, _ in rates)
    heights = dict(zip(systems, spread([runs[system][-1][1] for system in systems])))
    for system in systems:
        label, colour, stroke = STYLES[system]
        clients, rates = zip(*runs[system])
        width = 2.2 if system.startswith("cometsim") else 1.4
        axes.plot(clients, rates, stroke, color=colour, linewidth=width, marker="o", markersize=3.5, clip_on=False)
        # All labels stand in one column, where no line can pass behind them.
        axes.annotate(
            label, (clients[-1], rates[-1]), (largest * (largest / smallest) ** 0.045, heights[system]), color=colour,
            va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "linestyle": ":", "shrinkA": 1, "shrinkB": 3},
        )
    axes.set_xlim(smallest / 1.15, largest * 1.08)
    axes.set_ylim(min(rate for rates in runs.values() for _, rate in rates) / 1.5,
                  max(rate for rates in runs.values() for _, rate in rates) * 1.5)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(power_of_ten))
    axes.yaxis.set_major_formatter(FuncFormatter(power_of_ten))
    axes.set_xlabel("clients")
    axes.set_title("Events per second of user CPU time, one thread: long polling, every check an event", loc="left",
                   fontsize=9)
    axes.grid(which="major", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.subplots_adjust(left=0.125, right=0.7, top=0.93, bottom=0.11)
    figure.savefig(sys.argv[2] + ".png")
    figure.savefig(sys.argv[2] + ".svg", metadata={"Date": None})


main()
