using System.Globalization;
using Zab.Authentication;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Configuration;

/// <summary>Makes options of a <c>zoo.cfg</c> and of the <c>myid</c> beside the data.</summary>
/// <remarks>Reads everything before it complains, so that one run shows every problem.
/// Source: ZooKeeper <c>QuorumPeerConfig</c>.</remarks>
internal sealed class ZooCfg
{
    /// <summary>The line of a server that is alone; nobody looks for it, so it needs no ports.</summary>
    private const string LoneServer = "server.1=localhost";

    private readonly CfgFile _file;
    private readonly Func<ITransport>? _lone;

    private ZooCfg(CfgFile file, Func<ITransport>? lone)
    {
        _file = file;
        _lone = lone;
    }

    /// <summary>See <see cref="ZabNodeOptions.FromZooCfg"/>.</summary>
    public static ZabNodeOptions Read(string path) =>
        OptionsOf(CfgFile.Read(path, ZooCfgKeys.OfNodes), lone: null);

    /// <summary>The options of the node that a file describes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lone">Makes the transport of a server that is alone, as the file names none; null where
    /// that is a problem.</param>
    /// <exception cref="ZabConfigurationException">The file cannot be used, by whatever was found so
    /// far.</exception>
    public static ZabNodeOptions OptionsOf(CfgFile file, Func<ITransport>? lone) =>
        new ZooCfg(file, lone).ToOptions();

    private ZabNodeOptions ToOptions()
    {
        ZabNodeOptions defaults = new() { ServerId = 0, Ensemble = null! }; // Both are known further down.
        string? dataDirectory = DataDirectory();
        bool isLone = _lone is not null
            && !_file.Ensemble.Servers.Any() && _file.Ensemble.Problems.Count == 0;
        if (isLone)
        {
            _file.Ensemble.AddLine(0, LoneServer);
        }

        _file.Ensemble.RequireVoter();
        ZabNodeOptions options = defaults with
        {
            DataDirectory = dataDirectory,
            TickTime = _file.Milliseconds("tickTime", nameof(defaults.TickTime)) ?? defaults.TickTime,
            InitLimit = _file.Number("initLimit", nameof(defaults.InitLimit)) ?? defaults.InitLimit,
            SyncLimit = _file.Number("syncLimit", nameof(defaults.SyncLimit)) ?? defaults.SyncLimit,
            MinSessionTimeout = SessionTimeout("minSessionTimeout", nameof(defaults.MinSessionTimeout)),
            MaxSessionTimeout = SessionTimeout("maxSessionTimeout", nameof(defaults.MaxSessionTimeout)),
            SnapshotEvery =
                _file.Number("snapCount", nameof(defaults.SnapshotEvery)) ?? defaults.SnapshotEvery,
            SnapshotsRetained = SnapshotsRetained() ?? defaults.SnapshotsRetained,
            SegmentBytes =
                _file.Number("preAllocSize", nameof(defaults.SegmentBytes), scale: 1024)
                    ?? defaults.SegmentBytes,
            RequestBytesMax =
                _file.Number("jute.maxbuffer", nameof(defaults.RequestBytesMax)) ?? defaults.RequestBytesMax,
            RequestsMax =
                _file.Number("globalOutstandingLimit", nameof(defaults.RequestsMax)) ?? defaults.RequestsMax,
            ListenOnAllAddresses = _file.YesOrNo("quorumListenOnAllIPs") ?? defaults.ListenOnAllAddresses,
            IgnoredKeys = _file.Ignored,
        };
        options = WithRules(options);
        _file.ThrowIfProblems();

        EnsembleConfig ensemble = new(_file.Ensemble.Servers);
        ServerId self = isLone ? ensemble.Servers[0].Id : MyId(dataDirectory!, ensemble);
        options = options with
        {
            Ensemble = ensemble,
            ServerId = self.Value,
            Transport = isLone ? _lone!() : null,
        };
        CheckPeerType(ensemble.Find(self)!);
        foreach (OptionProblem problem in OptionsCheck.Problems(options))
        {
            _file.Problem(problem);
        }

        _file.ThrowIfProblems();
        return options;
    }

    /// <summary>What clients may do.</summary>
    private ZabNodeOptions WithRules(ZabNodeOptions options) => options with
    {
        EnforceQuotas = _file.YesOrNo("enforceQuota") ?? options.EnforceQuotas,
        AllowTtlNodes = _file.YesOrNo("extendedTypesEnabled") ?? options.AllowTtlNodes,
        ContainerCheckInterval =
            _file.Milliseconds("znode.container.checkIntervalMs", nameof(options.ContainerCheckInterval))
                ?? options.ContainerCheckInterval,
        ContainersDeletedPerMinuteMax =
            _file.Number("znode.container.maxPerMinute", nameof(options.ContainersDeletedPerMinuteMax))
                ?? options.ContainersDeletedPerMinuteMax,
        SuperDigest = _file.Value("DigestAuthenticationProvider.superDigest", nameof(options.SuperDigest)),
        DigestAlgorithm =
            DigestAlgorithmOf("DigestAuthenticationProvider.digestAlg") ?? options.DigestAlgorithm,
    };

    private DigestAlgorithm? DigestAlgorithmOf(string key)
    {
        if (!_file.TryGet(key, out JavaProperty given))
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
            _file.Problem(given.LineNumber, $"expected {key}=SHA1 or {key}=SHA-256, found '{given.Value}'");
        }

        return algorithm;
    }

    /// <summary>The directory, made absolute against the working directory, as ZooKeeper does.</summary>
    private string? DataDirectory()
    {
        if (!_file.TryGet("dataDir", out JavaProperty dataDir) || dataDir.Value.Length == 0)
        {
            _file.Problem("dataDir is missing; add a line dataDir=<the directory of the data and of myid>");
            return null;
        }

        string directory = Absolute(dataDir.Value);
        if (_file.TryGet("dataLogDir", out JavaProperty logDir)
            && (logDir.Value.Length == 0 || Absolute(logDir.Value) != directory))
        {
            _file.Problem(
                logDir.LineNumber,
                $"dataLogDir={logDir.Value} differs from dataDir, which is not supported, "
                + "as log and snapshots are one stream; remove the line");
        }

        if (ForeignData.In(directory) is { } found)
        {
            _file.Problem(
                dataDir.LineNumber,
                $"dataDir={dataDir.Value} holds data of Apache ZooKeeper ({found}), which Zab does not read; "
                + "name another directory, or move that one away to begin with an empty tree");
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

        string content = CfgFile.Text(file, remedy).Trim();
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
        int? count = _file.Number("autopurge.snapRetainCount", nameof(ZabNodeOptions.SnapshotsRetained));
        int? intervalHours = _file.Number(
            "autopurge.purgeInterval", nameof(ZabNodeOptions.SnapshotsRetained));
        return intervalHours is 0 ? int.MaxValue : count;
    }

    /// <summary><c>peerType</c> may repeat what the server's line says, and not contradict it.</summary>
    private void CheckPeerType(EnsembleServer self)
    {
        if (_file.TryGet("peerType", out JavaProperty peerType)
            && !peerType.Value.Equals(self.Role.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            _file.Problem(
                peerType.LineNumber,
                $"peerType={peerType.Value} contradicts the line of server.{self.Id}; remove it"
                + $", or make the server's role {peerType.Value}");
        }
    }

    /// <summary>As in ZooKeeper, -1 asks for the default.</summary>
    private TimeSpan? SessionTimeout(string key, string property) =>
        _file.TryGet(key, out JavaProperty given) && given.Value == "-1" ? null
        : _file.Milliseconds(key, property);
}
