namespace Zab.Client.Tests.Servers;

/// <summary>A server that runs.</summary>
public interface IServedAddress
{
    /// <summary>Where it listens for clients: host and port.</summary>
    string Address { get; }
}
