using System.Text;
using Zab.Configuration;
using Zab.Core.Primitives;

namespace Zab;

/// <summary>The servers of an ensemble. Every server of the ensemble is given the same text.</summary>
/// <remarks>Immutable and safe to share.</remarks>
public sealed class EnsembleConfig
{
    /// <summary>The ensemble of servers that an <see cref="EnsembleBuilder"/> has checked.</summary>
    internal EnsembleConfig(IEnumerable<EnsembleServer> servers)
    {
        Servers = [.. servers.OrderBy(server => server.Id.Value)];
        Voters = [.. Servers.Where(server => server.Role == ServerRole.Participant)];
        Observers = [.. Servers.Where(server => server.Role == ServerRole.Observer)];
    }

    /// <summary>All servers, by id.</summary>
    public IReadOnlyList<EnsembleServer> Servers { get; }

    /// <summary>The servers that vote, by id. At least one.</summary>
    public IReadOnlyList<EnsembleServer> Voters { get; }

    /// <summary>The servers that do not vote, by id.</summary>
    public IReadOnlyList<EnsembleServer> Observers { get; }

    /// <summary>Reads an ensemble from text, a line for each server.</summary>
    /// <remarks>
    /// <para><c>server.N=host:quorumPort:electionPort[:participant|:observer][;[clientHost:]clientPort]</c>,
    /// where N is from <see cref="ServerId.Min"/> to <see cref="ServerId.Max"/> and an IPv6 address stands in
    /// brackets. Blank lines and lines that begin with <c>#</c> are skipped.</para>
    /// <para><c>server.N=host</c> alone names a server that only a transport of your own can reach
    /// (<see cref="ZabNodeOptions.Transport"/>). Source: ZooKeeper <c>QuorumPeer.QuorumServer</c>.</para>
    /// </remarks>
    /// <param name="text">The lines.</param>
    /// <returns>The ensemble.</returns>
    /// <exception cref="ZabConfigurationException">A line cannot be read, an id or an address occurs twice,
    /// or no server votes. All problems are listed, each with the number of its line, from 1.</exception>
    public static EnsembleConfig Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        EnsembleBuilder builder = new();
        int lineNumber = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            lineNumber++;
            string content = line.Trim().ToString();
            if (content.Length > 0 && content[0] != '#')
            {
                builder.AddLine(lineNumber, content);
            }
        }

        builder.RequireVoter();
        return builder.Problems.Count == 0
            ? new EnsembleConfig(builder.Servers)
            : throw new ZabConfigurationException("The ensemble", builder.Problems);
    }

    /// <summary>The lines, by id; <see cref="Parse"/> reads them back.</summary>
    public override string ToString() => string.Join('\n', Servers);

    /// <summary>The server with an id; null when it is not in the ensemble.</summary>
    internal EnsembleServer? Find(ServerId id) => Servers.FirstOrDefault(server => server.Id == id);

    /// <summary>What ZooKeeper's clients read as the configuration of the ensemble, in UTF-8; null when not
    /// every server has ports, as nothing could be done with it.</summary>
    /// <remarks>The members never change, so the version is 0. Source: ZooKeeper
    /// <c>QuorumMaj.toString</c>.</remarks>
    internal byte[]? MembersText() => Servers.All(server => server.HasPorts)
        ? Encoding.UTF8.GetBytes(
            string.Concat(Servers.Select(server => server.MemberLine + "\n")) + "version=0")
        : null;

    /// <summary>A name that two different sets of voters do not share, but for a chance of about
    /// 2^-64.</summary>
    /// <remarks>Observers are left out, so that one can be added without a new name.</remarks>
    internal string VotersHash()
    {
        string lines = string.Join('\n', Voters.Select(voter => voter.AddressLine));
        return ChainHash.Empty.Extend(Zxid.None, Encoding.UTF8.GetBytes(lines)).ToString();
    }
}
