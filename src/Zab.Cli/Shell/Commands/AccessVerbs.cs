using System.Text;
using Zab.Core.Access;
using Zab.Core.Tree;

namespace Zab.Cli.Shell.Commands;

/// <summary>The commands about who may do what, and who the session is.</summary>
internal static class AccessVerbs
{
    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new()
        {
            Name = "getAcl", Usage = "[-s] path", Switches = "s", OperandsMin = 1, OperandsMax = 1,
            RunAsync = async (shell, arguments, cancellationToken) =>
            {
                AclSnapshot read = await shell.Session
                    .GetAclAsync(arguments.Path, cancellationToken).ConfigureAwait(false);
                shell.Output.Line(ShellText.Of(read.Acl));
                if (arguments.Has('s'))
                    shell.Output.Line(ShellText.Of(read.Stat, shell.TimeZone));
            },
        },
        new()
        {
            Name = "setAcl", Usage = "[-s] [-v version] [-R] path acl", Switches = "sR", Valued = "v",
            OperandsMin = 2, OperandsMax = 2, RunAsync = SetAclAsync,
        },
        new()
        {
            Name = "addauth", Usage = "scheme auth", OperandsMin = 1, OperandsMax = 2,
            RunAsync = async (shell, arguments, cancellationToken) =>
            {
                string proof = arguments.Operands.Count > 1 ? arguments.Operands[1] : "";
                await shell.Session
                    .AddAuthAsync(arguments.Operands[0], Encoding.UTF8.GetBytes(proof), cancellationToken)
                    .ConfigureAwait(false);
            },
        },
        new()
        {
            Name = "whoami", Usage = "",
            RunAsync = async (shell, _, cancellationToken) =>
            {
                IReadOnlyList<Identity> identities = await shell.Session
                    .WhoAmIAsync(cancellationToken).ConfigureAwait(false);
                shell.Output.Line("Auth scheme: User");
                foreach (Identity identity in identities)
                {
                    shell.Output.Line($"{identity.Scheme}: {identity.Id}");
                }
            },
        },
    ];

    private static async Task SetAclAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        Acl acl = AclText.Parse(arguments.Operands[1]);
        int version = arguments.Int32Of('v', -1);
        if (!arguments.Has('R'))
        {
            await SetAclAsync(arguments.Path).ConfigureAwait(false);
            return;
        }

        await foreach (string node in Walk.DownAsync(
            arguments.Path,
            async (node, token) => await shell.Session
                .GetChildrenAsync(node, cancellationToken: token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false))
        {
            await SetAclAsync(node).ConfigureAwait(false);
        }

        async Task SetAclAsync(string path)
        {
            Stat stat = await shell.Session.SetAclAsync(path, acl, version, cancellationToken)
                .ConfigureAwait(false);
            if (arguments.Has('s'))
                shell.Output.Line(ShellText.Of(stat, shell.TimeZone));
        }
    }
}
