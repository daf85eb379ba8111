namespace LocalEnsemble;

/// <summary>One server of the ensemble, wherever it runs. It takes commands as lines of text; see
/// <see cref="LocalServer"/>.</summary>
internal interface IServer : IAsyncDisposable
{
    /// <summary>Does what a line says, and answers with a line.</summary>
    Task<string> AskAsync(string command, CancellationToken cancellationToken);

    /// <summary>Ends the server with no warning and no good-bye. Returns as soon as it is done for.</summary>
    Task KillAsync();
}
