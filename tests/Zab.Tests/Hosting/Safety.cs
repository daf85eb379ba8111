namespace Zab.Tests.Hosting;

/// <summary>A net under every wait: a test that hangs fails after it. No verdict depends on it
/// otherwise.</summary>
internal static class Safety
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static CancellationToken Token => new CancellationTokenSource(Limit).Token;

    public static async Task<ZabNodeStatus> UntilAsync(this ZabNode node, Func<ZabNodeStatus, bool> condition)
    {
        await foreach (ZabNodeStatus status in node.StatusChanges(Token))
        {
            if (condition(status))
            {
                return status;
            }
        }

        throw new InvalidOperationException($"The node ended before: {node.Status}");
    }

    public static Task<ZabNodeStatus> ServingAsync(this ZabNode node) =>
        node.UntilAsync(status => status.IsServing);

    public static async Task<ZabNodeFailedException> FailureAsync(this ZabNode node) =>
        await Assert.ThrowsAsync<ZabNodeFailedException>(() => node.Completion.WaitAsync(Limit));
}
