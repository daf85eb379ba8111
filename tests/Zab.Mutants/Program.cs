namespace Zab.Mutants;

/// <summary>The simulator with known bugs planted on demand.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => 0;
}
