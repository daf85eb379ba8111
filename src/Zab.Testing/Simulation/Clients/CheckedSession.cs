using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Clients;

/// <summary>What a session asked, was told, and may expect.</summary>
internal sealed class CheckedSession(SessionId id)
{
    /// <summary>The session.</summary>
    public SessionId Id => id;

    /// <summary>Where its client is; null when that server stopped, or the client left.</summary>
    public CheckedConnection? Connection { get; set; }

    /// <summary>All writes that it ever asked for, by cxid.</summary>
    public Dictionary<int, CheckedRequest> Writes { get; } = [];

    /// <summary>The moves that it asked for: to which server.</summary>
    public HashSet<(int Cxid, ServerId Server)> Moves { get; } = [];

    /// <summary>The writes whose answers are lost, and that were not committed when last looked at.</summary>
    public List<CheckedRequest> Lost { get; } = [];

    /// <summary>Its committed writes in the order of their zxids: the number of each among its
    /// requests.</summary>
    public List<(int Number, Zxid Zxid)> Effects { get; } = [];

    /// <summary>How many of <see cref="Effects"/> belong to requests up to the last one that was
    /// answered.</summary>
    public int EffectsAnswered { get; set; }

    /// <summary>How many requests it has made.</summary>
    public int Requests { get; set; }

    /// <summary>The newest state that a reply or an event told it of.</summary>
    public Zxid LastSeen { get; set; }

    /// <summary>Its newest write that it was told to be done.</summary>
    public Zxid LastAcked { get; set; }

    /// <summary>The newest write that anyone was told of before its last barrier that was
    /// confirmed.</summary>
    public Zxid Barrier { get; set; }

    /// <summary>Whether it was told that it is open.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether it was told that it is closed or expired.</summary>
    public bool IsOver { get; set; }

    /// <summary>Moves past the effects of the requests up to <paramref name="number"/>, which is answered
    /// now.</summary>
    /// <returns>The zxid of the last effect up to there, and of the next one; none when there is
    /// none.</returns>
    public (Zxid Before, Zxid Next) EffectsAround(int number)
    {
        while (EffectsAnswered < Effects.Count && Effects[EffectsAnswered].Number <= number)
        {
            EffectsAnswered++;
        }

        return (
            EffectsAnswered == 0 ? Zxid.None : Effects[EffectsAnswered - 1].Zxid,
            EffectsAnswered == Effects.Count ? Zxid.None : Effects[EffectsAnswered].Zxid);
    }

    /// <summary>Whether a request that was asked later than the given one was done.</summary>
    public bool HasEffectAfter(int number) => Effects.Count > 0 && Effects[^1].Number > number;
}
