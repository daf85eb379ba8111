using System.Globalization;
using System.Text;
using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Scripts;

/// <summary>What happened, as lines that people read: a golden script's output.</summary>
internal sealed class ClusterTrace
{
    private readonly List<string> _lines = [];
    private readonly Dictionary<ServerId, (ServerState, ServerId, bool)> _roles = [];

    /// <summary>Whether messages and writes are shown; roles, clients and the way of synchronisation always
    /// are.</summary>
    public bool ShowsMessages { get; set; }

    /// <summary>Adds a line.</summary>
    public void Add(string line) => _lines.Add(line);

    /// <summary>Takes what has gathered.</summary>
    public IReadOnlyList<string> Take()
    {
        string[] lines = [.. _lines];
        _lines.Clear();
        return lines;
    }

    /// <summary>A message left.</summary>
    public void Sent(ServerId from, in Envelope envelope)
    {
        bool shown = ShowsMessages
            ? envelope.Message.Type is not MessageType.Ping
            : envelope.Message.Type is MessageType.Diff or MessageType.Trunc or MessageType.Snap;
        if (shown)
        {
            Add($"{from}→{envelope.Link.Peer} {Describe(envelope.Message)}");
        }
    }

    /// <summary>Records are on disk.</summary>
    public void Persisted(ServerId server, PendingWrite write)
    {
        if (ShowsMessages)
        {
            Add($"{server} wrote {string.Join(", ", write.Records.Select(Describe))}");
        }
    }

    /// <summary>A server's role, when it changed.</summary>
    public void Roles(ServerId server, in ReplicaStatus status)
    {
        if (_roles.GetValueOrDefault(server) == (status.State, status.Leader, status.IsServing))
        {
            return;
        }

        bool wasServing = _roles.TryGetValue(server, out (ServerState, ServerId, bool Serving) before)
            && before.Serving;
        _roles[server] = (status.State, status.Leader, status.IsServing);
        string role = status.State switch
        {
            ServerState.Looking => "is looking",
            ServerState.Leading => "leads",
            ServerState.Following => $"follows {status.Leader}",
            ServerState.Observing => $"observes {status.Leader}",
        };
        string reason = status.State == ServerState.Looking && wasServing ? $": {status.Reason}" : "";
        Add(status.IsServing
            ? $"{server} {role} and serves, epoch {status.Epoch}"
            : $"{server} {role}{reason}");
    }

    /// <summary>Something reached a client.</summary>
    public void Client(ServerId server, in ClientOutput output, ClientRequest? request)
    {
        if (output.Event is { } fired)
        {
            Add($"client {server}: {fired.Type} {fired.Path} at {fired.Zxid}");
        }
        else if (output.Expired)
        {
            Add($"client {server}: session expired");
        }
        else if (output.Reply is { } reply && request is { } asked)
        {
            Add($"client {server}: {Describe(asked)} = {Describe(reply)}");
        }
    }

    private static string Describe(in ClientRequest request) =>
        request.Path.Length == 0 ? $"{request.Op}" : $"{request.Op} {request.Path}";

    private static string Describe(in ClientReply reply)
    {
        if (reply.Error != ErrorCode.Ok)
        {
            return $"{reply.Error}";
        }

        StringBuilder text = new();
        _ = text.Append(CultureInfo.InvariantCulture, $"ok at {reply.Zxid}");
        if (reply.Data is { } data)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $" '{Encoding.UTF8.GetString(data.Span)}'");
        }

        if (reply.Children is { } children)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $" [{string.Join(' ', children)}]");
        }

        return $"{text}";
    }

    private static string Describe(Message message) => message.Type switch
    {
        MessageType.Notification =>
            $"Notification {message.State} round {message.Number} "
                + $"vote {message.Candidate}@{message.Epoch}/{message.Zxid}",
        MessageType.FollowerInfo or MessageType.ObserverInfo => $"{message.Type} accepted {message.Epoch}",
        MessageType.LeaderInfo => $"LeaderInfo epoch {message.Epoch}",
        MessageType.AckEpoch =>
            $"AckEpoch current {message.Epoch} last {message.Zxid}{(message.Flag ? "" : " (again)")}",
        MessageType.SnapChunk => $"SnapChunk {message.Number}{(message.Flag ? " (last)" : "")}",
        MessageType.Request => Describe(message.Body),
        MessageType.Proposal or MessageType.Ack or MessageType.Commit or MessageType.Ping
            or MessageType.Revalidate
            or MessageType.Sync or MessageType.Inform or MessageType.NewLeader or MessageType.UpToDate
            or MessageType.Diff or MessageType.Trunc or MessageType.Snap or MessageType.Refusal =>
            $"{message.Type} {message.Zxid}",
    };

    private static string Describe(ReadOnlyMemory<byte> request) =>
        ClientRequest.TryDecode(request, out ClientRequest decoded)
            ? $"Request {Describe(decoded)}"
            : "Request ?";

    private static string Describe(LogRecord record) => record.Kind switch
    {
        LogRecordKind.Entry => $"{record.Position.Zxid}",
        LogRecordKind.Epochs => $"epochs {record.Epochs}",
        LogRecordKind.Truncate => $"a cut to {record.Position.Zxid}",
        LogRecordKind.Commit => $"commit {record.Position.Zxid}",
        LogRecordKind.SnapshotBegin => $"the start of snapshot {record.Position.Zxid}",
        LogRecordKind.SnapshotChunk => $"a chunk of {record.Body.Length} bytes",
        LogRecordKind.SnapshotInstall => $"the switch to snapshot {record.Position.Zxid}",
    };
}
