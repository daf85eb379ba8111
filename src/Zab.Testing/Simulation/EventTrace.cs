using System.Globalization;
using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Scripts;

namespace Zab.Testing.Simulation;

/// <summary>Everything that happened in a run: as a hash, always, and as lines that people read, when they
/// are wanted.</summary>
internal sealed class EventTrace(bool isKept)
{
    private readonly ClusterTrace _lines = new() { ShowsMessages = true };
    private readonly List<string> _kept = [];

    /// <summary>Whether the events are kept as lines.</summary>
    public bool IsKept => isKept;

    /// <summary>A hash over all that happened.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The lines so far: the time in seconds, then what a golden script would say.</summary>
    public IReadOnlyList<string> Lines => _kept;

    /// <summary>A turn ended.</summary>
    public void Turn(long nowUs, SimulatedServer server, Ready ready)
    {
        ReplicaStatus status = ready.Status;
        Add(nowUs, (ulong)server.Id.Value, (ulong)status.State, (ulong)status.Logged.Value);
        Add(nowUs, (ulong)ready.RecordsAfter, (ulong)ready.Persist.Count, (ulong)status.Applied.Value);
        if (isKept)
        {
            _lines.Roles(server.Id, status);
            Keep(nowUs);
        }
    }

    /// <summary>A message left.</summary>
    public void Sent(long nowUs, SimulatedServer server, in Envelope envelope)
    {
        Message message = envelope.Message;
        Add(nowUs, (ulong)message.Type, (ulong)message.Zxid.Value, message.Chain.Value);
        Add(nowUs, (ulong)server.Id.Value, (ulong)envelope.Link.Number, (ulong)message.Number);
        if (isKept)
        {
            _lines.Sent(server.Id, envelope);
            Keep(nowUs);
        }
    }

    /// <summary>A message arrived.</summary>
    public void Delivered(SimulatedLink.Wire wire, in Message message) =>
        Add(0, (ulong)wire.ReceiverLink.Number, (ulong)message.Type, (ulong)message.Zxid.Value);

    /// <summary>A disk has finished a write.</summary>
    public void Persisted(long nowUs, SimulatedServer server)
    {
        Add(nowUs, (ulong)server.Id.Value, (ulong)server.Persisted, 1);
        if (isKept)
        {
            _lines.Add($"{server.Id} has {server.Persisted} records on its disk");
            Keep(nowUs);
        }
    }

    /// <summary>Something reached a client.</summary>
    public void Client(long nowUs, SimulatedServer server, in ClientOutput output)
    {
        ulong zxid = (ulong)(output.Reply?.Zxid ?? output.Event?.Zxid ?? Zxid.None).Value;
        Add(nowUs, (ulong)output.Session.Value, (ulong)(output.Reply?.Cxid ?? -1), zxid);
        if (isKept)
        {
            string what = output.Reply is { } reply ? $"{reply.Cxid} = {reply.Error} at {reply.Zxid}"
                : output.Event is { } fired ? $"{fired.Type} {fired.Path} at {fired.Zxid}"
                : output.Moved ? "session moved"
                : "session expired";
            _lines.Add($"client {output.Session} of {server.Id}: {what}");
            Keep(nowUs);
        }
    }

    /// <summary>A client asked.</summary>
    public void Asked(long nowUs, SimulatedServer server, in Core.Requests.ClientRequest request)
    {
        Add(nowUs, (ulong)server.Id.Value, (ulong)request.Session.Value, (ulong)request.Op);
        if (isKept)
        {
            _lines.Add(
                $"client {request.Session} of {server.Id}: asks {request.Cxid} {request.Op} {request.Path}");
            Keep(nowUs);
        }
    }

    /// <summary>A server ended a link.</summary>
    public void Break(long nowUs, SimulatedServer server, Link link, string reason)
    {
        Add(nowUs, (ulong)server.Id.Value, (ulong)link.Number, 2);
        if (isKept)
        {
            _lines.Add($"{server.Id} ends its {link}: {reason}");
            Keep(nowUs);
        }
    }

    /// <summary>Something befell a server.</summary>
    public void Note(long nowUs, SimulatedServer server, string what)
    {
        Add(nowUs, (ulong)server.Id.Value, (ulong)what.Length, 3);
        if (isKept)
        {
            _lines.Add($"{server.Id} {what}");
            Keep(nowUs);
        }
    }

    /// <summary>Something befell the ensemble.</summary>
    public void Note(long nowUs, string what)
    {
        Add(nowUs, 0, (ulong)what.Length, 4);
        if (isKept)
        {
            _lines.Add(what);
            Keep(nowUs);
        }
    }

    private void Add(long a, ulong b, ulong c, ulong d)
    {
        Hash = Mix(Mix(Mix(Mix(Hash, (ulong)a), b), c), d);
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 32);
    }

    private void Keep(long nowUs)
    {
        foreach (string line in _lines.Take())
        {
            double seconds = nowUs / 1e6;
            _kept.Add(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000000} {line}"));
        }
    }
}
