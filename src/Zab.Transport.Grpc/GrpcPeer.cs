namespace Zab.Transport.Grpc;

/// <summary>Where a server of the ensemble listens: <c>server.N=host:quorumPort:electionPort</c>.</summary>
/// <param name="Host">A name, resolved anew at each dial, or an address.</param>
/// <param name="QuorumPort">The port of recovery and broadcast: ZooKeeper's 2888.</param>
/// <param name="ElectionPort">The port of elections: ZooKeeper's 3888.</param>
public sealed record GrpcPeer(string Host, int QuorumPort, int ElectionPort);
