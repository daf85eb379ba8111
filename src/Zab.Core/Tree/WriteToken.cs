namespace Zab.Core.Tree;

/// <summary>Says who may change a node of a persistent structure in place: the writer that made it, in this
/// batch.</summary>
/// <remarks>A writer drops its token when it publishes a root; from then on every node under that root is
/// immutable, as nobody holds the token that it carries. The idea is that of Clojure's transients.</remarks>
internal sealed class WriteToken;
