using Zab.Core.Requests;

namespace Zab;

/// <summary>One read of several that are answered from one state. Immutable.</summary>
public sealed class ZabRead
{
    private ZabRead(OpCode op, string path) => Request = new ClientRequest { Op = op, Path = path };

    /// <summary>What it asks.</summary>
    internal ClientRequest Request { get; }

    /// <summary>Reads data and stat of a node.</summary>
    /// <param name="path">The node.</param>
    public static ZabRead Data(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ZabRead(OpCode.GetData, path);
    }

    /// <summary>Lists the names of a node's children.</summary>
    /// <param name="path">The node.</param>
    public static ZabRead Children(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ZabRead(OpCode.GetChildren, path);
    }
}
