using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Clients;

/// <summary>What something was after each transaction that changed it.</summary>
/// <typeparam name="T">What it is; null while it does not exist.</typeparam>
internal sealed class Versions<T>
    where T : class
{
    private readonly List<(Zxid From, T? Value)> _versions = [];

    /// <summary>What it is now.</summary>
    public T? Last => _versions.Count == 0 ? null : _versions[^1].Value;

    /// <summary>Notes what a transaction made of it. Within one transaction the last word counts.</summary>
    public void Set(Zxid zxid, T? value)
    {
        if (_versions.Count > 0 && _versions[^1].From == zxid)
        {
            _versions[^1] = (zxid, value);
        }
        else
        {
            _versions.Add((zxid, value));
        }
    }

    /// <summary>What it was after all transactions up to <paramref name="zxid"/>.</summary>
    public T? At(Zxid zxid)
    {
        int count = CountUpTo(zxid);
        return count == 0 ? null : _versions[count - 1].Value;
    }

    /// <summary>The first transaction after <paramref name="after"/> that changed it; none when there is
    /// none.</summary>
    public Zxid NextChange(Zxid after)
    {
        int count = CountUpTo(after);
        return count == _versions.Count ? Zxid.None : _versions[count].From;
    }

    private int CountUpTo(Zxid zxid)
    {
        if (_versions.Count == 0 || _versions[^1].From <= zxid)
        {
            return _versions.Count;
        }

        int low = 0;
        int high = _versions.Count - 1; // The first beyond is at or before this one.
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _versions[middle].From <= zxid ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
