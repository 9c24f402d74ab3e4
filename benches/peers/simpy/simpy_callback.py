"""M1 in SimPy without processes: `Timeout` events whose callbacks do the work, the fast way to use SimPy.

What is stale is told by the number of the request. A deadline that is not needed any more stays in SimPy's queue until
its time comes. The hit is a draw at each check.
"""

import random

import simpy

from model import CHECK_INTERVAL, CHECKS, HIT_PROBABILITY, LONGEST_HOLD, MEAN_DELAY, TIMEOUT, Statistics, read_arguments


class Client:
    """A client and the server's loop for it."""

    __slots__ = ("env", "draws", "statistics", "request")

    def __init__(self, env, draws, statistics):
        self.env = env
        self.draws = draws
        self.statistics = statistics
        self.request = 0
        self.after(draws.uniform(0, LONGEST_HOLD), self.send)

    def after(self, delay, callback, value=None):
        self.env.timeout(delay, value).callbacks.append(callback)

    def send(self, _event=None):
        self.request += 1
        self.after(self.draws.expovariate(1 / MEAN_DELAY), self.request_arrives, self.request)
        self.after(TIMEOUT, self.timeout_fires, self.request)

    def request_arrives(self, event):
        statistics = self.statistics
        statistics.requests += 1
        if self.env.now <= statistics.settled_before:
            statistics.settled_requests += 1
        self.after(CHECK_INTERVAL, self.check, (event.value, 1))

    def check(self, event):
        request, number = event.value
        self.statistics.ticks += 1
        if self.draws.random() < HIT_PROBABILITY:
            self.statistics.hits += 1
            self.after(self.draws.expovariate(1 / MEAN_DELAY), self.reply_arrives, (request, self.env.now))
        elif number == CHECKS:
            self.statistics.no_data += 1
            self.after(self.draws.expovariate(1 / MEAN_DELAY), self.reply_arrives, (request, None))
        else:
            self.after(CHECK_INTERVAL, self.check, (request, number + 1))

    def reply_arrives(self, event):
        request, replied_at = event.value
        self.statistics.replies += 1
        if request != self.request:
            return
        if replied_at is not None:
            self.statistics.latency(self.env.now - replied_at)
        self.send()

    def timeout_fires(self, event):
        if event.value == self.request:
            self.statistics.timeouts += 1
            self.send()


def main():
    arguments = read_arguments()
    env = simpy.Environment()
    draws = random.Random(arguments.seed)
    statistics = Statistics(arguments.seconds)
    clients = [Client(env, draws, statistics) for _ in range(arguments.clients)]
    env.run(until=arguments.seconds)
    assert len(clients) == arguments.clients
    statistics.print("simpy-callback", arguments)


main()
