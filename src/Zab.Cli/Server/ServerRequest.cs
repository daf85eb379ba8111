using Microsoft.Extensions.Logging;

namespace Zab.Cli.Server;

/// <summary>What <c>zab server</c> is asked to do.</summary>
/// <param name="ConfigurationPath">The <c>zoo.cfg</c>.</param>
/// <param name="LogLevel">The least that is logged.</param>
internal sealed record ServerRequest(string ConfigurationPath, LogLevel LogLevel);
