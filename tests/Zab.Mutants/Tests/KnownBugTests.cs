using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using Zab.Mutants.Scenarios;

namespace Zab.Mutants.Tests;

/// <summary>Each known bug is caught by its own schedule, and only when it is planted.</summary>
public sealed class KnownBugTests
{
    /// <summary>The ids.</summary>
    public static TheoryData<string> Ids() => [.. KnownBugs.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_schedule_goes_well_without_its_bug_and_not_with_it(string id)
    {
        Mutant.Planted = null;
        Assert.Null(KnownBugs.Run(id));
        try
        {
            Mutant.Planted = id;
            Assert.NotNull(KnownBugs.Run(id));
        }
        finally
        {
            Mutant.Planted = null;
        }
    }

    [Fact]
    public void A_server_whose_state_differs_serves_again_after_a_snapshot()
    {
        try
        {
            Mutant.Planted = "ZB-76";
            KnownBugs.AServerThatDiffers(isForgiven: true);
            Assert.StartsWith("R25: ", KnownBugs.Run("ZB-76"), StringComparison.Ordinal);
        }
        finally
        {
            Mutant.Planted = null;
        }
    }

    [Fact]
    public void Every_mutation_has_a_schedule_of_its_own()
    {
        IEnumerable<string> planted = Mutant.All.Select(mutation => mutation.Id);

        Assert.Empty(planted.Except(KnownBugs.Ids));
    }
}
