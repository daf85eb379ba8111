namespace Zab.Configuration;

/// <summary>Gathers the servers of an ensemble line by line, and what is wrong with them.</summary>
/// <remarks>One owner. A line with a problem adds a problem and no server.</remarks>
internal sealed class EnsembleBuilder
{
    private readonly SortedDictionary<int, (EnsembleServer Server, int LineNumber)> _servers = [];
    private readonly Dictionary<string, int> _lineOfAddress = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _problems = [];

    /// <summary>The servers so far, by id.</summary>
    public IEnumerable<EnsembleServer> Servers => _servers.Values.Select(entry => entry.Server);

    /// <summary>The problems so far, each with the number of its line.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Adds <c>server.N=…</c>.</summary>
    public void AddLine(int lineNumber, string line)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            Refuse(lineNumber, $"expected {ServerLine.Expected}, found '{line}'");
            return;
        }

        Add(lineNumber, line[..equals].Trim(), line[(equals + 1)..].Trim());
    }

    /// <summary>Adds the server of a key <c>server.N</c> and its value.</summary>
    public void Add(int lineNumber, string key, string value)
    {
        EnsembleServer server;
        try
        {
            server = ServerLine.Parse(key, value);
        }
        catch (FormatException malformed)
        {
            Refuse(lineNumber, malformed.Message);
            return;
        }

        if (!_servers.TryAdd(server.Id.Value, (server, lineNumber)))
        {
            int earlier = _servers[server.Id.Value].LineNumber;
            Refuse(
                lineNumber,
                $"server.{server.Id} was already given in line {earlier}; each server needs its own number");
            return;
        }

        if (server.HasPorts)
        {
            ClaimAddress(server.Host, server.QuorumPort, lineNumber);
            ClaimAddress(server.Host, server.ElectionPort, lineNumber);
        }
    }

    /// <summary>Notes a problem when nobody votes, unless another problem may be the reason.</summary>
    public void RequireVoter()
    {
        if (_problems.Count > 0 || Servers.Any(server => server.Role == ServerRole.Participant))
        {
            return;
        }

        _problems.Add(_servers.Count == 0
            ? $"it names no server; add a line {ServerLine.Expected} for each server"
            : "every server is an observer and none votes; remove ':observer' from at least one line");
    }

    private void ClaimAddress(string host, int port, int lineNumber)
    {
        string address = $"{host}:{port}";
        if (!_lineOfAddress.TryAdd(address, lineNumber))
        {
            int earlier = _lineOfAddress[address];
            string where = earlier == lineNumber ? "stands there twice" : $"stands in line {earlier} already";
            Refuse(lineNumber, $"the address {address} {where}; each port of each server needs its own");
        }
    }

    private void Refuse(int lineNumber, string problem) => _problems.Add($"line {lineNumber}: {problem}");
}
