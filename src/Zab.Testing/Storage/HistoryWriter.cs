using System.Text;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>Makes records that continue a history.</summary>
/// <param name="head">Where it stands.</param>
public sealed class HistoryWriter(LogPosition head)
{
    /// <summary>Begins at the beginning.</summary>
    public HistoryWriter()
        : this(LogPosition.Start)
    {
    }

    /// <summary>Where the history stands.</summary>
    public LogPosition Head { get; private set; } = head;

    /// <summary>The next entry of an epoch: of the current one, or the first of a later.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="body">Its bytes.</param>
    /// <returns>The record.</returns>
    public LogRecord Next(int epoch, ReadOnlyMemory<byte> body)
    {
        Zxid zxid = Zxid.Of(epoch, epoch == Head.Zxid.Epoch ? Head.Zxid.Counter + 1 : 1);
        Head = new LogPosition(zxid, Head.Chain.Extend(zxid, body.Span));
        return LogRecord.Entry(Head, body);
    }

    /// <summary>The next entry of an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="body">Its text.</param>
    /// <returns>The record.</returns>
    public LogRecord Next(int epoch, string body) => Next(epoch, Encoding.UTF8.GetBytes(body));

    /// <summary>Cuts the history back.</summary>
    /// <param name="position">An earlier position of it.</param>
    /// <returns>The record.</returns>
    public LogRecord Truncate(LogPosition position)
    {
        Head = position;
        return LogRecord.Truncate(position);
    }
}
