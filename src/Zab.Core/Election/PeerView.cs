using Zab.Core.Messages;

namespace Zab.Core.Election;

/// <summary>What a peer last said of itself, on the link that is up now.</summary>
/// <param name="Vote">Whom it would follow, or follows.</param>
/// <param name="Round">The round in which it said so.</param>
/// <param name="State">What it is doing.</param>
/// <param name="CurrentEpoch">Its own current epoch; 0 when it never joined an ensemble.</param>
internal readonly record struct PeerView(Vote Vote, long Round, ServerState State, int CurrentEpoch);
