using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Watches: which events are due to whom, and when.</content>
internal sealed partial class ClientChecks
{
    private void OnEvent(CheckedSession session, Zxid applied, in WatchEvent fired)
    {
        Rule.Holds(
            fired.Zxid <= applied,
            $"S23: {session.Id} is told of {fired}, and its server has applied only {applied}");
        Rule.Holds(
            !session.IsOver, $"S23: (i) {session.Id} is over, and is told of {fired}");
        Rule.Holds(
            fired.Zxid >= session.LastSeen,
            $"K4: {session.Id} is told of {fired} after it has seen {session.LastSeen}");
        BringEventsUpTo(session, fired.Zxid);
        Rule.Holds(
            session.Watches.Due.TryDequeue(out WatchEvent due),
            $"S23: (i) {session.Id} is told of {fired}, and has no watch for it, or not any more");
        Rule.Holds(
            due == fired || session.Watches.Due.Contains(fired),
            $"S23: (i) {session.Id} is told of {fired}, and {due} is the only one due");
        Rule.Holds(due == fired, $"S23: (iii) {session.Id} is told of {fired}, and {due} comes before");
        session.LastSeen = fired.Zxid;
    }

    /// <summary>At rest, every event of what the server has applied has left it.</summary>
    private void CheckNothingDue(CheckedSession session, Zxid applied)
    {
        if (session.IsOver || (session.Watches.IsEmpty && session.Watches.Due.Count == 0))
        {
            return;
        }

        BringEventsUpTo(session, applied);
        Rule.Holds(
            session.Watches.Due.Count == 0,
            $"S23: (iii) {session.Id} was never told of {Next(session.Watches.Due)}");
    }

    /// <summary>Lets the changes up to a state fire the watches of a session, in the way that its server went
    /// through them. What comes after the session's own end fires nothing.</summary>
    private void BringEventsUpTo(CheckedSession session, Zxid zxid)
    {
        List<StateJump> jumps = session.Server!.Jumps;
        for (; session.NextJump < jumps.Count && zxid > jumps[session.NextJump].From; session.NextJump++)
        {
            StateJump jump = jumps[session.NextJump];
            Rule.Holds(
                zxid >= jump.To,
                $"E15: {session.Id} hears of {zxid}; its server jumped from {jump.From} to {jump.To}");
            NoteChanges(session, jump.From);
            if (IsClosedBy(session, jump.From))
            {
                continue;
            }

            foreach (ModelChange change in jump.Changes)
            {
                session.Watches.Note(change);
            }

            session.NextChange = int.Max(session.NextChange, Model.ChangesUpTo(jump.To));
        }

        NoteChanges(session, zxid);
    }

    private bool IsClosedBy(CheckedSession session, Zxid zxid) =>
        Model.Session(session.Id) is { ClosedAt.Value: > 0 } known && known.ClosedAt <= zxid;

    private void NoteChanges(CheckedSession session, Zxid upTo)
    {
        if (!session.Watches.IsEmpty && IsClosedBy(session, upTo))
        {
            upTo = Model.Session(session.Id)!.ClosedAt;
        }

        if (session.Watches.IsEmpty)
        {
            session.NextChange = int.Max(session.NextChange, Model.ChangesUpTo(upTo));
            return;
        }

        IReadOnlyList<ModelChange> changes = Model.Changes;
        while (session.NextChange < changes.Count && changes[session.NextChange].Zxid <= upTo)
        {
            session.Watches.Note(changes[session.NextChange++]);
        }
    }

    /// <summary>Asking whether a node exists leaves a watch whatever the answer; other reads only where there
    /// is a node.</summary>
    private static void AddWatchOf(CheckedSession session, in ClientRequest request, ErrorCode error)
    {
        if (request.Op == OpCode.AddWatch && error == ErrorCode.Ok)
        {
            session.Watches.Add(request.Path, request.WatchMode!.Value);
        }
        else if (request.Op.IsRead && request.Watch)
        {
            bool isLeft = error == ErrorCode.Ok || (request.Op == OpCode.Exists && error == ErrorCode.NoNode);
            if (isLeft)
            {
                session.Watches.Add(
                    request.Path,
                    request.Op is OpCode.Exists or OpCode.GetData ? WatchMode.Data : WatchMode.Children);
            }
        }
    }

    private static WatchEvent Next(Queue<WatchEvent> due) =>
        due.TryPeek(out WatchEvent next) ? next : default;
}
