using System.Net;
using System.Net.Sockets;
using Zab.Authentication;
using Zab.Configuration;
using Zab.Core.Primitives;

namespace Zab.Server.Configuration;

/// <summary>Makes the options of a stand-alone server of a <c>zoo.cfg</c>.</summary>
/// <remarks>Source: ZooKeeper <c>QuorumPeerConfig</c>.</remarks>
internal sealed class ServerCfg
{
    private const string PortMissing = "clientPort is missing; add a line clientPort=2181";

    private static readonly string[] s_secretWords =
        ["superDigest", "pass", "pwd", "secret", "token", "credential", "private", "apiKey"];

    private readonly CfgFile _file;

    private ServerCfg(CfgFile file) => _file = file;

    /// <summary>See <see cref="ZooKeeperServerOptions.FromZooCfg"/>.</summary>
    public static ZooKeeperServerOptions Read(string path) =>
        new ServerCfg(CfgFile.Read(path, ZooCfgKeys.OfServers)).ToOptions();

    private ZooKeeperServerOptions ToOptions()
    {
        ZooKeeperPortOptions port = Port();
        AdminServerOptions? admin = Admin();
        CheckProviders();
        if (!_file.TryGet("clientPort", out _)
            && _file.Ensemble.Servers.All(server => server.ClientPort is null))
        {
            _file.Problem(PortMissing);
        }

        ZabNodeOptions node = ZooCfg.OptionsOf(_file, lone: () => new LoneTransport());

        if (port.SaslUsers.Count > 0)
        {
            node = node with
            {
                AuthenticationProviders = [.. node.AuthenticationProviders, new SaslAuthenticationProvider()],
            };
        }

        EnsembleServer self = node.Ensemble.Find(new ServerId(node.ServerId))!;
        port = WithOwnLine(port, self);
        _file.ThrowIfProblems();
        return new ZooKeeperServerOptions { Node = node, Port = port, Admin = admin };
    }

    private ZooKeeperPortOptions Port()
    {
        ZooKeeperPortOptions port = new() { Port = PortNumber("clientPort") ?? 0 };
        return port with
        {
            Address = AddressOf("clientPortAddress"),
            ConnectionsPerAddressMax =
                _file.Number("maxClientCnxns", nameof(port.ConnectionsPerAddressMax))
                    ?? port.ConnectionsPerAddressMax,
            ConnectionsMax = _file.Number("maxCnxns", nameof(port.ConnectionsMax)) ?? port.ConnectionsMax,
            Backlog = Backlog() ?? port.Backlog,
            FourLetterWords = Listed("4lw.commands.whitelist") ?? port.FourLetterWords,
            SaslUsers = Users() ?? port.SaslUsers,
        };
    }

    /// <summary>A port other than 0; null when the key is not given or is wrong.</summary>
    private int? PortNumber(string key)
    {
        int? port = _file.Number(key, key, numberMax: IPEndPoint.MaxPort);
        if (port is 0)
        {
            Problem(key, $"expected {key}=<a port from 1 to {IPEndPoint.MaxPort}>, found 0");
        }

        return port;
    }

    /// <summary>As in ZooKeeper, -1 leaves the choice to the system.</summary>
    private int? Backlog()
    {
        const string Key = "clientPortListenBacklog";
        if (_file.TryGet(Key, out JavaProperty given) && given.Value == "-1")
        {
            return null;
        }

        int? backlog = _file.Number(Key, nameof(ZooKeeperPortOptions.Backlog));
        if (backlog is 0)
        {
            Problem(Key, $"expected {Key}=<1 or more, or -1 for the default>, found 0");
        }

        return backlog;
    }

    /// <summary>The address of a host, which is looked up by its name; null when the key is not
    /// given.</summary>
    private IPAddress? AddressOf(string key)
    {
        if (!_file.TryGet(key, out JavaProperty given))
        {
            return null;
        }

        IPAddress? address = TryLookUp(given.Value, out string? failure);
        if (failure is not null)
        {
            Problem(key, $"{key}={given.Value} is no address of this machine's: {failure}");
        }

        return address;
    }

    private static IPAddress? TryLookUp(string host, out string? failure)
    {
        failure = null;
        string name = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(name)[0];
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            failure = e.Message;
            return null;
        }
    }

    private string[]? Listed(string key) =>
        _file.TryGet(key, out JavaProperty given)
            ? given.Value.Split(
                [',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : null;

    /// <summary>The users of SASL, from the file that the key names.</summary>
    private IReadOnlyDictionary<string, string>? Users()
    {
        const string Key = "java.security.auth.login.config";
        if (!_file.TryGet(Key, out JavaProperty given))
        {
            return null;
        }

        try
        {
            return JaasFile.Users(CfgFile.Text(given.Value, "check the path and the permissions"));
        }
        catch (ZabConfigurationException unreadable)
        {
            Problem(Key, $"{Key}: {unreadable.Message}");
        }
        catch (FormatException malformed)
        {
            Problem(Key, $"{Key}={given.Value}: {malformed.Message}");
        }

        return null;
    }

    /// <summary>Providers that are there anyhow may be named; others cannot be loaded.</summary>
    private void CheckProviders()
    {
        foreach ((int lineNumber, string key, string value) in _file.Given.Where(
            given => given.Key.StartsWith(ZooCfgKeys.ProviderPrefix, StringComparison.Ordinal)))
        {
            string name = value[(value.LastIndexOf('.') + 1)..];
            if (name is not ("SASLAuthenticationProvider" or "DigestAuthenticationProvider"
                or "IPAuthenticationProvider"))
            {
                _file.Problem(
                    lineNumber,
                    $"{key}={value} is not supported: a server has digest, ip and, with "
                    + "java.security.auth.login.config, sasl; remove the line");
            }
        }
    }

    private AdminServerOptions? Admin()
    {
        bool? isEnabled = _file.YesOrNo("admin.enableServer");
        int? port = PortNumber("admin.serverPort");
        IPAddress? address = AddressOf("admin.serverAddress");
        AdminServerOptions admin = new();
        string path = _file.TryGet("admin.commandURL", out JavaProperty given)
            ? given.Value : admin.CommandPath;
        if (!AdminServerOptions.IsPath(path))
        {
            Problem("admin.commandURL", $"expected admin.commandURL=/<path>, found '{path}'");
        }

        return isEnabled ?? port is not null
            ? admin with
            {
                Port = port ?? admin.Port,
                Address = address ?? admin.Address,
                CommandPath = path,
                HostNames = Listed("admin.hostNames") ?? admin.HostNames,
                Settings = [.. SettingsWithoutSecrets()],
                ConfigurationText = TextWithoutSecrets(),
            }
            : null;
    }

    /// <summary>The lines of the file, as far as they are settings, but for what proves who somebody
    /// is.</summary>
    private string TextWithoutSecrets() => string.Concat(
        SettingsWithoutSecrets().Select(setting => $"{setting.Key}={setting.Value}\n")
            .Concat(_file.Ensemble.Servers.Select(server => server + "\n")));

    private IEnumerable<KeyValuePair<string, string>> SettingsWithoutSecrets() =>
        _file.Given.OrderBy(given => given.LineNumber).Select(given =>
            KeyValuePair.Create(given.Key, IsSecret(given.Key) ? "***" : given.Value));

    /// <summary>Whether a value may prove who somebody is. Keys without effect may come from anywhere, so
    /// that their names are judged with suspicion.</summary>
    private static bool IsSecret(string key) => s_secretWords.Any(
        word => key.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The client port may stand in the server's own line, too, and must not contradict what stands
    /// by itself.</summary>
    private ZooKeeperPortOptions WithOwnLine(ZooKeeperPortOptions port, EnsembleServer self)
    {
        bool isGiven = _file.TryGet("clientPort", out JavaProperty given);
        if (self.ClientPort is not { } ofLine)
        {
            if (!isGiven)
            {
                _file.Problem(PortMissing);
            }

            return port;
        }

        if (isGiven && port.Port != ofLine)
        {
            _file.Problem(
                given.LineNumber,
                $"clientPort={given.Value} contradicts the line of server.{self.Id}, which ends in {ofLine}; "
                + "keep one of the two");
        }

        return port with { Port = ofLine, Address = AddressWithOwnLine(port.Address, self) };
    }

    private IPAddress? AddressWithOwnLine(IPAddress? address, EnsembleServer self)
    {
        if (self.ClientHost is not { } host)
        {
            return address;
        }

        IPAddress? ofLine = TryLookUp(host, out string? failure);
        if (failure is not null)
        {
            _file.Problem($"the client address {host} in the line of server.{self.Id}: {failure}");
        }
        else if (address is not null && !address.Equals(ofLine))
        {
            Problem(
                "clientPortAddress",
                $"clientPortAddress={address} contradicts the line of server.{self.Id}, which says {host}; "
                + "keep one of the two");
        }

        return ofLine;
    }

    private void Problem(string key, string problem)
    {
        if (_file.TryGet(key, out JavaProperty given))
        {
            _file.Problem(given.LineNumber, problem);
        }
    }
}
