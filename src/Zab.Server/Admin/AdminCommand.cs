namespace Zab.Server.Admin;

/// <summary>One command of the administration server.</summary>
/// <param name="Names">Its names; the first is the one that answers bear.</param>
/// <param name="WriteAsync">Writes the members of the answer, without the braces, <c>command</c> and
/// <c>error</c>.</param>
internal sealed record AdminCommand(IReadOnlyList<string> Names, Func<AdminAnswer, ValueTask> WriteAsync)
{
    /// <summary>A command that writes all at once.</summary>
    public AdminCommand(IReadOnlyList<string> names, Action<AdminAnswer> write)
        : this(names, answer =>
        {
            write(answer);
            return ValueTask.CompletedTask;
        })
    {
    }

    /// <summary>Why the command cannot be answered now; null, or an answer of null, when it can.</summary>
    public Func<string?>? WhyNot { get; init; }

    /// <summary>Whether it is answered while the node does not serve, too.</summary>
    public bool NeedsNoService { get; init; }
}
