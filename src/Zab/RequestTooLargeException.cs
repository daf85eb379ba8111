using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The request is longer than <see cref="ZabNodeOptions.RequestBytesMax"/> allows. Nothing was
/// sent, and the session goes on.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class RequestTooLargeException : ZabException
{
    internal RequestTooLargeException(string path, long bytes, int bytesMax)
        : base(
            ErrorCode.BadArguments,
            path,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Path and data have {bytes} bytes. {nameof(ZabNodeOptions.RequestBytesMax)} allows ") +
            string.Create(
                CultureInfo.InvariantCulture, $"{bytesMax}: store less, or raise it on every server."))
    {
    }
}
