using System.Diagnostics.CodeAnalysis;

namespace Zab.Cli.Shell;

/// <summary>A command that cannot be done; the message is for the user.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by the shell alone, which always has a message.")]
[SuppressMessage("Design", "CA1064", Justification = "The tool has no callers.")]
internal sealed class ShellException(string message) : Exception(message);
