using Zab.Core.Messages;

namespace Zab.Core.Election;

/// <summary>What a peer last said of itself, on the link that is up now.</summary>
/// <param name="Vote">Whom it would follow, or follows.</param>
/// <param name="Own">Itself as a candidate: its own current epoch, 0 when it never joined an ensemble, and
/// the end of its history when its election began.</param>
/// <param name="Round">The round in which it said so.</param>
/// <param name="State">What it is doing.</param>
/// <param name="HearsQuorum">Whether it hears a quorum of voters: one that does not could not lead.</param>
/// <param name="HeardAt">The tick at which it was heard.</param>
internal readonly record struct PeerView(
    Vote Vote, Vote Own, long Round, ServerState State, bool HearsQuorum, long HeardAt);
