using Zab.Core.Ports;

namespace Zab.Testing.Storage;

/// <summary>Where stores keep what outlives them: a directory, a disk in memory, a table.</summary>
public abstract class LogStoreDisk : IDisposable
{
    /// <summary>Makes a store on this disk, not yet open.</summary>
    /// <returns>The store, which the caller disposes of.</returns>
    public abstract ILogStore NewStore();

    /// <summary>Ends the stores that are open, as a loss of power does: what was flushed stays, what was not
    /// may be lost.</summary>
    /// <remarks>A real device cannot be unplugged by a test; there it is enough to drop the stores without a
    /// flush.</remarks>
    public abstract void LosePower();

    /// <summary>Removes everything.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes everything.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
