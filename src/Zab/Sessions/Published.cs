using Zab.Core.Requests;

namespace Zab.Sessions;

/// <summary>What readers on any thread see: the committed state, and whether it may be served.</summary>
internal sealed record Published(DataState State, bool IsServing);
