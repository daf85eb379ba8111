using Zab.Core.Access;
using Zab.Core.Requests;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Conformance.Model;

/// <summary>A session, with what its server keeps for its client.</summary>
internal sealed class PlainSession
{
    public int TimeoutMs { get; init; }

    /// <summary>Whether a client is there.</summary>
    public bool IsAttached { get; set; }

    /// <summary>The tick at which it is over, unless its client shows up.</summary>
    public long Deadline { get; set; }

    public List<Identity> Identities { get; set; } = [];

    public HashSet<(string Path, WatchMode Mode)> Watches { get; } = [];

    public int LastKept { get; set; }

    public SortedDictionary<int, ClientReply> Kept { get; } = [];
}
