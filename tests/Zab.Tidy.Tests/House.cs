namespace Zab.Tidy.Tests;

/// <summary>The verdict of a rule.</summary>
internal static class House
{
    /// <summary>Fails with every finding on a line of its own.</summary>
    public static void IsTidy(IEnumerable<string> findings)
    {
        string[] all = [.. findings];
        if (all.Length > 0)
        {
            Assert.Fail($"{all.Length} findings:\n{string.Join('\n', all)}");
        }
    }
}
