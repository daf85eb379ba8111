using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>What a session asked, was told, and may expect.</summary>
internal sealed class CheckedSession(SessionId id)
{
    /// <summary>The session.</summary>
    public SessionId Id => id;

    /// <summary>The server that serves it; null when that server stopped.</summary>
    public CheckedServer? Server { get; set; }

    /// <summary>The requests that are not answered yet, oldest first.</summary>
    public Queue<CheckedRequest> Pending { get; } = new();

    /// <summary>All writes that it ever asked for, by cxid.</summary>
    public Dictionary<int, CheckedRequest> Writes { get; } = [];

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

    /// <summary>Why it could not be opened.</summary>
    public ErrorCode Refusal { get; set; }

    /// <summary>What it watches.</summary>
    public WatchLedger Watches { get; } = new();

    /// <summary>The first of the model's changes that its watches have not been told of.</summary>
    public int NextChange { get; set; }

    /// <summary>The first of its server's jumps that its watches have not been told of.</summary>
    public int NextJump { get; set; }

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
}
