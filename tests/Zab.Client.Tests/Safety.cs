namespace Zab.Client.Tests;

/// <summary>How long a test waits for what must happen, before it fails instead of hanging.</summary>
internal static class Safety
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
