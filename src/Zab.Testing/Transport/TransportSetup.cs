using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Transport;

/// <summary>What a case of <see cref="TransportContract"/> wants to be made.</summary>
/// <param name="Servers">How many servers, with the ids 1, 2, 3 and so on.</param>
/// <param name="SendQueueBytesMax">How many bytes may wait on a link, roughly; one more message must break
/// it.</param>
/// <param name="Foreigner">A server that must believe itself in another ensemble, which has its neighbours at
/// the same addresses; <see cref="ServerId.None"/> for no such server.</param>
public sealed record TransportSetup(int Servers, long SendQueueBytesMax, ServerId Foreigner);

/// <summary>Makes transports that know each other, and starts none of them.</summary>
/// <param name="setup">What to make.</param>
/// <returns>The transports, by id from 1; null when there is no such thing as a foreigner to them.</returns>
public delegate IReadOnlyList<ITransport>? TransportFactory(TransportSetup setup);
