namespace Zab.Core.Primitives;

/// <summary>The two epochs that a server keeps on its disk.</summary>
/// <remarks>Neither ever decreases, and <see cref="Current"/> is never above <see cref="Accepted"/>. Source:
/// Zab paper, variables f.p and f.a; ZooKeeper's files <c>acceptedEpoch</c> and
/// <c>currentEpoch</c>.</remarks>
/// <param name="Accepted">The last epoch that the server promised to follow (f.p).</param>
/// <param name="Current">The last epoch whose initial history it has taken over (f.a); 0 when it never
/// has.</param>
public readonly record struct Epochs(int Accepted, int Current)
{
    /// <summary>The epochs as <c>accepted/current</c>.</summary>
    public override string ToString() => $"{Accepted}/{Current}";
}
