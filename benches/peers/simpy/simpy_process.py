"""M1 in SimPy as its tutorial teaches it: a process for each client and one for each request.

The client waits for `reply | deadline`. A deadline that is not needed any more stays in SimPy's queue until its time
comes; SimPy has no way to take it out. The hit is a draw at each check, as the sentence "it sleeps and looks" reads.
"""

import random

import simpy

from model import CHECK_INTERVAL, CHECKS, HIT_PROBABILITY, LONGEST_HOLD, MEAN_DELAY, TIMEOUT, Statistics, read_arguments


def client(env, draws, statistics):
    yield env.timeout(draws.uniform(0, LONGEST_HOLD))
    while True:
        reply = env.event()
        env.process(request(env, draws, statistics, reply))
        deadline = env.timeout(TIMEOUT)
        yield reply | deadline
        if reply.triggered:
            if reply.value is not None:
                statistics.latency(env.now - reply.value)
        else:
            statistics.timeouts += 1


def request(env, draws, statistics, reply):
    """The way up, the server's loop, and the way down; `reply` gets the time of the hit, or None for "no data"."""
    yield env.timeout(draws.expovariate(1 / MEAN_DELAY))
    statistics.requests += 1
    if env.now <= statistics.settled_before:
        statistics.settled_requests += 1
    replied_at = None
    for _ in range(CHECKS):
        yield env.timeout(CHECK_INTERVAL)
        statistics.ticks += 1
        if draws.random() < HIT_PROBABILITY:
            statistics.hits += 1
            replied_at = env.now
            break
    else:
        statistics.no_data += 1
    yield env.timeout(draws.expovariate(1 / MEAN_DELAY))
    statistics.replies += 1
    reply.succeed(replied_at)


def main():
    arguments = read_arguments()
    env = simpy.Environment()
    draws = random.Random(arguments.seed)
    statistics = Statistics(arguments.seconds)
    for _ in range(arguments.clients):
        env.process(client(env, draws, statistics))
    env.run(until=arguments.seconds)
    statistics.print("simpy-process", arguments)


main()
