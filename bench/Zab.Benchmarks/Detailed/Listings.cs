using BenchmarkDotNet.Attributes;
using Zab.Core.Tree;

namespace Zab.Benchmarks.Detailed;

/// <summary>A page of 1,000 of the children of a node that has a million.</summary>
[InProcess]
[MemoryDiagnoser]
public class Listings
{
    private const int Limit = 1_000;

    private readonly List<string> _page = new(Limit);
    private ZnodeTree _tree = ZnodeTree.Initial;
    private string? _after;

    /// <summary>The places.</summary>
    public static IEnumerable<string> Places => Siblings.Places.Select(place => place.Where);

    /// <summary>Where the page is.</summary>
    [ParamsSource(nameof(Places))]
    public string Place { get; set; } = "";

    /// <summary>Builds the tree.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _tree = Siblings.Tree();
        int after = Siblings.Places.Single(place => place.Where == Place).After;
        _after = after < 0 ? null : Siblings.NameOf(after);
    }

    /// <summary>The page.</summary>
    [Benchmark]
    public int Page()
    {
        _page.Clear();
        return _tree.TryListChildren(Siblings.Parent, _after, Limit, _page) ? _page.Count : -1;
    }
}
