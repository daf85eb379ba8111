namespace Zab.Storage.Tests.Support;

/// <summary>A real directory that is gone after the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("zab-storage-").FullName;

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
