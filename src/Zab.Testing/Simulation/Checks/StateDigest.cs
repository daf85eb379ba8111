using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Testing.Simulation.Checks;

/// <summary>One number for a whole replicated state (S21).</summary>
internal static class StateDigest
{
    /// <summary>The number. It covers the tree with data and stats, the sessions and their
    /// ephemerals.</summary>
    public static ulong Of(DataState state)
    {
        ulong digest = 0;
        foreach (ReadOnlyMemory<byte> chunk in state.ToChunks(2 * 1024))
        {
            digest = new ChainHash(digest).Extend(state.LastZxid, chunk.Span).Value;
        }

        return digest;
    }
}
