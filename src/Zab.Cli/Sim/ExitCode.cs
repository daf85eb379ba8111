namespace Zab.Cli.Sim;

/// <summary>What the command tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All is as it should be.</summary>
    public const int Success = 0;

    /// <summary>A check was violated, a planted bug was not caught, or a trace differed.</summary>
    public const int Failure = 1;

    /// <summary>The arguments are wrong, or what they need is missing.</summary>
    public const int Unusable = 2;

    /// <summary>Stopped by the user before the end, and nothing had failed so far.</summary>
    public const int Stopped = 130;
}
