using System.Globalization;
using Zab.Authentication;
using Zab.Core.Primitives;

namespace Zab.Configuration;

/// <summary>Makes options of a <c>zoo.cfg</c> and of the <c>myid</c> beside the data.</summary>
/// <remarks>Reads everything before it complains, so that one run shows every problem.
/// Source: ZooKeeper <c>QuorumPeerConfig</c>.</remarks>
internal sealed class ZooCfg
{
    private readonly string _path;
    private readonly Dictionary<string, JavaProperty> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _keyOfProperty = new(StringComparer.Ordinal);
    private readonly EnsembleBuilder _ensemble = new();
    private readonly List<string> _ignored = [];
    private readonly List<string> _problems = [];

    private ZooCfg(string path) => _path = path;

    /// <summary>See <see cref="ZabNodeOptions.FromZooCfg"/>.</summary>
    public static ZabNodeOptions Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ZooCfg cfg = new(path);
        string text = ReadFile(path, "check the path and the permissions");
        foreach (JavaProperty property in JavaProperties.Read(text))
        {
            cfg.Take(property);
        }

        return cfg.ToOptions();
    }

    private static string ReadFile(string path, string remedy)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ZabConfigurationException(
                $"{path} cannot be read ({failure.Message}); {remedy}", failure);
        }
    }

    /// <summary>Sorts one key into what is used, ignored, or a problem.</summary>
    private void Take(JavaProperty property)
    {
        (int lineNumber, string key, string value) = property;
        if (key.StartsWith("server.", StringComparison.Ordinal))
        {
            _ensemble.Add(lineNumber, key, value);
        }
        else if (!_given.TryAdd(key, property))
        {
            int earlier = _given[key].LineNumber;
            Problem(lineNumber, $"{key} was already given in line {earlier}; keep one of the two");
        }
        else if (ZooCfgKeys.Fixed.TryGetValue(key, out string? only))
        {
            if (!value.Equals(only, StringComparison.OrdinalIgnoreCase))
            {
                Problem(lineNumber, $"{key}={value} is not supported; remove the line or write {key}={only}");
            }
        }
        else if (ZooCfgKeys.WhyRefused(key) is string reason)
        {
            Problem(lineNumber, $"{key} is not supported: {reason}");
        }
        else if (ZooCfgKeys.IsIgnored(key))
        {
            _ignored.Add(key);
        }
        else if (!ZooCfgKeys.Used.Contains(key, StringComparer.Ordinal))
        {
            string? near = ZooCfgKeys.Nearest(key);
            string remedy = near is null ? "remove the line" : $"did you mean {near}?";
            Problem(lineNumber, $"the key '{key}' is unknown; {remedy}");
        }
    }

    private ZabNodeOptions ToOptions()
    {
        ZabNodeOptions defaults = new() { ServerId = 0, Ensemble = null! }; // Both are known further down.
        string? dataDirectory = DataDirectory();
        _ensemble.RequireVoter();
        ZabNodeOptions options = defaults with
        {
            DataDirectory = dataDirectory,
            TickTime = Milliseconds("tickTime", nameof(defaults.TickTime)) ?? defaults.TickTime,
            InitLimit = Number("initLimit", nameof(defaults.InitLimit)) ?? defaults.InitLimit,
            SyncLimit = Number("syncLimit", nameof(defaults.SyncLimit)) ?? defaults.SyncLimit,
            MinSessionTimeout = SessionTimeout("minSessionTimeout", nameof(defaults.MinSessionTimeout)),
            MaxSessionTimeout = SessionTimeout("maxSessionTimeout", nameof(defaults.MaxSessionTimeout)),
            SnapshotEvery = Number("snapCount", nameof(defaults.SnapshotEvery)) ?? defaults.SnapshotEvery,
            SnapshotsRetained = SnapshotsRetained() ?? defaults.SnapshotsRetained,
            SegmentBytes =
                Number("preAllocSize", nameof(defaults.SegmentBytes), scale: 1024) ?? defaults.SegmentBytes,
            RequestBytesMax =
                Number("jute.maxbuffer", nameof(defaults.RequestBytesMax)) ?? defaults.RequestBytesMax,
            RequestsMax =
                Number("globalOutstandingLimit", nameof(defaults.RequestsMax)) ?? defaults.RequestsMax,
            ListenOnAllAddresses = YesOrNo("quorumListenOnAllIPs") ?? defaults.ListenOnAllAddresses,
            IgnoredKeys = _ignored,
        };
        options = WithRules(options);
        _problems.AddRange(_ensemble.Problems);
        ThrowIfProblems();

        EnsembleConfig ensemble = new(_ensemble.Servers);
        options = options with { Ensemble = ensemble, ServerId = MyId(dataDirectory!, ensemble).Value };
        CheckPeerType(ensemble.Find(new ServerId(options.ServerId))!);
        _problems.AddRange(OptionsCheck.Problems(options).Select(WithLine));
        ThrowIfProblems();
        return options;
    }

    /// <summary>What clients may do.</summary>
    private ZabNodeOptions WithRules(ZabNodeOptions options) => options with
    {
        EnforceQuotas = YesOrNo("enforceQuota") ?? options.EnforceQuotas,
        AllowTtlNodes = YesOrNo("extendedTypesEnabled") ?? options.AllowTtlNodes,
        ContainerCheckInterval =
            Milliseconds("znode.container.checkIntervalMs", nameof(options.ContainerCheckInterval))
                ?? options.ContainerCheckInterval,
        ContainersDeletedPerMinuteMax =
            Number("znode.container.maxPerMinute", nameof(options.ContainersDeletedPerMinuteMax))
                ?? options.ContainersDeletedPerMinuteMax,
        SuperDigest = Text("DigestAuthenticationProvider.superDigest", nameof(options.SuperDigest)),
        DigestAlgorithm =
            DigestAlgorithmOf("DigestAuthenticationProvider.digestAlg") ?? options.DigestAlgorithm,
    };

    private string? Text(string key, string property)
    {
        if (!_given.TryGetValue(key, out JavaProperty given))
        {
            return null;
        }

        _keyOfProperty[property] = key;
        return given.Value;
    }

    private DigestAlgorithm? DigestAlgorithmOf(string key)
    {
        if (!_given.TryGetValue(key, out JavaProperty given))
        {
            return null;
        }

        DigestAlgorithm? algorithm = given.Value.ToUpperInvariant() switch
        {
            "SHA1" or "SHA-1" => DigestAlgorithm.Sha1,
            "SHA256" or "SHA-256" => DigestAlgorithm.Sha256,
            _ => null,
        };
        if (algorithm is null)
        {
            Problem(given.LineNumber, $"expected {key}=SHA1 or {key}=SHA-256, found '{given.Value}'");
        }

        return algorithm;
    }

    /// <summary>The directory, made absolute against the working directory, as ZooKeeper does.</summary>
    private string? DataDirectory()
    {
        if (!_given.TryGetValue("dataDir", out JavaProperty dataDir) || dataDir.Value.Length == 0)
        {
            _problems.Add("dataDir is missing; add a line dataDir=<the directory of the data and of myid>");
            return null;
        }

        string directory = Absolute(dataDir.Value);
        if (_given.TryGetValue("dataLogDir", out JavaProperty logDir)
            && (logDir.Value.Length == 0 || Absolute(logDir.Value) != directory))
        {
            Problem(
                logDir.LineNumber,
                $"dataLogDir={logDir.Value} differs from dataDir, which is not supported, "
                + "as log and snapshots are one stream; remove the line");
        }

        return directory;
    }

    private static string Absolute(string directory) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    /// <summary>The number in <c>myid</c>.</summary>
    private static ServerId MyId(string dataDirectory, EnsembleConfig ensemble)
    {
        string ids = string.Join(", ", ensemble.Servers.Select(server => server.Id));
        string file = Path.Combine(dataDirectory, "myid");
        string remedy = $"write the number of this server into it, one of {ids}";
        if (!File.Exists(file))
        {
            throw new ZabConfigurationException($"{file} does not exist; {remedy}");
        }

        string content = ReadFile(file, remedy).Trim();
        if (content.Length == 0)
        {
            throw new ZabConfigurationException($"{file} is empty; {remedy}");
        }

        if (!int.TryParse(content, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            throw new ZabConfigurationException($"{file} contains '{content}', which is no number; {remedy}");
        }

        ServerId id = new(number);
        if (!id.IsValid)
        {
            throw new ZabConfigurationException(
                $"{file} contains {number}, which is not from {ServerId.Min} to {ServerId.Max}; {remedy}");
        }

        return ensemble.Find(id) is not null ? id
            : throw new ZabConfigurationException(
                $"{file} contains {number}, and there is no line server.{number}; {remedy}");
    }

    /// <summary>How many snapshots to keep; all of them when purging is switched off.</summary>
    private int? SnapshotsRetained()
    {
        int? count = Number("autopurge.snapRetainCount", nameof(ZabNodeOptions.SnapshotsRetained));
        int? intervalHours = Number("autopurge.purgeInterval", nameof(ZabNodeOptions.SnapshotsRetained));
        return intervalHours is 0 ? int.MaxValue : count;
    }

    /// <summary><c>peerType</c> may repeat what the server's line says, and not contradict it.</summary>
    private void CheckPeerType(EnsembleServer self)
    {
        if (_given.TryGetValue("peerType", out JavaProperty peerType)
            && !peerType.Value.Equals(self.Role.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            Problem(
                peerType.LineNumber,
                $"peerType={peerType.Value} contradicts the line of server.{self.Id}; remove it"
                + $", or make the server's role {peerType.Value}");
        }
    }

    /// <summary>As in ZooKeeper, -1 asks for the default.</summary>
    private TimeSpan? SessionTimeout(string key, string property) =>
        _given.TryGetValue(key, out JavaProperty given) && given.Value == "-1" ? null
        : Milliseconds(key, property);

    private TimeSpan? Milliseconds(string key, string property) =>
        Number(key, property) is int milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>A whole number, decimal or after 0x; null when the key is not given or is wrong.</summary>
    private int? Number(string key, string property, int scale = 1)
    {
        if (!_given.TryGetValue(key, out JavaProperty given))
        {
            return null;
        }

        _keyOfProperty[property] = key;
        int max = int.MaxValue / scale;
        bool isHex = given.Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        ReadOnlySpan<char> digits = given.Value.AsSpan(isHex ? 2 : 0);
        if (int.TryParse(digits, style, CultureInfo.InvariantCulture, out int number)
            && number >= 0 && number <= max)
        {
            return number * scale;
        }

        Problem(given.LineNumber, $"expected {key}=<a whole number from 0 to {max}>, found '{given.Value}'");
        return null;
    }

    private bool? YesOrNo(string key)
    {
        if (!_given.TryGetValue(key, out JavaProperty given))
        {
            return null;
        }

        if (!bool.TryParse(given.Value, out bool value))
        {
            Problem(given.LineNumber, $"expected {key}=true or {key}=false, found '{given.Value}'");
        }

        return value;
    }

    private string WithLine(OptionProblem problem) =>
        _keyOfProperty.TryGetValue(problem.Property, out string? key)
            ? $"line {_given[key].LineNumber}: {key}={_given[key].Value}: {problem.Text}"
            : problem.Text;

    private void Problem(int lineNumber, string problem) => _problems.Add($"line {lineNumber}: {problem}");

    private void ThrowIfProblems()
    {
        if (_problems.Count > 0)
        {
            throw new ZabConfigurationException(_path, _problems);
        }
    }
}
