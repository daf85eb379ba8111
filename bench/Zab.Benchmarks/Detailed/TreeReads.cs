using BenchmarkDotNet.Attributes;
using Zab.Core.Tree;

namespace Zab.Benchmarks.Detailed;

/// <summary>Reads of data and stat from the tree alone.</summary>
[InProcess]
[MemoryDiagnoser]
public class TreeReads
{
    private readonly PathRing _hot = new(1_000);
    private readonly PathRing _uniform = new(1_000_000);
    private ZnodeTree _tree = ZnodeTree.Initial;

    /// <summary>Builds the tree.</summary>
    [GlobalSetup]
    public void SetUp() => _tree = TreeOf.Shaped(Shape.Even);

    /// <summary>A read of one of 1,000 znodes.</summary>
    [Benchmark]
    public int Hot() => Read(_hot.Next());

    /// <summary>A read of one of a million.</summary>
    [Benchmark]
    public int Uniform() => Read(_uniform.Next());

    private int Read(string path) =>
        _tree.TryGet(path, out ZnodeView node) ? node.Data!.Value.Length + node.Stat.NumChildren : -1;
}
