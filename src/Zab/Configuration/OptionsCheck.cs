using System.Globalization;
using Zab.Core.Primitives;

namespace Zab.Configuration;

/// <summary>Something that is wrong with options.</summary>
/// <param name="Property">The property of <see cref="ZabNodeOptions"/>.</param>
/// <param name="Text">The property, its value, and what to do.</param>
internal readonly record struct OptionProblem(string Property, string Text);

/// <summary>Finds what is wrong with options.</summary>
internal sealed class OptionsCheck
{
    private const int EnsembleIdLengthMax = 128;

    private static readonly TimeSpan s_tickTimeMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_tickTimeMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_sessionTimeoutMax = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly List<OptionProblem> _problems = [];

    /// <summary>The problems of <paramref name="options"/>; none when they can be used.</summary>
    public static IReadOnlyList<OptionProblem> Problems(ZabNodeOptions options)
    {
        OptionsCheck check = new();
        check.Identity(options);
        check.Times(options);
        check.Sizes(options);
        check.Rules(options);
        check.Ports(options);
        return check._problems;
    }

    private void Identity(ZabNodeOptions options)
    {
        if (options.Ensemble is null)
        {
            Problem(nameof(options.Ensemble), "null", "set it to EnsembleConfig.Parse(…)");
            return;
        }

        if (options.Ensemble.Find(new ServerId(options.ServerId)) is null)
        {
            string ids = string.Join(", ", options.Ensemble.Servers.Select(server => server.Id));
            Problem(
                nameof(options.ServerId),
                options.ServerId,
                $"it is not in the ensemble; use one of {ids}, or add a server.{options.ServerId} line");
        }

        if (options.LogStore is null && string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            Problem(
                nameof(options.DataDirectory),
                options.DataDirectory is null ? "null" : $"'{options.DataDirectory}'",
                "set it to a directory for this server alone, or set LogStore");
        }

        string id = options.EnsembleId;
        if (id.Length is 0 or > EnsembleIdLengthMax
            || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            Problem(
                nameof(options.EnsembleId),
                $"'{id}'",
                $"use 1 to {EnsembleIdLengthMax} of a-z, A-Z, 0-9, dot, hyphen, underscore, or leave it out");
        }
    }

    private void Times(ZabNodeOptions options)
    {
        bool tickTimeIsValid = options.TickTime >= s_tickTimeMin && options.TickTime <= s_tickTimeMax;
        if (!tickTimeIsValid)
        {
            Problem(nameof(options.TickTime), options.TickTime, "use 1 ms to 1 hour");
        }

        Within(nameof(options.InitLimit), options.InitLimit, 1, int.MaxValue);
        Within(nameof(options.SyncLimit), options.SyncLimit, 2, int.MaxValue);
        if (tickTimeIsValid)
        {
            SessionTimeouts(options);
        }
    }

    private void SessionTimeouts(ZabNodeOptions options)
    {
        TimeSpan min = options.SessionTimeoutMin;
        TimeSpan max = options.SessionTimeoutMax;
        if (min < options.TickTime)
        {
            Problem(
                nameof(options.MinSessionTimeout),
                min,
                $"a session cannot expire faster than TickTime ({options.TickTime}); use that or more");
        }

        if (max > s_sessionTimeoutMax)
        {
            Problem(nameof(options.MaxSessionTimeout), max, $"use {int.MaxValue} ms or less");
        }

        if (max < min)
        {
            Problem(
                nameof(options.MaxSessionTimeout),
                max,
                $"it is below MinSessionTimeout ({min}); use that or more");
        }
    }

    private void Sizes(ZabNodeOptions options)
    {
        Within(nameof(options.SnapshotEvery), options.SnapshotEvery, 2, int.MaxValue);
        Within(nameof(options.SnapshotsRetained), options.SnapshotsRetained, 1, int.MaxValue);
        Within(nameof(options.SegmentBytes), options.SegmentBytes, 64 * 1024, 1024 * 1024 * 1024);
        Within(nameof(options.RequestBytesMax), options.RequestBytesMax, 1024, 2_000_000);
        Within(nameof(options.RequestsMax), options.RequestsMax, 1, int.MaxValue);
        Within(nameof(options.SessionRequestsMax), options.SessionRequestsMax, 1, int.MaxValue);
        Within(nameof(options.SessionWatchesMax), options.SessionWatchesMax, 1, int.MaxValue);
        Within(nameof(options.WatchesMax), options.WatchesMax, 1, int.MaxValue);
        Within(nameof(options.StatesKept), options.StatesKept, 0, int.MaxValue);
        Within(nameof(options.StateTransactionsKept), options.StateTransactionsKept, 0, int.MaxValue);
        Within(nameof(options.StateBytesKept), options.StateBytesKept, 0, int.MaxValue);
        Within(nameof(options.ChangesKept), options.ChangesKept, 1, int.MaxValue);
        Within(nameof(options.ChangeBytesKept), options.ChangeBytesKept, 4096, int.MaxValue);
        Within(
            nameof(options.ContainersDeletedPerMinuteMax),
            options.ContainersDeletedPerMinuteMax,
            1,
            int.MaxValue);
        Within(nameof(options.SessionEphemeralsMax), options.SessionEphemeralsMax, 1, int.MaxValue);
        NotNull(
            nameof(options.AuthenticationProviders),
            options.AuthenticationProviders,
            "leave it out for none");
        NotNull(nameof(options.TimeProvider), options.TimeProvider, "leave it out for the system's clock");
        NotNull(nameof(options.LoggerFactory), options.LoggerFactory, "leave it out for no logs");
    }

    private void Rules(ZabNodeOptions options)
    {
        if (options.ContainerCheckInterval <= TimeSpan.Zero)
        {
            Problem(
                nameof(options.ContainerCheckInterval),
                options.ContainerCheckInterval,
                "use more than 0; the leader looks once in a TickTime at most");
        }

        if (options.SuperDigest is { } super && super.Count(c => c == ':') != 1)
        {
            Problem(
                nameof(options.SuperDigest),
                $"'{super}'",
                "use user:hash, as DigestAuthenticationProvider.IdOf makes it");
        }

        if (!Enum.IsDefined(options.DigestAlgorithm))
        {
            Problem(nameof(options.DigestAlgorithm), options.DigestAlgorithm, "use Sha1 or Sha256");
        }
    }

    private void Ports(ZabNodeOptions options)
    {
        if (options.Transport is not null || options.Ensemble is null)
        {
            return;
        }

        foreach (EnsembleServer server in options.Ensemble.Servers.Where(server => !server.HasPorts))
        {
            Problem(
                nameof(options.Ensemble),
                server,
                $"it has no ports; write {server}:2888:3888, or set Transport");
        }
    }

    private void Within(string property, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            Problem(property, value, max == int.MaxValue ? $"use {min} or more" : $"use {min} to {max}");
        }
    }

    private void NotNull(string property, object? value, string remedy)
    {
        if (value is null)
        {
            Problem(property, "null", remedy);
        }
    }

    private void Problem(string property, object value, string remedy) =>
        _problems.Add(
            new(property, string.Create(CultureInfo.InvariantCulture, $"{property} is {value}: {remedy}")));
}
