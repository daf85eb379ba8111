using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab;

/// <summary>Makes requests of what callers say.</summary>
internal static class ClientRequests
{
    /// <summary>The request to create a node.</summary>
    /// <exception cref="ArgumentException">A time to live and a mode do not fit together.</exception>
    public static ClientRequest Create(string path, CreateOptions options)
    {
        if (options.Mode.HasTtl != options.TimeToLive.HasValue)
        {
            throw new ArgumentException(
                $"A {options.Mode} node {(options.Mode.HasTtl ? "needs" : "has no")} {nameof(options.TimeToLive)}.",
                nameof(options));
        }

        double ttlMs = Math.Ceiling(options.TimeToLive?.TotalMilliseconds ?? 0);
        if (options.Mode.HasTtl && ttlMs is < 1 or > ZnodeOwner.TtlMsMax)
        {
            throw new ArgumentException(
                $"{nameof(options.TimeToLive)} must be from 1 ms to {ZnodeOwner.TtlMsMax} ms.", nameof(options));
        }

        return new ClientRequest
        {
            Op = OpCode.Create2,
            Path = path,
            Data = Copy(options.Data),
            Mode = options.Mode,
            TtlMs = (long)ttlMs,
            Acl = options.Acl,
        };
    }

    /// <summary>A copy of the caller's data, which the caller may change at once.</summary>
    public static ReadOnlyMemory<byte>? Copy(ReadOnlyMemory<byte>? data) =>
        data is { } present ? present.ToArray() : default(ReadOnlyMemory<byte>?);
}
