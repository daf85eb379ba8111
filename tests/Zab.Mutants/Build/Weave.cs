// One file, compiled twice: by MSBuild as an inline task (for .NET Standard 2.0), and into Zab.Mutants for its tests.
#nullable disable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Zab.Mutants.Build
{
    /// <summary>A mutation cannot be read, or cannot be woven in.</summary>
    public sealed class WeaveException : Exception
    {
        public WeaveException(string file, int line, string reason)
            : base(reason)
        {
            File = file;
            Line = line;
        }

        public string File { get; }

        public int Line { get; }
    }

    /// <summary>One change of one source file: lines that must be there once, and what takes their place.</summary>
    public sealed class Hunk
    {
        public Hunk(string path, int line)
        {
            Path = path;
            Line = line;
        }

        /// <summary>The source file, relative to the root, with forward slashes.</summary>
        public string Path { get; }

        /// <summary>Where the hunk begins in the file of the mutation.</summary>
        public int Line { get; }

        public List<string> Before { get; } = new List<string>();

        public List<string> After { get; } = new List<string>();
    }

    /// <summary>A known bug to plant back: its id, its title, and its hunks.</summary>
    public sealed class Mutation
    {
        private static readonly Regex s_first = new Regex("^(ZB-[0-9]{2}[a-z]?) (\\S.*)$");
        private static readonly Regex s_switch = new Regex("Mutant\\.Is\\(\"([^\"]*)\"\\)");

        private Mutation(string file, string id, string title)
        {
            File = file;
            Id = id;
            Title = title;
        }

        public string File { get; }

        public string Id { get; }

        public string Title { get; }

        /// <summary>Whether only its own schedule is expected to show it, and no random seed; its text says why.</summary>
        public bool IsScriptedOnly { get; private set; }

        public List<Hunk> Hunks { get; } = new List<Hunk>();

        /// <summary>Reads the text of a mutation file, whose name must be its id.</summary>
        public static Mutation Parse(string file, string text)
        {
            string[] lines = text.Replace("\r\n", "\n").Split('\n').Select(line => line.TrimEnd()).ToArray();
            Match first = s_first.Match(lines[0]);
            if (!first.Success)
            {
                throw new WeaveException(file, 1, "the first line must be an id (ZB-07 or ZB-07a) and a title");
            }

            Mutation mutation = new Mutation(file, first.Groups[1].Value, first.Groups[2].Value.Trim());
            if (Path.GetFileNameWithoutExtension(file) != mutation.Id)
            {
                throw new WeaveException(file, 1, "the file of " + mutation.Id + " must be named " + mutation.Id + ".txt");
            }

            for (int i = 1; i < lines.Length; i++)
            {
                mutation.Read(lines[i], i + 1);
            }

            mutation.Check();
            return mutation;
        }

        private void Read(string line, int number)
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                Hunks.Add(new Hunk(line.Substring(2).Trim(), number));
                return;
            }

            if (Hunks.Count == 0)
            {
                IsScriptedOnly |= line.StartsWith("Scripted only:", StringComparison.Ordinal);
                return; // The free text before the first hunk.
            }

            Hunk hunk = Hunks[Hunks.Count - 1];
            char mark = line.Length == 0 ? ' ' : line[0];
            string rest = line.Length == 0 ? "" : line.Substring(1);
            if (mark != ' ' && mark != '-' && mark != '+')
            {
                throw new WeaveException(File, number, "a line of a hunk begins with ' ', '-' or '+'");
            }

            if (mark != '+')
            {
                hunk.Before.Add(rest);
            }

            if (mark != '-')
            {
                hunk.After.Add(rest);
            }
        }

        private void Check()
        {
            if (Hunks.Count == 0)
            {
                throw new WeaveException(File, 1, "there is no hunk: '@@ src/...' and the lines to change");
            }

            bool switched = false;
            foreach (Hunk hunk in Hunks)
            {
                while (hunk.Before.Count > 0 && hunk.After.Count > 0
                    && hunk.Before[hunk.Before.Count - 1].Length == 0 && hunk.After[hunk.After.Count - 1].Length == 0)
                {
                    // Empty lines between one hunk and the next belong to neither.
                    hunk.Before.RemoveAt(hunk.Before.Count - 1);
                    hunk.After.RemoveAt(hunk.After.Count - 1);
                }

                if (hunk.Before.Count == 0)
                {
                    throw new WeaveException(File, hunk.Line, "the hunk has no line that is there before; give it context");
                }

                if (hunk.Before.SequenceEqual(hunk.After))
                {
                    throw new WeaveException(File, hunk.Line, "the hunk changes nothing");
                }

                foreach (Match match in s_switch.Matches(string.Join("\n", hunk.After)))
                {
                    bool isContext = hunk.Before.Any(line => line.Contains(match.Value));
                    switched |= match.Groups[1].Value == Id;
                    if (match.Groups[1].Value != Id && !isContext)
                    {
                        throw new WeaveException(File, hunk.Line, "it asks for " + match.Groups[1].Value + ", and is " + Id);
                    }
                }
            }

            if (!switched)
            {
                throw new WeaveException(File, 1, "no hunk asks Mutant.Is(\"" + Id + "\")");
            }
        }
    }

    /// <summary>Sources by path, into which mutations are woven one after another.</summary>
    public sealed class Loom
    {
        private readonly SortedDictionary<string, List<string>> _files =
            new SortedDictionary<string, List<string>>(StringComparer.Ordinal);

        private readonly List<Mutation> _woven = new List<Mutation>();

        public void Add(string path, string text) =>
            _files[path] = text.Replace("\r\n", "\n").Split('\n').ToList();

        /// <summary>The sources as they are now.</summary>
        public IEnumerable<KeyValuePair<string, string>> Files =>
            _files.Select(file => new KeyValuePair<string, string>(file.Key, string.Join("\n", file.Value)));

        public void Weave(Mutation mutation)
        {
            if (_woven.Any(other => other.Id == mutation.Id))
            {
                throw new WeaveException(mutation.File, 1, mutation.Id + " exists already");
            }

            foreach (Hunk hunk in mutation.Hunks)
            {
                Apply(mutation, hunk);
            }

            _woven.Add(mutation);
        }

        /// <summary>The half of <c>Mutant</c> that lists what is woven in.</summary>
        public string List()
        {
            StringBuilder text = new StringBuilder();
            text.Append("namespace Zab;\n\ninternal static partial class Mutant\n{\n");
            text.Append("    public static System.Collections.Generic.IReadOnlyList<(string Id, string Title)> All { get; } =\n    [\n");
            foreach (Mutation mutation in _woven.Where(mutation => !mutation.IsScriptedOnly))
            {
                string title = mutation.Title.Replace("\\", "\\\\").Replace("\"", "\\\"");
                text.Append("        (\"" + mutation.Id + "\", \"" + title + "\"),\n");
            }

            return text.Append("    ];\n}\n").ToString();
        }

        private void Apply(Mutation mutation, Hunk hunk)
        {
            List<string> lines;
            if (!_files.TryGetValue(hunk.Path, out lines))
            {
                throw new WeaveException(mutation.File, hunk.Line, hunk.Path + " is not among the sources that are woven");
            }

            List<int> places = Enumerable.Range(0, Math.Max(0, lines.Count - hunk.Before.Count + 1))
                .Where(start => Matches(lines, start, hunk.Before)).ToList();
            if (places.Count != 1)
            {
                throw new WeaveException(
                    mutation.File,
                    hunk.Line,
                    places.Count == 0
                        ? "the lines before the change are not in " + hunk.Path + NearestMiss(lines, hunk.Before)
                        : "the lines before the change are " + places.Count + " times in " + hunk.Path + ", at lines "
                            + string.Join(", ", places.Select(place => place + 1)) + "; give more context");
            }

            lines.RemoveRange(places[0], hunk.Before.Count);
            lines.InsertRange(places[0], hunk.After);
        }

        private static bool Matches(List<string> lines, int start, List<string> before) =>
            Common(lines, start, before) == before.Count;

        private static int Common(List<string> lines, int start, List<string> before)
        {
            int count = 0;
            while (count < before.Count && start + count < lines.Count
                && lines[start + count].TrimEnd() == before[count].TrimEnd())
            {
                count++;
            }

            return count;
        }

        /// <summary>Where most of the lines fit, and which one then does not.</summary>
        private static string NearestMiss(List<string> lines, List<string> before)
        {
            int best = Enumerable.Range(0, lines.Count).OrderByDescending(start => Common(lines, start, before)).First();
            int count = Common(lines, best, before);
            return count == 0
                ? "; its first line is nowhere: '" + before[0] + "'"
                : "; line " + (best + count + 1) + " would have to be '" + before[count] + "'";
        }
    }

#if !WITHOUT_MSBUILD
    /// <summary>Writes copies of sources with all mutations woven in. A file that would not change is not touched, so
    /// that nothing is compiled without need.</summary>
    public sealed class Weave : Microsoft.Build.Utilities.Task
    {
        [Microsoft.Build.Framework.Required]
        public string Root { get; set; }

        [Microsoft.Build.Framework.Required]
        public Microsoft.Build.Framework.ITaskItem[] Sources { get; set; }

        [Microsoft.Build.Framework.Required]
        public Microsoft.Build.Framework.ITaskItem[] Mutations { get; set; }

        [Microsoft.Build.Framework.Required]
        public string Target { get; set; }

        public override bool Execute()
        {
            try
            {
                Run();
            }
            catch (WeaveException exception)
            {
                Log.LogError("weave", "ZAB0001", null, exception.File, exception.Line, 0, 0, 0, exception.Message);
            }

            return !Log.HasLoggedErrors;
        }

        private void Run()
        {
            string root = Path.GetFullPath(Root).TrimEnd('/', '\\') + Path.DirectorySeparatorChar;
            Loom loom = new Loom();
            foreach (string path in Sources.Select(source => source.GetMetadata("FullPath")))
            {
                loom.Add(path.Substring(root.Length).Replace('\\', '/'), File.ReadAllText(path));
            }

            foreach (string path in Mutations.Select(mutation => mutation.GetMetadata("FullPath"))
                .OrderBy(Path.GetFileName, StringComparer.Ordinal))
            {
                loom.Weave(Mutation.Parse(path, File.ReadAllText(path)));
            }

            HashSet<string> written = new HashSet<string>(StringComparer.Ordinal);
            Write(written, "MutantList.cs", loom.List());
            foreach (KeyValuePair<string, string> file in loom.Files)
            {
                Write(written, file.Key, file.Value);
            }

            foreach (string path in Directory.GetFiles(Target, "*.cs", SearchOption.AllDirectories)
                .Where(path => !written.Contains(Path.GetFullPath(path))))
            {
                File.Delete(path);
            }
        }

        private void Write(HashSet<string> written, string path, string text)
        {
            string full = Path.GetFullPath(Path.Combine(Target, path));
            written.Add(full);
            if (!File.Exists(full) || File.ReadAllText(full) != text)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(full));
                File.WriteAllText(full, text);
            }
        }
    }
#endif
}
