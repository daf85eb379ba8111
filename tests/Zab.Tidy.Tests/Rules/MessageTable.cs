namespace Zab.Tidy.Tests.Rules;

/// <summary>The table of messages in docs/protocol.md.</summary>
/// <param name="Name">Our name.</param>
/// <param name="Number">The number on the wire.</param>
/// <param name="ZooKeeperName">ZooKeeper's name, or a dash.</param>
/// <param name="Cells">All seven cells.</param>
internal sealed record MessageRow(
    string Name, string Number, string ZooKeeperName, IReadOnlyList<string> Cells);

/// <summary>Compares the table of messages with the enum in the code.</summary>
internal static class MessageTable
{
    private const string Header = "| our name | number | ZooKeeper's name |";
    private const int OursFrom = 32;
    private const string None = "-";

    public static IEnumerable<string> Findings(string document, IReadOnlyDictionary<string, int> messages)
    {
        MessageRow[] rows = [.. Rows(document)];
        foreach (MessageRow row in rows)
        {
            if (!messages.TryGetValue(row.Name, out int number))
            {
                yield return $"{row.Name} is in the table and not in the code";
            }
            else if (row.Number != $"{number}")
            {
                yield return $"{row.Name} is {row.Number} in the table and {number} in the code";
            }
            else if (row.ZooKeeperName != (number < OursFrom ? row.Name.ToUpperInvariant() : None))
            {
                yield return $"{row.Name} cannot be {row.ZooKeeperName} in ZooKeeper";
            }

            if (row.Cells.Count != 7 || row.Cells.Any(string.IsNullOrEmpty))
            {
                yield return $"the row of {row.Name} has an empty or a missing cell";
            }
        }

        foreach (string name in messages.Keys)
        {
            int count = rows.Count(row => row.Name == name);
            if (count != 1)
            {
                yield return $"{name} is in the code and {count} times in the table";
            }
        }
    }

    private static IEnumerable<MessageRow> Rows(string document) =>
        document.ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(line => !line.StartsWith(Header, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray())
            .Select(cells => new MessageRow(cells[0], cells[1], cells[2], cells));
}
