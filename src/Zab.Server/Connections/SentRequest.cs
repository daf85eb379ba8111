using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Server.Connections;

/// <summary>A request of a client that is not answered yet.</summary>
/// <param name="Cxid">Its number in the session; 0 when it is answered here, in its turn.</param>
/// <param name="Request">What was asked, under the client's own number.</param>
/// <param name="StartedAt">When, as the clock's timestamp.</param>
/// <param name="Error">For one that is answered here: the answer.</param>
/// <param name="IsLast">Whether the connection is to be closed behind the answer.</param>
internal readonly record struct SentRequest(
    int Cxid, ClientRequest Request, long StartedAt, ErrorCode Error = ErrorCode.Ok, bool IsLast = false);
