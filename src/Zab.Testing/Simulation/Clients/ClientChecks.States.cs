using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Whole states, compared with the model.</content>
internal sealed partial class ClientChecks
{
    /// <summary>Compares a whole state with the model at its zxid. It costs as much as the state is
    /// large.</summary>
    /// <exception cref="InvariantViolatedException">They differ.</exception>
    public void CheckState(ServerId server, DataState state)
    {
        Zxid at = state.LastZxid;
        Rule.Holds(Model.WasAt(at), $"S21: server {server} is at {at}, and there is no such state");
        int nodes = CheckSubtree(server, state, ModelPath.Root);
        Rule.Holds(
            nodes == state.Tree.NodeCount,
            $"S21: server {server} has {state.Tree.NodeCount} nodes at {at}, not {nodes}");
        int open = 0;
        foreach (ModelSession session in Model.Sessions)
        {
            bool isOpen = session.IsOpenAt(at);
            bool isThere = state.Sessions.TryGet(session.Id, out SessionRecord? record);
            Rule.Holds(
                isThere == isOpen, $"S22: server {server} has session {session.Id} at {at}: {isThere}");
            Rule.Holds(
                record is null || record.TimeoutMs == session.TimeoutMs,
                $"S22: server {server} has another timeout for {session.Id} at {at}");
            Rule.Holds(
                record is null || record.Owner == session.OwnerAt(at),
                $"S22: server {server} has {session.Id} at {at} as {record?.Owner}'s");
            Rule.Holds(
                record is null || at != Model.Last
                    || (record.LastCxid == session.LastCxid && record.Replies.Count == session.Kept.Count),
                $"S22: server {server} keeps {record?.Replies.Count} answers for {session.Id} up to"
                    + $" {record?.LastCxid}, not {session.Kept.Count} up to {session.LastCxid}");
            open += isOpen ? 1 : 0;
        }

        Rule.Holds(
            state.Sessions.Count == open,
            $"S22: server {server} has {state.Sessions.Count} sessions at {at}, not {open}");
    }

    private int CheckSubtree(ServerId server, DataState state, string path)
    {
        Zxid at = state.LastZxid;
        ModelNode node = Model.NodeAt(path, at)!;
        Rule.Holds(
            state.Tree.TryGet(path, out ZnodeView view), $"S21: server {server} lacks {path} at {at}");
        Rule.Holds(
            view.Stat == node.Stat && AreSame(view.Data, node.Data) && Equals(view.Acl, node.Acl),
            $"S21: server {server} has {path} at {at} as {view.Stat}, or with other data; not"
                + $" {node.Stat}");
        int nodes = 1;
        foreach (string name in node.Children)
        {
            nodes += CheckSubtree(server, state, ModelPath.ChildOf(path, name));
        }

        return nodes;
    }
}
