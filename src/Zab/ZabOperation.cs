using Zab.Core.Requests;

namespace Zab;

/// <summary>One write of a <see cref="ZabTransaction"/>. Immutable.</summary>
public sealed class ZabOperation
{
    private ZabOperation(ClientRequest request) => Request = request;

    /// <summary>What it asks.</summary>
    internal ClientRequest Request { get; }

    /// <summary>Creates a node.</summary>
    /// <param name="path">Its path; for a sequential node without the number.</param>
    /// <param name="options">What it is to be like; null for a persistent node without data.</param>
    public static ZabOperation Create(string path, CreateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ZabOperation(ClientRequests.Create(path, options ?? new CreateOptions()));
    }

    /// <summary>Deletes a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="version">The version that it must have; -1 for any.</param>
    public static ZabOperation Delete(string path, int version = -1)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ZabOperation(new ClientRequest { Op = OpCode.Delete, Path = path, Version = version });
    }

    /// <summary>Sets the data of a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="data">Its new data, which is copied; null and empty are two things.</param>
    /// <param name="version">The version that it must have; -1 for any.</param>
    public static ZabOperation Set(string path, ReadOnlyMemory<byte>? data, int version = -1)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ZabOperation(new ClientRequest
        {
            Op = OpCode.SetData,
            Path = path,
            Data = ClientRequests.Copy(data),
            Version = version,
        });
    }

    /// <summary>Demands that a node exists, and has a version.</summary>
    /// <param name="path">The node.</param>
    /// <param name="version">The version that it must have; -1 for any.</param>
    public static ZabOperation Check(string path, int version = -1)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ZabOperation(new ClientRequest { Op = OpCode.Check, Path = path, Version = version });
    }
}
