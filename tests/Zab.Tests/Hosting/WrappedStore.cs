using Moq;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Tests.Hosting;

/// <summary>A real store behind a mock, so that a test can make one call misbehave.</summary>
internal static class WrappedStore
{
    public static Mock<ILogStore> Of(ILogStore store)
    {
        Mock<ILogStore> mock = new();
        mock.Setup(wrapped => wrapped.Open(It.IsAny<LogIdentity>())).Returns<LogIdentity>(store.Open);
        mock.Setup(wrapped => wrapped.Append(It.IsAny<IReadOnlyList<LogRecord>>()))
            .Callback<IReadOnlyList<LogRecord>>(store.Append);
        mock.Setup(wrapped => wrapped.Flush()).Callback(store.Flush);
        mock.Setup(wrapped => wrapped.CreateSnapshot(It.IsAny<LogPosition>()))
            .Returns<LogPosition>(store.CreateSnapshot);
        mock.Setup(wrapped => wrapped.Purge()).Callback(store.Purge);
        mock.Setup(wrapped => wrapped.Dispose()).Callback(store.Dispose);
        return mock;
    }
}
