// M1 in ns-3's core: Simulator::Schedule, the default scheduler, one object per client.
//
// No network stack: nodes, sockets and packets would cost more than the event queue, and the other systems have none.
// A timeout that is not needed any more is cancelled, which leaves it in the queue until its time comes, as ns-3's own
// protocols do. All clients draw from the same three streams. The hit is one geometric draw for a request.

#include "ns3/core-module.h"

#include <sys/resource.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <memory>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t CHECKS = 80;
constexpr double HIT_PROBABILITY = 15.0 / 999.0;
constexpr double MEAN_DELAY = 0.05;
constexpr double LONGEST_HOLD = 40;

// What a run counts.
class Statistics
{
  public:
    uint64_t ticks = 0;
    uint64_t requests = 0;
    // Requests that are answered before the end whatever happens: the fair base for the share of "no data".
    uint64_t settledRequests = 0;
    uint64_t hits = 0;
    uint64_t noData = 0;
    uint64_t replies = 0;
    uint64_t timeouts = 0;
    uint64_t latencies = 0;
    int64_t latencySum = 0;

    void Latency(Time latency)
    {
        const int64_t nanoseconds = latency.GetNanoSeconds();
        ++latencies;
        latencySum += nanoseconds;
        int octave = 0;
        const double mantissa = std::frexp(double(std::max<int64_t>(nanoseconds, 1)), &octave);
        ++m_histogram[octave * BUCKETS + uint32_t((mantissa - 0.5) * 2 * BUCKETS)];
    }

    // Middle of the bucket that holds the median, in seconds.
    double MedianLatency() const
    {
        uint64_t seen = 0;
        for (uint32_t bucket = 0; bucket < m_histogram.size(); ++bucket)
        {
            seen += m_histogram[bucket];
            if (2 * seen >= latencies)
            {
                const double mantissa = 0.5 + (bucket % BUCKETS + 0.5) / (2 * BUCKETS);
                return std::ldexp(mantissa, int(bucket / BUCKETS)) / 1e9;
            }
        }
        return 0;
    }

  private:
    // Buckets of equal width in each octave.
    static constexpr uint32_t BUCKETS = 32;
    std::array<uint64_t, 65 * BUCKETS> m_histogram{};
};

// What all clients share.
struct World
{
    Statistics statistics;
    Time settledBefore;
    Ptr<UniformRandomVariable> start = CreateObject<UniformRandomVariable>();
    Ptr<UniformRandomVariable> hit = CreateObject<UniformRandomVariable>();
    Ptr<ExponentialRandomVariable> delay = CreateObject<ExponentialRandomVariable>();

    // The check that will hit, from 1; 0 where none of them does.
    uint32_t HitAt()
    {
        const double misses = std::log(1 - hit->GetValue()) / std::log(1 - HIT_PROBABILITY);
        return misses < CHECKS ? uint32_t(misses) + 1 : 0;
    }
};

// A client and the server's loop for it.
class Client
{
  public:
    explicit Client(World& world)
        : m_world(world)
    {
        Simulator::Schedule(Seconds(world.start->GetValue(0, LONGEST_HOLD)), &Client::Send, this);
    }

  private:
    void Send()
    {
        ++m_request;
        Simulator::Schedule(Delay(), &Client::RequestArrives, this, m_request);
        m_timeout = Simulator::Schedule(Seconds(80), &Client::TimeoutFires, this);
    }

    void RequestArrives(uint32_t request)
    {
        ++m_world.statistics.requests;
        m_world.statistics.settledRequests += Simulator::Now() <= m_world.settledBefore;
        Simulator::Schedule(MilliSeconds(500), &Client::Check, this, request, 1U, m_world.HitAt());
    }

    void Check(uint32_t request, uint32_t number, uint32_t hitAt)
    {
        ++m_world.statistics.ticks;
        if (number == hitAt)
        {
            ++m_world.statistics.hits;
            Simulator::Schedule(Delay(), &Client::HitArrives, this, request, Simulator::Now());
        }
        else if (number == CHECKS)
        {
            ++m_world.statistics.noData;
            Simulator::Schedule(Delay(), &Client::ReplyArrives, this, request);
        }
        else
        {
            Simulator::Schedule(MilliSeconds(500), &Client::Check, this, request, number + 1, hitAt);
        }
    }

    void HitArrives(uint32_t request, Time repliedAt)
    {
        if (request == m_request)
        {
            m_world.statistics.Latency(Simulator::Now() - repliedAt);
        }
        ReplyArrives(request);
    }

    void ReplyArrives(uint32_t request)
    {
        ++m_world.statistics.replies;
        if (request == m_request)
        {
            m_timeout.Cancel();
            Send();
        }
    }

    void TimeoutFires()
    {
        ++m_world.statistics.timeouts;
        Send();
    }

    Time Delay()
    {
        return Seconds(m_world.delay->GetValue());
    }

    World& m_world;
    uint32_t m_request = 0;
    EventId m_timeout;
};

double
UserSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec) + double(usage.ru_utime.tv_usec) / 1e6;
}

} // namespace

int
main(int argc, char* argv[])
{
    uint32_t clients = 1000;
    uint32_t seconds = 60;
    uint32_t seed = 1;
    CommandLine commandLine(__FILE__);
    commandLine.AddValue("clients", "number of clients", clients);
    commandLine.AddValue("seconds", "simulated seconds", seconds);
    commandLine.AddValue("seed", "seed of all draws", seed);
    commandLine.Parse(argc, argv);
    RngSeedManager::SetSeed(seed);

    World world;
    world.settledBefore = Seconds(seconds - LONGEST_HOLD);
    world.delay->SetAttribute("Mean", DoubleValue(MEAN_DELAY));
    std::vector<std::unique_ptr<Client>> population;
    population.reserve(clients);
    for (uint32_t number = 0; number < clients; ++number)
    {
        population.push_back(std::make_unique<Client>(world));
    }
    Simulator::Stop(Seconds(seconds));
    Simulator::Run();

    const Statistics& counted = world.statistics;
    const double latencies = double(std::max<uint64_t>(counted.latencies, 1));
    std::cout << "{\"system\": \"ns-3\", \"version\": \"" << NS3_VERSION << "\", \"clients\": " << clients
              << ", \"simulated_seconds\": " << seconds
              << ", \"events\": " << counted.ticks + counted.requests + counted.replies
              << ", \"ticks\": " << counted.ticks << ", \"requests\": " << counted.requests
              << ", \"settled_requests\": " << counted.settledRequests << ", \"hits\": " << counted.hits
              << ", \"no_data\": " << counted.noData << ", \"replies\": " << counted.replies
              << ", \"timeouts\": " << counted.timeouts
              << ", \"latency_mean_s\": " << double(counted.latencySum) / latencies / 1e9
              << ", \"latency_p50_s\": " << counted.MedianLatency() << ", \"user_seconds\": " << UserSeconds()
              << "}" << std::endl;
    Simulator::Destroy();
    return 0;
}
