namespace Zab.Tests.Configuration;

public sealed class EnsembleConfigTests
{
    [Fact]
    public void The_lines_of_an_ensemble_are_read_in_any_order_with_comments()
    {
        EnsembleConfig ensemble = EnsembleConfig.Parse("""
            # three voters and one more reader
            server.4=10.0.0.4:2888:3888:observer

            server.1=zoo-1.example.com:2888:3888
              server.3 = [fd00::3]:2889:3889:PARTICIPANT ; [::]:2182
            server.2=zoo_2:2888:3888:participant;2181
            """);

        Assert.Equal([1, 2, 3, 4], ensemble.Servers.Select(server => server.Id.Value));
        Assert.Equal([1, 2, 3], ensemble.Voters.Select(server => server.Id.Value));
        Assert.Equal([4], ensemble.Observers.Select(server => server.Id.Value));
        Assert.Equal(ServerRole.Observer, ensemble.Servers[3].Role);
        EnsembleServer third = ensemble.Servers[2];
        Assert.Equal(("fd00::3", 2889, 3889), (third.Host, third.QuorumPort, third.ElectionPort));
        Assert.Equal(("::", 2182), (third.ClientHost, third.ClientPort));
        Assert.Equal((null, 2181), (ensemble.Servers[1].ClientHost, ensemble.Servers[1].ClientPort));
    }

    [Theory]
    [InlineData("server.1=a:1:2")]
    [InlineData("server.254=10.0.0.1:65535:1")]
    [InlineData("server.1=a:1:2\nserver.7=b:1:2:observer")]
    [InlineData("server.1=[::1]:2888:3888;2181")]
    [InlineData("server.1=[fd00::1]:2888:3888;0.0.0.0:2181\nserver.2=b:1:2:observer;[::1]:2181")]
    [InlineData("server.1=memory")]
    public void An_ensemble_written_out_reads_back_the_same(string text)
    {
        string written = EnsembleConfig.Parse(text).ToString();

        Assert.Equal(text, written);
        Assert.Equal(EnsembleConfig.Parse(text).Servers, EnsembleConfig.Parse(written).Servers);
    }

    [Theory]
    [InlineData("", "it names no server; add a line server.N=host:quorumPort:electionPort")]
    [InlineData("# server.1=a:1:2", "it names no server")]
    [InlineData("server.1=a:1:2:observer", "every server is an observer and none votes; remove ':observer'")]
    [InlineData("\nserver.1", "line 2: expected server.N=host:quorumPort:electionPort")]
    [InlineData("\nserver.1", "found 'server.1'")]
    [InlineData("sever.1=a:1:2", "line 1: expected server.N=host:quorumPort:electionPort")]
    [InlineData("server.0=a:1:2", "line 1: expected a number from 1 to 254 after 'server.', found 'server.0'")]
    [InlineData("server.255=a:1:2", "line 1: expected a number from 1 to 254 after 'server.', found 'server.255'")]
    [InlineData("server.-1=a:1:2", "line 1: expected a number from 1 to 254")]
    [InlineData("server.x=a:1:2", "line 1: expected a number from 1 to 254 after 'server.', found 'server.x'")]
    [InlineData("server.1=a:1", "line 1: expected server.N=host:quorumPort:electionPort")]
    [InlineData("server.1=a:1:2:observer:4", "line 1: expected server.N=host:quorumPort:electionPort")]
    [InlineData("server.1=a:0:2", "line 1: expected a quorum port from 1 to 65535, found '0'")]
    [InlineData("server.1=a:65536:2", "line 1: expected a quorum port from 1 to 65535, found '65536'")]
    [InlineData("server.1=a:1:", "line 1: expected an election port from 1 to 65535, found ''")]
    [InlineData("server.1=a:1:+2", "line 1: expected an election port from 1 to 65535, found '+2'")]
    [InlineData("server.1=a:1:2:leader", "line 1: expected the role 'participant' or 'observer', found 'leader'")]
    [InlineData("server.1=a:1:2;", "line 1: expected a client port from 1 to 65535, found ''")]
    [InlineData("server.1=a:1:2;b c:3", "line 1: expected the name or the address of a host, found 'b c'")]
    [InlineData("server.1=a:1:2;b:2:3", "line 1: expected [clientHost:]clientPort after ';', found 'b:2:3'")]
    [InlineData("server.1=:1:2", "line 1: expected the name or the address of a host, found ''")]
    [InlineData("server.1=a/b:1:2", "line 1: expected the name or the address of a host, found 'a/b'")]
    [InlineData("server.1=::1:2888:3888", "line 1: put an IPv6 address in brackets, as [::1]:2888:3888")]
    [InlineData("server.1=1:2:3:4:5:6:7:8:1:2", "line 1: put an IPv6 address in brackets")]
    [InlineData("server.1=[::1:2888:3888", "line 1: expected an IPv6 address in brackets and ':', found '[::1:2888:3888'")]
    [InlineData("server.1=[10.0.0.1]:1:2", "line 1: expected an IPv6 address in brackets and ':'")]
    [InlineData("server.1=[::1]2888:3888", "line 1: expected an IPv6 address in brackets and ':'")]
    [InlineData("server.1=a:1:2|b:1:2", "line 1: several addresses are not supported; keep one of")]
    [InlineData("server.1=a:1:2\n\nserver.01=b:1:2", "line 3: server.1 was already given in line 1; each server")]
    [InlineData("server.1=a:1:2\nserver.2=A:2:3", "line 2: the address A:2 stands in line 1 already; each port")]
    [InlineData("server.1=0.0.0.0:1:2", "line 1: nobody can reach 0.0.0.0: write the server's own address")]
    [InlineData("server.1=[::]:1:2", "line 1: nobody can reach ::: write the server's own address")]
    [InlineData("server.1=a:1:1", "line 1: the address a:1 stands there twice; each port")]
    public void A_line_that_cannot_be_used_is_named_with_what_to_write(string text, string expected)
    {
        ZabConfigurationException refused =
            Assert.Throws<ZabConfigurationException>(() => EnsembleConfig.Parse(text));

        string problem = Assert.Single(refused.Problems);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        ZabConfigurationException refused = Assert.Throws<ZabConfigurationException>(
            () => EnsembleConfig.Parse("server.0=a:1:2\nserver.1=a:0:2\nserver.2=b:1:2\nserver.2=c:1:2"));

        Assert.Equal(["line 1", "line 2", "line 4"], refused.Problems.Select(problem => problem.Split(':')[0]));
        Assert.StartsWith("The ensemble cannot be used:\n  line 1: ", refused.Message, StringComparison.Ordinal);
    }
}
