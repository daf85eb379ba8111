using System;
using System.Collections.Generic;
using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <content>The lives of sessions.</content>
internal sealed partial class DataWriter
{
    private SessionRecord ApplyCreateSession(in TxnHeader header, in TxnView view)
    {
        Require(view.Number > 0, header.Zxid, "its record is malformed");
        Require(
            SessionTable.IsUsable(header.Session) && !Sessions.Contains(header.Session),
            header.Zxid,
            "its session is no new one");
        Require(
            view.Data.Length == (Secret.IsEmpty ? SessionPassword.SecretBytes : 0),
            header.Zxid,
            "it brings no secret, or a second one");
        if (!view.Data.IsEmpty)
            Secret = view.Data.ToArray();

        SessionRecord session = new(header.Session, view.Number);
        Sessions = Sessions.With(session, _token);
        return session;
    }

    private SessionRecord ApplyMoveSession(in TxnHeader header, in TxnView view)
    {
        Require(
            Sessions.TryGet(header.Session, out SessionRecord? session) && new ServerId(view.Number).IsValid,
            header.Zxid,
            "its session does not exist");
        SessionRecord moved = session.ServedBy(new ServerId(view.Number));
        Sessions = Sessions.With(moved, _token);
        return moved;
    }

    private void ApplyCloseSession(in TxnHeader header, List<byte[]> paths, List<ZnodeChange> changes)
    {
        bool open = Sessions.TryGet(header.Session, out SessionRecord? session);
        Require(open, header.Zxid, "its session does not exist");

        // The leader lists exactly what the session owns, so no ephemeral node outlives its session.
        MapCursor<NodePath> owned = session!.Ephemerals.GetEnumerator();
        bool same = session.Ephemerals.Count == paths.Count
            && paths.TrueForAll(path => owned.MoveNext() && owned.Current.Key.SequenceEqual(path));
        Require(same, header.Zxid, "it does not list the nodes of its session");

        foreach (byte[] path in paths)
        {
            bool found = _tree.TryFind(path, out Znode? node);
            Invariant.Holds(found);
            changes.Add(Delete(path, Encoding.UTF8.GetString(path), node!, header.Zxid));
        }

        Sessions.TryGet(header.Session, out SessionRecord? empty);
        Invariant.Holds(empty!.Ephemerals.Count == 0);
        Sessions = Sessions.Without(empty, _token);
    }
}
