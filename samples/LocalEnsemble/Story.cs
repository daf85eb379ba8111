using System.Diagnostics;
using System.Globalization;

namespace LocalEnsemble;

/// <summary>What happens, and what must come of it.</summary>
internal sealed class Story(Ensemble ensemble)
{
    private const int Observer = 4;
    private const int FailoverMsMax = 1000;

    private readonly SortedSet<string> _acknowledged = new(StringComparer.Ordinal);
    private int _leader;
    private int _follower;
    private int _other;
    private int _epoch;

    /// <summary>How many steps have been told.</summary>
    public int Steps { get; private set; }

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        await ElectAsync(cancellationToken);
        await WriteAndWatchAsync(cancellationToken);
        await ObserveAsync(cancellationToken);
        await WriteManyAsync(cancellationToken);
        await KillTheLeaderAsync(cancellationToken);
        await ReturnAsync(cancellationToken);
        await CompareAsync(cancellationToken);
    }

    private async Task ElectAsync(CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        Status[] all = await Task.WhenAll(Ensemble.Ids.Select(id => ServingAsync(id, ct)));
        _leader = all[0].Leader;
        _epoch = all[0].Epoch;
        Require(all.All(status => status.Leader == _leader), "the servers follow different leaders");
        Require(all[Observer - 1].Role == "Observer", "server 4 does not observe");
        int[] followers = [.. Ensemble.Ids.Where(id => id != _leader && id != Observer)];
        (_follower, _other) = (followers[0], followers[1]);
        Tell($"Servers 1, 2 and 3 have elected server {_leader} in epoch {_epoch}; server 4 observes " +
            $"({Milliseconds(start)} ms).");
    }

    private async Task WriteAndWatchAsync(CancellationToken ct)
    {
        _ = await ensemble[_other].AskAsync("watch /ooxx", ct);
        Tell($"A client of server {_other} watches /ooxx, which does not exist.");

        string created = await CreateAsync(_follower, "/ooxx", ct);
        Tell($"A client of follower {_follower} creates it: forwarded to server {_leader}, " +
            $"proposed to all, on a quorum of disks, committed as {created.Split(' ')[1]}, " +
            "and only then acknowledged.");

        string fired = await ensemble[_other].AskAsync("event", ct);
        Require(fired == $"NodeCreated {created}", $"the watch told '{fired}'");
        Tell($"The watch on server {_other} fires: {fired}.");
    }

    private async Task ObserveAsync(CancellationToken ct)
    {
        string read = await ensemble[Observer].AskAsync("get /ooxx", ct);
        Require(read.StartsWith("hello ", StringComparison.Ordinal), $"the observer read '{read}'");
        Tell($"The observer serves the read: {read}.");
    }

    private async Task WriteManyAsync(CancellationToken ct)
    {
        const int Count = 100;
        for (int i = 0; i < Count; i++)
        {
            _ = await CreateAsync(_follower, $"/ooxx/{i:d3}", ct);
        }

        Tell($"{Count} more writes through server {_follower} are acknowledged.");
    }

    private async Task KillTheLeaderAsync(CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        await ensemble[_leader].KillAsync();
        Tell($"Server {_leader}, the leader, is killed.");

        string? created = null;
        for (int attempt = 0; created is null; attempt++)
        {
            // Whether a lost write was done is not known, so each attempt creates a node of its own.
            string answer = await ensemble[_follower].AskAsync($"create /ooxx/after-{attempt} hello", ct);
            created = answer.StartsWith("lost: ", StringComparison.Ordinal) ? null : answer;
        }

        long milliseconds = Milliseconds(start);
        _ = _acknowledged.Add(created.Split(' ')[0]);
        Status status = await ServingAsync(_follower, ct);
        Require(status.Leader != _leader && status.Epoch > _epoch, "there is no new leader in a new epoch");
        Tell($"Server {status.Leader} leads now, in epoch {status.Epoch}: the first write is acknowledged " +
            $"{milliseconds} ms after the kill.");
        Require(milliseconds < FailoverMsMax, $"that took more than {FailoverMsMax} ms");

        await RequireAllAsync(status.Leader, ct);
        Tell($"All {_acknowledged.Count} acknowledged writes are there.");
    }

    private async Task ReturnAsync(CancellationToken ct)
    {
        await ensemble.StartAsync(_leader, ct);
        Status status = await ServingAsync(_leader, ct);
        Require(status.Role == "Follower" && status.Leader != _leader,
            "the old leader does not follow the new one");
        Require(status.Sync == "Diff", $"it was brought up to date by {status.Sync}");
        await RequireAllAsync(_leader, ct);
        Tell($"Server {_leader} is back, follows server {status.Leader}, and was brought up to date " +
            "by DIFF.");
    }

    private async Task CompareAsync(CancellationToken ct)
    {
        string[] lists =
            await Task.WhenAll(Ensemble.Ids.Select(id => ensemble[id].AskAsync("list /ooxx", ct)));
        Require(lists.Distinct().Count() == 1, "the servers hold different trees");
        Tell("All four servers hold the same nodes.");
    }

    private async Task<string> CreateAsync(int server, string path, CancellationToken ct)
    {
        string created = await ensemble[server].AskAsync($"create {path} hello", ct);
        Require(created.StartsWith($"{path} ", StringComparison.Ordinal), $"creating {path}: {created}");
        _ = _acknowledged.Add(path);
        return created;
    }

    private async Task RequireAllAsync(int server, CancellationToken ct)
    {
        string[] names = (await ensemble[server].AskAsync("list /ooxx", ct)).Split(' ');
        string[] missing =
            [.. _acknowledged.Where(path => path != "/ooxx").Except(names.Select(name => $"/ooxx/{name}"))];
        Require(missing.Length == 0, $"server {server} has lost {string.Join(", ", missing)}");
    }

    private async Task<Status> ServingAsync(int server, CancellationToken ct)
    {
        string answer = await ensemble[server].AskAsync("serving", ct);
        return answer.Split(' ') is [string role, string leader, string epoch, _, string sync]
            ? new Status(role, Number(leader), Number(epoch), sync)
            : throw new InvalidOperationException($"server {server} answered '{answer}'");
    }

    private void Tell(string what) => Console.WriteLine($"{++Steps,2}. {what}");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private static long Milliseconds(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct Status(string Role, int Leader, int Epoch, string Sync);
}
