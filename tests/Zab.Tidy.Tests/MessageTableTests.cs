using Zab.Core.Messages;
using Zab.Tidy.Tests.Rules;

namespace Zab.Tidy.Tests;

public sealed class MessageTableTests
{
    private const string Header = """
        | our name | number | ZooKeeper's name | the paper's name | sender → receiver | phase | fields |
        | --- | --- | --- | --- | --- | --- | --- |

        """;

    [Fact]
    public void The_table_of_messages_is_that_of_the_code()
    {
        Dictionary<string, int> messages =
            Enum.GetValues<MessageType>().ToDictionary(message => $"{message}", message => (int)message);

        House.IsTidy(MessageTable.Findings(Repository.Read("docs/protocol.md"), messages));
    }

    [Theory]
    [InlineData("| `Ack` | 4 | ACK | ACK | a | b | c |", "Ack is 4 in the table and 3 in the code")]
    [InlineData("| `Ack` | 3 | ACKNOWLEDGE | ACK | a | b | c |", "Ack cannot be ACKNOWLEDGE in ZooKeeper")]
    [InlineData("| `Ack` | 3 | ACK | ACK | a | b | |", "the row of Ack has an empty or a missing cell")]
    [InlineData("| `Ack` | 3 | ACK | ACK | a | b |", "the row of Ack has an empty or a missing cell")]
    [InlineData("| `Ack` | 3 | ACK | ACK | a | b | c |\n| `Nack` | 4 | NACK | - | a | b | c |", "Nack is in the table and not")]
    [InlineData("", "Ack is in the code and 0 times in the table")]
    public void A_table_that_differs_from_the_code_is_found(string rows, string expected)
    {
        IEnumerable<string> findings = MessageTable.Findings(Header + rows, new Dictionary<string, int> { ["Ack"] = 3 });

        Assert.Contains(expected, Assert.Single(findings), StringComparison.Ordinal);
    }
}
