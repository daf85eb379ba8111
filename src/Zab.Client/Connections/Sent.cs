using Zab.Core.Requests;
using Zab.Sessions;

namespace Zab.Client.Connections;

/// <summary>A request that was sent and is not answered.</summary>
/// <param name="Order">Counts up over all that was sent.</param>
/// <param name="Xid">Its number on the wire.</param>
/// <param name="Request">The request as the server sees it.</param>
/// <param name="Call">Who waits for the answer; null for what the client itself asks when it comes
/// back.</param>
internal readonly record struct Sent(long Order, int Xid, ClientRequest Request, Call? Call);
