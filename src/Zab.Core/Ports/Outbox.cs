using System.Collections.Generic;
using Zab.Core.Messages;
using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>What the protocol wants done: filled during a turn, handed to the host at its end.</summary>
/// <remarks>The rule that everything rests on (R1): a message that asserts something durable goes into
/// <see cref="SendAfterPersist"/>, and leaves when everything that was ever added to <see cref="Persist"/>
/// before it is on disk, whichever role added it. So no role ever speaks for a disk that has not caught up
/// (R12).</remarks>
internal sealed class Outbox
{
    /// <summary>Messages that may leave at once.</summary>
    public List<Envelope> SendNow { get; private set; } = [];

    /// <summary>Records to write, in order, after those of all earlier turns.</summary>
    public List<LogRecord> Persist { get; private set; } = [];

    /// <summary>Messages that leave once all records up to and including this turn's are on disk.</summary>
    public List<Envelope> SendAfterPersist { get; private set; } = [];

    /// <summary>Servers to dial on the quorum role.</summary>
    public List<ServerId> Connect { get; private set; } = [];

    /// <summary>Links to end, after what was sent on them.</summary>
    public List<LinkBreak> Break { get; private set; } = [];

    /// <summary>How many records have been added since the replica was made: the position of the
    /// newest.</summary>
    public long RecordsAdded { get; private set; }

    /// <summary>Adds a record to write.</summary>
    /// <returns>Its position: it is durable once the host reports this many records as persisted.</returns>
    public long Write(in LogRecord record)
    {
        Persist.Add(record);
        return ++RecordsAdded;
    }

    /// <summary>Sends a message that asserts nothing durable.</summary>
    public void Send(Link link, in Message message) => SendNow.Add(new Envelope(link, message));

    /// <summary>Sends a message once everything added so far is on disk.</summary>
    public void SendWhenDurable(Link link, in Message message) =>
        SendAfterPersist.Add(new Envelope(link, message));

    /// <summary>Ends a link.</summary>
    public void EndLink(Link link, string reason) => Break.Add(new LinkBreak(link, reason));

    /// <summary>Ends a link whose peer broke the protocol (S20).</summary>
    public void EndViolated(Link link, string reason) =>
        Break.Add(new LinkBreak(link, reason, IsViolation: true));

    /// <summary>Starts the lists of the next turn; the old ones belong to whoever took them.</summary>
    public void StartNext() => (SendNow, Persist, SendAfterPersist, Connect, Break) = ([], [], [], [], []);
}
