using System.Collections.Frozen;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Transport;

/// <summary>Checks what <see cref="ITransport"/> promises, for any test framework: run each of
/// <see cref="Cases"/>.</summary>
/// <remarks>No case depends on a clock: the token is a safety net, and when it is cancelled the case
/// fails.</remarks>
/// <param name="factory">Makes the transports.</param>
public sealed class TransportContract(TransportFactory factory)
{
    private const int SmallQueueBytes = 4 << 20;

    private static readonly FrozenDictionary<string, Case> s_cases = new Dictionary<string, Case>
    {
        ["Election links come up between every pair"] = new(ElectionLinksComeUpAsync, 1, 2, 3),
        ["Ten thousand messages arrive once and in order"] = new(MessagesAreFifoAsync, 1, 2),
        ["Every field of a message survives"] = new(EveryFieldSurvivesAsync, 1, 2),
        ["Large bodies survive"] = new(LargeBodiesSurviveAsync, 1, 2),
        ["A break is seen at both ends with its reason"] = new(ABreakIsSeenAtBothEndsAsync, 1, 2),
        ["A broken election link comes back with a higher number"] = new(ElectionLinksComeBackAsync, 1, 2),
        ["Messages to a link that is down are dropped"] = new(OldLinksTakeNothingAsync, 1, 2),
        ["A quorum link comes up at both ends and carries messages both ways"] = new(QuorumLinkAsync, 1, 2),
        ["A connect to a dead peer fails with an event"] = new(DeadPeerAsync, 1, 2),
        ["A second connect replaces the first link"] = new(SecondConnectReplacesAsync, 1, 2),
        ["Nothing comes after dispose"] = new(NothingAfterDisposeAsync, 1, 2, 3),
        ["The end of a server is seen by the others"] = new(TheEndOfAServerIsSeenAsync, 1, 2, 3),
        ["A slow receiver loses and reorders nothing"] = new(SlowReceiverAsync, 1, 2),
        ["A queue that overflows breaks its link and no other"] =
            new(OverflowAsync, 1, 2) { SendQueueBytesMax = SmallQueueBytes },
        ["A stalled peer does not stall the others"] = new(StalledPeerAsync, 1, 2, 3),
        ["A foreign ensemble is refused"] =
            new(ForeignEnsembleAsync, 3, 2, 1) { Foreigner = new ServerId(3) },
    }.ToFrozenDictionary();

    /// <summary>The names of the cases, sorted.</summary>
    public static IReadOnlyList<string> Cases { get; } = [.. s_cases.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Runs one case.</summary>
    /// <param name="name">One of <see cref="Cases"/>.</param>
    /// <param name="cancellationToken">A safety net: allow it half a minute or more.</param>
    /// <returns>A task that ends when the case has passed.</returns>
    /// <exception cref="KeyNotFoundException">There is no such case.</exception>
    /// <exception cref="ContractViolationException">The transport does not do what the port
    /// promises.</exception>
    public async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        Case chosen = s_cases[name];
        TransportSetup setup = new(Servers: 3, chosen.SendQueueBytesMax, chosen.Foreigner);
        if (factory(setup) is not { } transports)
        {
            Require(chosen.Foreigner != ServerId.None, "the factory made no transports");
            return;
        }

        TransportEnsemble ensemble = new(transports, cancellationToken);
        await using (ensemble.ConfigureAwait(false))
        {
            await ensemble.StartAsync(chosen.Servers).ConfigureAwait(false);
            await chosen.Body(ensemble).ConfigureAwait(false);
            ensemble.Check();
        }
    }

    private static async Task ElectionLinksComeUpAsync(TransportEnsemble ensemble)
    {
        for (int server = 1; server <= 3; server++)
        {
            for (int peer = 1; peer <= 3; peer++)
            {
                if (peer != server)
                    _ = await ensemble.LinkAsync(server, peer).ConfigureAwait(false);
            }
        }
    }

    private static async Task MessagesAreFifoAsync(TransportEnsemble ensemble)
    {
        const int Count = 10_000;
        Link from = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        Link to = await ensemble.LinkAsync(2, 1).ConfigureAwait(false);

        for (int i = 0; i < Count; i++)
            ensemble.Transport(1).Send(from, [Numbered(i)]);
        IReadOnlyList<Message> messages = await ensemble.MessagesAsync(2, to, Count).ConfigureAwait(false);

        RequireNumbered(messages, Count);
    }

    private static async Task EveryFieldSurvivesAsync(TransportEnsemble ensemble)
    {
        (Link from, Link to) = await ensemble.ConnectAsync(2, 1).ConfigureAwait(false);
        List<Message> sent = [.. Enum.GetValues<MessageType>().Select(type => new Message { Type = type })];
        sent.AddRange(Enum.GetValues<ServerState>().Select(
            state => new Message { Type = MessageType.Notification, State = state }));
        sent.AddRange([Full(sign: 1), Full(sign: -1)]);

        ensemble.Transport(2).Send(from, sent);
        IReadOnlyList<Message> came = await ensemble.MessagesAsync(1, to, sent.Count).ConfigureAwait(false);

        for (int i = 0; i < sent.Count; i++)
        {
            Message withoutBody = came[i] with { Body = sent[i].Body };
            Require(withoutBody == sent[i], $"sent {sent[i]}, received {came[i]}");
            Require(came[i].Body.Span.SequenceEqual(sent[i].Body.Span), $"the body of {sent[i]} changed");
        }
    }

    private static async Task LargeBodiesSurviveAsync(TransportEnsemble ensemble)
    {
        (Link from, Link to) = await ensemble.ConnectAsync(2, 1).ConfigureAwait(false);
        byte[][] bodies = [.. Enumerable.Range(1, 20).Select(i => Pattern(i * 52_429))];

        foreach (byte[] body in bodies)
            ensemble.Transport(2).Send(from, [new Message { Type = MessageType.SnapChunk, Body = body }]);
        IReadOnlyList<Message> came =
            await ensemble.MessagesAsync(1, to, bodies.Length).ConfigureAwait(false);

        for (int i = 0; i < bodies.Length; i++)
            Require(
                came[i].Body.Span.SequenceEqual(bodies[i]), $"a body of {bodies[i].Length} bytes changed");
    }

    private static async Task ABreakIsSeenAtBothEndsAsync(TransportEnsemble ensemble)
    {
        foreach ((int breaker, int other) in new[] { (1, 2), (2, 1) })
        {
            (Link two, Link one) = await ensemble.ConnectAsync(2, 1).ConfigureAwait(false);
            (Link here, Link there) = breaker == 1 ? (one, two) : (two, one);

            ensemble.Transport(breaker).Break(here, "the follower is too slow");

            string[] reasons =
                [await ensemble.DownAsync(breaker, here).ConfigureAwait(false),
                await ensemble.DownAsync(other, there).ConfigureAwait(false)];
            foreach (string reason in reasons)
            {
                Require(reason.Contains("the follower is too slow", StringComparison.Ordinal),
                    $"a link was broken with a reason, and went down with '{reason}'");
            }
        }
    }

    private static async Task ElectionLinksComeBackAsync(TransportEnsemble ensemble)
    {
        Link one = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        Link two = await ensemble.LinkAsync(2, 1).ConfigureAwait(false);

        ensemble.Transport(1).Break(one, "a try");

        one = await ensemble.LinkAsync(1, 2, after: one.Number).ConfigureAwait(false);
        two = await ensemble.LinkAsync(2, 1, after: two.Number).ConfigureAwait(false);
        ensemble.Transport(2).Send(two, [Numbered(0)]);
        RequireNumbered(await ensemble.MessagesAsync(1, one, 1).ConfigureAwait(false), 1);
    }

    private static async Task OldLinksTakeNothingAsync(TransportEnsemble ensemble)
    {
        Link old = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        Link oldThere = await ensemble.LinkAsync(2, 1).ConfigureAwait(false);
        ensemble.Transport(1).Break(old, "a try");
        Link link = await ensemble.LinkAsync(1, 2, after: old.Number).ConfigureAwait(false);
        Link there = await ensemble.LinkAsync(2, 1, after: oldThere.Number).ConfigureAwait(false);

        ensemble.Transport(1).Send(old, [Numbered(99)]);
        ensemble.Transport(1).Break(old, "long gone");
        ensemble.Transport(1).Send(link with { Number = link.Number + 1 }, [Numbered(98)]);
        ensemble.Transport(1).Send(link, [Numbered(0)]);

        RequireNumbered(await ensemble.MessagesAsync(2, there, 1).ConfigureAwait(false), 1);
    }

    private static async Task QuorumLinkAsync(TransportEnsemble ensemble)
    {
        (Link one, Link two) = await ensemble.ConnectAsync(1, 2).ConfigureAwait(false);
        ensemble.Transport(1).Send(one, [Numbered(0), Numbered(1)]);
        ensemble.Transport(2).Send(two, [Numbered(0), Numbered(1), Numbered(2)]);

        RequireNumbered(await ensemble.MessagesAsync(2, two, 2).ConfigureAwait(false), 2);
        RequireNumbered(await ensemble.MessagesAsync(1, one, 3).ConfigureAwait(false), 3);
    }

    private static async Task DeadPeerAsync(TransportEnsemble ensemble)
    {
        ensemble.Transport(1).Connect(new ServerId(3));

        _ = await ensemble.Recorder(1).WaitAsync<bool>(
            r => r.Events.OfType<TransportEvent.ConnectFailed>().Any(e => e.Peer.Value == 3) ? true : null,
            "an event that server 3 is not reached", ensemble.Patience).ConfigureAwait(false);
        _ = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
    }

    private static async Task SecondConnectReplacesAsync(TransportEnsemble ensemble)
    {
        (Link one, Link two) = await ensemble.ConnectAsync(1, 2).ConfigureAwait(false);

        ensemble.Transport(1).Connect(new ServerId(2));

        _ = await ensemble.DownAsync(1, one).ConfigureAwait(false);
        _ = await ensemble.DownAsync(2, two).ConfigureAwait(false);
        one = await ensemble.LinkAsync(1, 2, LinkKind.Quorum, one.Number).ConfigureAwait(false);
        two = await ensemble.LinkAsync(2, 1, LinkKind.Quorum, two.Number).ConfigureAwait(false);
        ensemble.Transport(1).Send(one, [Numbered(0)]);
        RequireNumbered(await ensemble.MessagesAsync(2, two, 1).ConfigureAwait(false), 1);
    }

    private static async Task NothingAfterDisposeAsync(TransportEnsemble ensemble)
    {
        Link toOne = await ensemble.LinkAsync(2, 1).ConfigureAwait(false);
        Link toTwo = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        Link other = await ensemble.LinkAsync(3, 2).ConfigureAwait(false);
        for (int i = 0; i < 1000; i++)
            ensemble.Transport(2).Send(toOne, [Numbered(i)]);

        await ensemble.StopAsync(1).ConfigureAwait(false);
        ensemble.Transport(1).Send(toTwo, [Numbered(0)]);
        ensemble.Transport(1).Break(toTwo, "after the end");
        ensemble.Transport(2).Send(toOne, [Numbered(0)]);
        ensemble.Transport(2).Connect(new ServerId(1));

        _ = await ensemble.DownAsync(2, toOne).ConfigureAwait(false);
        Require(
            ensemble.Recorder(3).LinkWith(new ServerId(2), LinkKind.Election) == other,
            "a bystander's link broke");
        await ensemble.StopAsync(2).ConfigureAwait(false);
        await ensemble.StopAsync(3).ConfigureAwait(false);
    }

    private static async Task TheEndOfAServerIsSeenAsync(TransportEnsemble ensemble)
    {
        (Link quorum, Link there) = await ensemble.ConnectAsync(1, 2).ConfigureAwait(false);
        Link election = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        Link third = await ensemble.LinkAsync(3, 2).ConfigureAwait(false);
        _ = there;

        await ensemble.StopAsync(2).ConfigureAwait(false);

        _ = await ensemble.DownAsync(1, quorum).ConfigureAwait(false);
        _ = await ensemble.DownAsync(1, election).ConfigureAwait(false);
        _ = await ensemble.DownAsync(3, third).ConfigureAwait(false);
        _ = await ensemble.LinkAsync(1, 3).ConfigureAwait(false);
    }

    private static async Task SlowReceiverAsync(TransportEnsemble ensemble)
    {
        const int Count = 2_000;
        (Link from, Link to) = await ensemble.ConnectAsync(1, 2).ConfigureAwait(false);
        ensemble.Recorder(2).CloseGate();
        byte[] body = Pattern(8 << 10);

        for (int i = 0; i < Count; i++)
            ensemble.Transport(1).Send(from, [Numbered(i) with { Body = body }]);
        // While the gate is closed the link must neither break nor deliver; other links go on.
        Link election = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        ensemble.Transport(2).Send(await ensemble.LinkAsync(2, 1).ConfigureAwait(false), [Numbered(0)]);
        RequireNumbered(await ensemble.MessagesAsync(1, election, 1).ConfigureAwait(false), 1);
        Require(ensemble.Recorder(2).MessagesOn(to).Count == 0, "messages were not held back");
        ensemble.Recorder(2).OpenGate();

        RequireNumbered(await ensemble.MessagesAsync(2, to, Count).ConfigureAwait(false), Count);
    }

    private static async Task OverflowAsync(TransportEnsemble ensemble)
    {
        (Link from, Link to) = await ensemble.ConnectAsync(1, 2).ConfigureAwait(false);
        Link election = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        ensemble.Recorder(2).CloseGate();
        byte[] body = Pattern(64 << 10);

        // Twice what all buffers on the way may hold together.
        for (int i = 0; i < 1_000
            && ensemble.Recorder(1).LinkWith(new ServerId(2), LinkKind.Quorum) == from; i++)
            ensemble.Transport(1).Send(from, [Numbered(i) with { Body = body }]);

        _ = await ensemble.DownAsync(1, from).ConfigureAwait(false);
        ensemble.Recorder(2).OpenGate();
        _ = await ensemble.DownAsync(2, to).ConfigureAwait(false);
        IReadOnlyList<Message> came = ensemble.Recorder(2).MessagesOn(to);
        RequireNumbered(came, came.Count);
        Require(
            ensemble.Recorder(1).LinkWith(new ServerId(2), LinkKind.Election) == election,
            "another link broke too");
    }

    private static async Task StalledPeerAsync(TransportEnsemble ensemble)
    {
        const int Count = 1_000;
        Link stalled = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        Link lively = await ensemble.LinkAsync(1, 3).ConfigureAwait(false);
        Link there = await ensemble.LinkAsync(3, 1).ConfigureAwait(false);
        ensemble.Recorder(2).CloseGate();

        for (int i = 0; i < Count; i++)
        {
            ensemble.Transport(1).Send(stalled, [Numbered(i) with { Body = Pattern(4 << 10) }]);
            ensemble.Transport(1).Send(lively, [Numbered(i)]);
        }

        RequireNumbered(await ensemble.MessagesAsync(3, there, Count).ConfigureAwait(false), Count);
    }

    private static async Task ForeignEnsembleAsync(TransportEnsemble ensemble)
    {
        ensemble.Transport(3).Connect(new ServerId(1));
        ensemble.Transport(2).Connect(new ServerId(3));

        foreach (int server in new[] { 2, 3 })
        {
            _ = await ensemble.Recorder(server).WaitAsync<bool>(
                r => r.Events.OfType<TransportEvent.ConnectFailed>().Any() ? true : null,
                $"an event at server {server} that the other ensemble refuses it",
                ensemble.Patience).ConfigureAwait(false);
        }

        _ = await ensemble.LinkAsync(1, 2).ConfigureAwait(false);
        Require(!ensemble.Recorder(3).Events.OfType<TransportEvent.Up>().Any(), "a foreigner got a link");
    }

    private static Message Numbered(long number) => new() { Type = MessageType.Ping, Number = number };

    private static Message Full(int sign) => new()
    {
        Type = MessageType.Notification,
        Zxid = new Zxid(0x7edc_ba98_7654_3210),
        Chain = new ChainHash(sign > 0 ? 0x0123_4567_89ab_cdef : ulong.MaxValue),
        Epoch = sign * 0x1234_5678,
        Number = sign > 0 ? long.MaxValue : long.MinValue,
        Candidate = new ServerId(sign > 0 ? ServerId.Max : ServerId.Min),
        State = ServerState.Observing,
        SenderEpoch = sign * 77,
        SenderZxid = new Zxid(123_456_789_012),
        Flag = true,
        Body = Pattern(300),
    };

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)((i * 31) + (i >> 8));
        return bytes;
    }

    private static void RequireNumbered(IReadOnlyList<Message> messages, int count)
    {
        Require(messages.Count == count, $"{count} messages were sent, and {messages.Count} came");
        for (int i = 0; i < count; i++)
            Require(messages[i].Number == i, $"message {messages[i].Number} came at place {i}");
    }

    private static void Require(bool condition, string breach)
    {
        if (!condition)
            throw new ContractViolationException($"A transport broke its promise: {breach}.");
    }

    /// <summary>A case: which of three servers are started, and what is then done.</summary>
    private sealed record Case(Func<TransportEnsemble, Task> Body, params int[] Servers)
    {
        public long SendQueueBytesMax { get; init; } = 64 << 20;

        public ServerId Foreigner { get; init; }
    }
}
