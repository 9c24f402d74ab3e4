"""What both SimPy versions of model M1 share: constants, draws, what they count and the line they print."""

import argparse
import json
import math
import resource

import simpy

CHECK_INTERVAL = 0.5
CHECKS = 80
HIT_PROBABILITY = 15 / 999
MEAN_DELAY = 0.05
TIMEOUT = 80.0
LONGEST_HOLD = CHECK_INTERVAL * CHECKS
BUCKETS_PER_OCTAVE = 32


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60, help="simulated seconds")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Statistics:
    """What a run counts. The models increment the plain attributes: a method call would cost them time."""

    def __init__(self, end):
        self.settled_before = end - LONGEST_HOLD
        self.ticks = 0
        self.requests = 0
        # Requests that are answered before the end whatever happens: the fair base for the share of "no data".
        self.settled_requests = 0
        self.hits = 0
        self.no_data = 0
        self.replies = 0
        self.timeouts = 0
        self.latencies = 0
        self.latency_sum = 0.0
        self.histogram = {}

    def latency(self, seconds):
        self.latencies += 1
        self.latency_sum += seconds
        mantissa, octave = math.frexp(seconds)
        bucket = octave * BUCKETS_PER_OCTAVE + int((mantissa - 0.5) * 2 * BUCKETS_PER_OCTAVE)
        self.histogram[bucket] = self.histogram.get(bucket, 0) + 1

    def median_latency(self):
        """Middle of the bucket that holds the median."""
        seen = 0
        for bucket in sorted(self.histogram):
            seen += self.histogram[bucket]
            if 2 * seen >= self.latencies:
                octave, within = divmod(bucket, BUCKETS_PER_OCTAVE)
                return math.ldexp(0.5 + (within + 0.5) / (2 * BUCKETS_PER_OCTAVE), octave)
        return 0.0

    def print(self, system, arguments):
        print(json.dumps({
            "system": system,
            "version": simpy.__version__,
            "clients": arguments.clients,
            "simulated_seconds": arguments.seconds,
            "events": self.ticks + self.requests + self.replies,
            "ticks": self.ticks,
            "requests": self.requests,
            "settled_requests": self.settled_requests,
            "hits": self.hits,
            "no_data": self.no_data,
            "replies": self.replies,
            "timeouts": self.timeouts,
            "latency_mean_s": self.latency_sum / max(self.latencies, 1),
            "latency_p50_s": self.median_latency(),
            "user_seconds": resource.getrusage(resource.RUSAGE_SELF).ru_utime,
        }))
