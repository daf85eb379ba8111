using System;
using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Roles;

/// <summary>The state that the committed history has led to, as the protocol sees it: a position, and
/// bytes.</summary>
internal interface ICommittedState
{
    /// <summary>The position of the last transaction that was applied.</summary>
    LogPosition Applied { get; }

    /// <summary>The state at <see cref="Applied"/>, in chunks that are made one by one as they are asked for
    /// (R10).</summary>
    IEnumerator<ReadOnlyMemory<byte>> OpenSnapshot();

    /// <summary>Begins to read a state from chunks, aside from the present one.</summary>
    void BeginInstall(LogPosition position);

    /// <summary>Adds a chunk to the state that is being read; false when it is malformed.</summary>
    bool TryAddChunk(ReadOnlyMemory<byte> chunk);

    /// <summary>Completes the state that is being read; false when something is missing or does not
    /// fit.</summary>
    bool TryComplete();

    /// <summary>Replaces the present state by the completed one, once the given record is on disk
    /// (R9).</summary>
    void InstallWhenPersisted(long record);
}
