using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The events of a watch were read too slowly, and some were lost: the watch has ended. Read the
/// nodes again, and open another.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class WatchOverflowException : ZabException
{
    internal WatchOverflowException(string path, int eventsMax)
        : base(
            ErrorCode.SystemError,
            path,
            $"More than {eventsMax} events of the watch on '{path}' waited to be read; those after them " +
            "are lost. Read the nodes again, and open another watch.")
    {
    }
}
