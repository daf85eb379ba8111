using Zab.Core.Ports;

namespace Zab.Testing.Scripts;

/// <summary>A turn's records on their way to the disk, and the messages that wait for them.</summary>
internal sealed record PendingWrite(
    IReadOnlyList<LogRecord> Records, long RecordsAfter, List<Envelope> SendAfter);
