using System.Text;
using Zab.Core.Tree;

namespace Zab.Cli.Shell.Commands;

/// <summary>The commands that create, set and delete nodes.</summary>
internal static class WriteVerbs
{
    private const int BatchOfDeletes = 1000;

    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new()
        {
            Name = "create", Usage = "[-s] [-e] [-c] [-t ttl] path [data] [acl]",
            Switches = "sec", Valued = "t", OperandsMin = 1, OperandsMax = 3, RunAsync = CreateAsync,
        },
        new()
        {
            Name = "set", Usage = "path data [-s] [-v version] [-b]", Switches = "sb", Valued = "v",
            OperandsMin = 2, OperandsMax = 2, RunAsync = SetAsync,
        },
        new()
        {
            Name = "delete", Usage = "[-v version] path", Valued = "v", OperandsMin = 1, OperandsMax = 1,
            RunAsync = async (shell, arguments, cancellationToken) => await shell.Session
                .DeleteAsync(arguments.Path, arguments.Int32Of('v', -1), cancellationToken)
                .ConfigureAwait(false),
        },
        new()
        {
            Name = "deleteall", Usage = "path [-b batch size]", Valued = "b",
            OperandsMin = 1, OperandsMax = 1, RunAsync = DeleteAllAsync,
        },
    ];

    private static async Task CreateAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> operands = arguments.Operands;
        TimeSpan? timeToLive = arguments.Has('t')
            ? TimeSpan.FromTicks(checked(TimeToLiveMs(arguments) * TimeSpan.TicksPerMillisecond))
            : null;
        CreateOptions options = new()
        {
            Mode = ModeOf(arguments),
            TimeToLive = timeToLive,
            Data = operands.Count > 1 ? Encoding.UTF8.GetBytes(operands[1]) : default(ReadOnlyMemory<byte>?),
            Acl = operands.Count > 2 ? AclText.Parse(operands[2]) : null,
        };
        CreateResult created = await shell.Session
            .CreateAsync(PathOf(arguments), options, cancellationToken).ConfigureAwait(false);
        shell.Output.Line($"Created {created.Path}");
    }

    /// <summary>The path, which for a sequential node may end with a slash: then its name is a
    /// number.</summary>
    private static string PathOf(VerbArguments arguments) =>
        arguments.Has('s') && arguments.Operands[0] is ['/', ..] ? arguments.Operands[0] : arguments.Path;

    private static long TimeToLiveMs(VerbArguments arguments)
    {
        const long Max = (1L << 40) - 1; // what a node has room for
        long milliseconds = arguments.Int64Of('t', 0);
        return milliseconds is >= 1 and <= Max
            ? milliseconds
            : throw arguments.Misused($"ttl must be positive and cannot be larger than: {Max}");
    }

    private static CreateMode ModeOf(VerbArguments arguments)
    {
        bool isContainer = arguments.Has('c');
        bool isEphemeral = arguments.Has('e');
        bool isSequential = arguments.Has('s');
        bool hasTtl = arguments.Has('t');
        return isContainer && (isSequential || isEphemeral)
                ? throw arguments.Misused(
                    "-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.")
            : hasTtl && isEphemeral
                ? throw arguments.Misused("TTLs cannot be used with Ephemeral znodes")
            : hasTtl && isContainer
                ? throw arguments.Misused("TTLs cannot be used with Container znodes")
            : isContainer ? CreateMode.Container
            : (isEphemeral, isSequential, hasTtl) switch
            {
                (true, true, _) => CreateMode.EphemeralSequential,
                (true, false, _) => CreateMode.Ephemeral,
                (false, true, true) => CreateMode.PersistentSequentialWithTtl,
                (false, true, false) => CreateMode.PersistentSequential,
                (false, false, true) => CreateMode.PersistentWithTtl,
                (false, false, false) => CreateMode.Persistent,
            };
    }

    private static async Task SetAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        string text = arguments.Operands[1];
        byte[] data = Encoding.UTF8.GetBytes(text);
        if (arguments.Has('b'))
        {
            data = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, data, out int length))
                throw arguments.Misused("with -b, the data must be in base64");
            Array.Resize(ref data, length);
        }

        Stat stat = await shell.Session
            .SetAsync(arguments.Path, data, arguments.Int32Of('v', -1), cancellationToken)
            .ConfigureAwait(false);
        if (arguments.Has('s'))
            shell.Output.Line(ShellText.Of(stat, shell.TimeZone));
    }

    /// <summary>Deletes a node and all below it, from the leaves up, a transaction a batch.</summary>
    private static async Task DeleteAllAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        int batch = arguments.Int32Of('b', BatchOfDeletes);
        if (batch < 1)
            throw arguments.Misused("the batch size must be at least 1");

        string path = arguments.Path;
        List<string> all = [];
        await foreach (string node in Walk.DownAsync(
            path,
            async (node, token) => await shell.Session
                .GetChildrenAsync(node, cancellationToken: token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false))
        {
            all.Add(node);
        }

        // Backwards, so that every node comes after all that is below it.
        all.Reverse();
        foreach (string[] nodes in all.Chunk(batch))
        {
            try
            {
                _ = await shell.Session
                    .MultiAsync([.. nodes.Select(node => ZabOperation.Delete(node))], cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (TransactionFailedException e)
            {
                ZabException cause = e.InnerException as ZabException ?? e;
                throw new ShellException(
                    $"Failed to delete some node(s) in the subtree! {ShellErrors.Of(cause)}");
            }
        }
    }
}
