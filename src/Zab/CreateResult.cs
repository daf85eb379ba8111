using Zab.Core.Tree;

namespace Zab;

/// <summary>A znode that was just created.</summary>
/// <param name="Path">Its path; for a sequential node with the number at the end.</param>
/// <param name="Stat">Its stat; <see cref="Stat.Czxid"/> is the transaction.</param>
public readonly record struct CreateResult(string Path, Stat Stat);
