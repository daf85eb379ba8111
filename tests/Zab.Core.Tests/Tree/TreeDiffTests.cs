using Zab.Core.Requests;
using Zab.Core.Tests.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Tree;

/// <summary>What watches are told when a snapshot replaces a state.</summary>
public sealed class TreeDiffTests
{
    [Fact]
    public void The_root_is_compared_like_every_other_node()
    {
        Workbench bench = new();
        DataState before = bench.Writer.Freeze();

        bench.Do(Workbench.Set("/", null));
        List<ZnodeChange> changes = TreeDiff.Between(before.Tree, bench.Writer.Freeze().Tree);

        Assert.Equal([new ZnodeChange(ZnodeChangeKind.DataChanged, "/")], changes);
    }
}
