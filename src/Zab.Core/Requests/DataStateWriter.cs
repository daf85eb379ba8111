using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Turns a <see cref="DataState"/> into chunks, never holding more than a chunk and a
/// record.</summary>
/// <param name="state">The state.</param>
internal sealed class DataStateWriter(DataState state)
{
    private readonly JuteWriter _record = new(capacity: 512);
    private readonly byte[] _length = new byte[sizeof(int)];

    /// <summary>The chunks, made as they are asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Write(int chunkBytesMax)
    {
        Invariant.Holds(chunkBytesMax > 0);
        byte[] chunk = new byte[chunkBytesMax];
        int filled = 0;
        foreach (ReadOnlyMemory<byte> piece in Pieces())
        {
            for (int done = 0; done < piece.Length;)
            {
                int fits = Math.Min(piece.Length - done, chunkBytesMax - filled);
                piece.Span.Slice(done, fits).CopyTo(chunk.AsSpan(filled));
                done += fits;
                filled += fits;
                if (filled == chunkBytesMax)
                {
                    yield return chunk;
                    chunk = new byte[chunkBytesMax];
                    filled = 0;
                }
            }
        }

        if (filled > 0)
            yield return chunk.AsMemory(0, filled);
    }

    /// <summary>Each record, its length before it. A piece is good until the next is asked for.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        foreach (int length in Records())
        {
            BinaryPrimitives.WriteInt32BigEndian(_length, length);
            yield return _length;
            yield return _record.Written;
        }
    }

    /// <summary>Writes the records one after another, each over the last, and tells their lengths.</summary>
    private IEnumerable<int> Records()
    {
        DataStateFormat.WriteHeader(_record, state);
        yield return _record.Length;

        foreach (SessionRecord session in state.Sessions.All)
        {
            _record.Clear();
            DataStateFormat.WriteSession(_record, session);
            yield return _record.Length;

            foreach (KeptReply reply in session.Replies)
            {
                _record.Clear();
                DataStateFormat.WriteReply(_record, reply);
                yield return _record.Length;
            }
        }

        _record.Clear();
        DataStateFormat.WriteNode(_record, depth: 0, state.Tree.Root);
        yield return _record.Length;

        Stack<MapCursor<Znode>> open = new();
        open.Push(state.Tree.Root.Children.GetEnumerator());
        while (open.TryPeek(out MapCursor<Znode>? children))
        {
            if (!children.MoveNext())
            {
                open.Pop();
                continue;
            }

            Znode node = children.Current;
            _record.Clear();
            DataStateFormat.WriteNode(_record, open.Count, node);
            yield return _record.Length;

            if (node.Children.Count > 0)
                open.Push(node.Children.GetEnumerator());
        }
    }
}
