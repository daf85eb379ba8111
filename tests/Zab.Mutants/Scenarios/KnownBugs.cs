using System;
using System.Collections.Generic;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <summary>The exact schedule of each known bug, by the id of its mutation: it must go well, and must not
/// with the bug planted.</summary>
internal static partial class KnownBugs
{
    private static readonly SortedDictionary<string, Action> s_scenarios =
        new(StringComparer.Ordinal);

    static KnownBugs()
    {
        AddEpochs();
        AddSync();
        AddElections();
        AddSessions();
        AddIdentity();
        AddStreams();
        AddStates();
        AddDisks();
    }

    /// <summary>The ids that have a scenario.</summary>
    public static IEnumerable<string> Ids => s_scenarios.Keys;

    /// <summary>Runs a scenario.</summary>
    /// <returns>The check that was violated, with its sentence; null when all went well.</returns>
    public static string? Run(string id)
    {
        try
        {
            s_scenarios[id]();
            return null;
        }
        catch (ViolationException e)
        {
            return e.Message;
        }
        catch (Exception e)
        {
            return $"R20: a server stopped itself: {e.Message}";
        }
    }
}
