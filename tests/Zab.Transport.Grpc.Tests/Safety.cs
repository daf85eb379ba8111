namespace Zab.Transport.Grpc.Tests;

/// <summary>A net under every wait: a test that hangs fails after it. No verdict depends on it
/// otherwise.</summary>
internal static class Safety
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
