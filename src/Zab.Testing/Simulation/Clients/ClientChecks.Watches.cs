using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Watches: which events are due to whom, and when.</content>
internal sealed partial class ClientChecks
{
    private void OnEvent(CheckedConnection connection, Zxid applied, in WatchEvent fired)
    {
        CheckedSession session = connection.Session;
        if (fired.Zxid == Zxid.None)
        {
            bool isAsked = connection.Pending.TryPeek(out CheckedRequest? next)
                && next.Request.Op is OpCode.SetWatches or OpCode.SetWatches2;
            Rule.Holds(isAsked, $"S23: (i) {session.Id} is told that it missed {fired}, and did not ask");
            connection.Missed.Add(fired);
            return;
        }

        Rule.Holds(
            fired.Zxid <= applied,
            $"S23: {session.Id} is told of {fired}, and its server has applied only {applied}");
        Rule.Holds(
            !session.IsOver, $"S23: (i) {session.Id} is over, and is told of {fired}");
        Rule.Holds(
            fired.Zxid >= session.LastSeen,
            $"K4: {session.Id} is told of {fired} after it has seen {session.LastSeen}");
        BringEventsUpTo(connection, fired.Zxid);
        Rule.Holds(
            connection.Watches.Due.TryDequeue(out WatchEvent due),
            $"S23: (i) {session.Id} is told of {fired}, and has no watch for it, or not any more");
        Rule.Holds(
            due == fired || connection.Watches.Due.Contains(fired),
            $"S23: (i) {session.Id} is told of {fired}, and {due} is the only one due");
        Rule.Holds(due == fired, $"S23: (iii) {session.Id} is told of {fired}, and {due} comes before");
        session.LastSeen = fired.Zxid;
    }

    /// <summary>At rest, every event of what the server has applied has left it.</summary>
    private void CheckNothingDue(CheckedConnection connection, Zxid applied)
    {
        if (connection.IsLeft || connection.IsOver || connection.Session.IsOver
            || (connection.Watches.IsEmpty && connection.Watches.Due.Count == 0))
        {
            return;
        }

        BringEventsUpTo(connection, applied);
        Rule.Holds(
            connection.Watches.Due.Count == 0,
            $"S23: (iii) {connection.Session.Id} was never told of {Next(connection.Watches.Due)}");
    }

    /// <summary>Lets the changes up to a state fire the watches of a session, in the way that its server went
    /// through them. What comes after the session's own end fires nothing.</summary>
    private void BringEventsUpTo(CheckedConnection connection, Zxid zxid)
    {
        SessionId id = connection.Session.Id;
        List<StateJump> jumps = connection.Server.Jumps;
        while (connection.NextJump < jumps.Count && zxid > jumps[connection.NextJump].From)
        {
            StateJump jump = jumps[connection.NextJump++];
            Rule.Holds(
                zxid >= jump.To,
                $"E15: {id} hears of {zxid}; its server jumped from {jump.From} to {jump.To}");
            NoteChanges(connection, jump.From);
            if (IsClosedBy(id, jump.From))
            {
                continue;
            }

            foreach (ModelChange change in jump.Changes)
            {
                connection.Watches.Note(change, connection.Identities);
            }

            connection.NextChange = int.Max(connection.NextChange, Model.ChangesUpTo(jump.To));
        }

        NoteChanges(connection, zxid);
    }

    private bool IsClosedBy(SessionId session, Zxid zxid) =>
        Model.Session(session) is { ClosedAt.Value: > 0 } known && known.ClosedAt <= zxid;

    private void NoteChanges(CheckedConnection connection, Zxid upTo)
    {
        SessionId id = connection.Session.Id;
        if (!connection.Watches.IsEmpty && IsClosedBy(id, upTo))
        {
            upTo = Model.Session(id)!.ClosedAt;
        }

        if (connection.Watches.IsEmpty)
        {
            connection.NextChange = int.Max(connection.NextChange, Model.ChangesUpTo(upTo));
            return;
        }

        IReadOnlyList<ModelChange> changes = Model.Changes;
        while (connection.NextChange < changes.Count && changes[connection.NextChange].Zxid <= upTo)
        {
            connection.Watches.Note(changes[connection.NextChange++], connection.Identities);
        }
    }

    /// <summary>The watches that a client brings are set, and it was told at once of what it
    /// missed.</summary>
    private void SetAgain(CheckedConnection connection, WatchSet watches, Zxid at)
    {
        List<WatchEvent> missed = [];
        foreach (string path in watches.Data)
        {
            ModelNode? node = Model.NodeAt(path, at);
            TellOrSet(path, WatchMode.Data, node is null ? WatchEventType.NodeDeleted
                : node.Mzxid > watches.Seen ? WatchEventType.NodeDataChanged : WatchEventType.None);
        }

        foreach (string path in watches.Exist)
        {
            bool exists = Model.NodeAt(path, at) is not null;
            TellOrSet(path, WatchMode.Data, exists ? WatchEventType.NodeCreated : WatchEventType.None);
        }

        foreach (string path in watches.Children)
        {
            ModelNode? node = Model.NodeAt(path, at);
            TellOrSet(path, WatchMode.Children, node is null ? WatchEventType.NodeDeleted
                : node.Pzxid > watches.Seen ? WatchEventType.NodeChildrenChanged : WatchEventType.None);
        }

        watches.Persistent.ToList().ForEach(path => connection.Watches.Add(path, WatchMode.Persistent));
        watches.PersistentRecursive.ToList().ForEach(
            path => connection.Watches.Add(path, WatchMode.PersistentRecursive));
        Rule.Holds(
            missed.SequenceEqual(connection.Missed),
            $"S23: {connection.Session.Id} brings its watches at {at}, and is told of"
                + $" {string.Join(", ", connection.Missed)}; it missed {string.Join(", ", missed)}");
        connection.Missed.Clear();

        void TellOrSet(string path, WatchMode mode, WatchEventType type)
        {
            if (type == WatchEventType.None)
            {
                connection.Watches.Add(path, mode);
            }
            else
            {
                missed.Add(new WatchEvent(type, path, Zxid.None));
            }
        }
    }

    /// <summary>Asking whether a node exists leaves a watch whatever the answer; other reads only where there
    /// is a node.</summary>
    private static void AddWatchOf(CheckedConnection connection, in ClientRequest request, ErrorCode error)
    {
        if (request.Op == OpCode.AddWatch && error == ErrorCode.Ok)
        {
            connection.Watches.Add(request.Path, request.WatchMode!.Value);
        }
        else if (request.Watch && request.Op is OpCode.Exists or OpCode.GetData or OpCode.GetChildren
            or OpCode.GetChildren2)
        {
            bool isLeft = error == ErrorCode.Ok || (request.Op == OpCode.Exists && error == ErrorCode.NoNode);
            if (isLeft)
            {
                connection.Watches.Add(
                    request.Path,
                    request.Op is OpCode.Exists or OpCode.GetData ? WatchMode.Data : WatchMode.Children);
            }
        }
    }

    private static WatchEvent Next(Queue<WatchEvent> due) =>
        due.TryPeek(out WatchEvent next) ? next : default;
}
