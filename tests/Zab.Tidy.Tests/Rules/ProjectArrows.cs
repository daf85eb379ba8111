using System.Xml.Linq;

namespace Zab.Tidy.Tests.Rules;

/// <summary>Which project may refer to which: the table of the packages in docs/architecture.md.</summary>
internal static class ProjectArrows
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Zab.Core"] = [],
        ["Zab.Storage"] = ["Zab.Core"],
        ["Zab.Wire"] = ["Zab.Core"],
        ["Zab.Transport.Grpc"] = ["Zab.Core"],
        ["Zab"] = ["Zab.Core", "Zab.Storage", "Zab.Transport.Grpc"],
        ["Zab.Testing"] = ["Zab.Core", "Zab.Storage", "Zab"],
        ["Zab.Client"] = ["Zab", "Zab.Wire"],
        ["Zab.Server"] = ["Zab", "Zab.Wire"],
        ["Zab.Cli"] = ["Zab.Client", "Zab.Server", "Zab.Testing"],
        ["Zab.Benchmarks"] = ["Zab", "Zab.Server"],
    };

    /// <summary>Judges one project file under <c>src</c>, <c>bench</c> or <c>samples</c>.</summary>
    public static IEnumerable<string> Findings(string path, string content)
    {
        string project = Path.GetFileNameWithoutExtension(path);
        string[] referred = [.. References(content)];
        if (path.StartsWith("samples/", StringComparison.Ordinal))
        {
            return referred.Where(other => other is not ("Zab" or "Zab.Testing"))
                .Select(other => $"{path}: a sample uses Zab and Zab.Testing, not {other}");
        }

        return !s_allowed.TryGetValue(project, out string[]? allowed)
            ? [$"{path}: the project is not in the table of arrows"]
            : referred.Except(allowed).Select(other => $"{path}: {project} must not refer to {other}");
    }

    private static IEnumerable<string> References(string content) =>
        XDocument.Parse(content).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(Path.GetFileNameWithoutExtension)!;
}
