using System.Globalization;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Transport;
using Zab.Transport.Grpc.Links;

namespace Zab.Transport.Grpc.Tests;

/// <summary>That this is gRPC is not for its authors to say: an independent implementation is
/// asked.</summary>
public sealed class InteropTests
{
    private const int Messages = 2_000;

    [Fact]
    public async Task Python_calls_and_gets_its_messages_back_and_a_clean_status()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(3);
        await using GrpcTransport transport = new(GrpcServers.Options(2, peers));
        EchoEvents events = new(transport);
        await transport.StartAsync(events, patience.Token);

        string[] lines =
            await PythonPeer.RunAsync(patience.Token, "echo", Address(peers, 2), "3", "2", $"{Messages}");

        Assert.Equal(["hello from 2", $"echoed {Messages} in order", "status OK", "details "], lines);
        _ = await events.Recorder.WaitAsync<bool>(
            r => r.Events.OfType<TransportEvent.Down>().Any(
                e => e.Reason == "server 3 ended the link: python is done") ? true : null,
            "python's goodbye", patience.Token);
        events.Recorder.Check();
    }

    [Theory]
    [InlineData(LinkKind.Election)]
    [InlineData(LinkKind.Quorum)]
    public async Task Python_serves_and_our_call_is_taken(LinkKind kind)
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        using PythonPeer python = await PythonPeer.StartAsync(patience.Token, "serve", "127.0.0.1", "1");
        int[] ports = [.. (await python.ReadLineAsync(patience.Token)).Split(' ').Skip(1).Select(
            port => int.Parse(port, CultureInfo.InvariantCulture))];
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(2);
        peers[new ServerId(1)] = new GrpcPeer("127.0.0.1", ports[0], ports[1]);
        await using GrpcTransport transport = new(GrpcServers.Options(2, peers));
        TransportRecorder recorder = new();
        await transport.StartAsync(recorder, patience.Token);
        if (kind == LinkKind.Quorum)
            transport.Connect(new ServerId(1));
        Link link = await recorder.WaitAsync(
            r => r.LinkWith(new ServerId(1), kind), "a link with python", patience.Token);

        for (int i = 0; i < Messages; i++)
            transport.Send(
                link, [new Message { Type = MessageType.Ping, Number = i, Body = new byte[i % 300] }]);
        _ = await recorder.WaitAsync<bool>(
            r => r.CountOn(link) >= Messages ? true : null, "the echo", patience.Token);
        transport.Break(link, "that will do");

        Assert.Equal(
            Enumerable.Range(0, Messages).Select(i => (long)i),
            recorder.MessagesOn(link).Select(m => m.Number));
        List<string> lines = [];
        while (!lines.Contains("goodbye that will do"))
            lines.Add(await python.ReadLineAsync(patience.Token));
        Assert.Contains($"hello from 2 on {Methods.Of(kind)}", lines);
        recorder.Check();
    }

    [Fact]
    public async Task Python_of_another_ensemble_learns_what_differs()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        await using OneServer server = await OneServer.StartAsync();

        string[] lines = await PythonPeer.RunAsync(
            patience.Token, "refused", Address(server.Peers, 2), "3", "2", "other-100%-ensemble");

        Assert.Equal("status FAILED_PRECONDITION", lines[0]);
        Assert.Equal(
            "details server 2 is of the ensemble 'zab-tests' and server 3 of 'other-100%-ensemble': "
            + "write the same server.N lines, or the same ensemble id, for both, or correct the address that led here",
            lines[1]);
    }

    [Fact]
    public async Task Python_learns_that_a_method_is_not_there()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        await using OneServer server = await OneServer.StartAsync();

        string[] lines = await PythonPeer.RunAsync(patience.Token, "unknown", Address(server.Peers, 2));

        Assert.Equal("status UNIMPLEMENTED", lines[0]);
    }

    [Fact]
    public async Task Pythons_deadline_ends_its_call_and_our_link()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        await using OneServer server = await OneServer.StartAsync();

        string[] lines;
        do
        {
            lines = await PythonPeer.RunAsync(patience.Token, "deadline", Address(server.Peers, 2), "3", "2");
            Assert.Contains("status DEADLINE_EXCEEDED", lines);
        }
        while (lines[0] != "frame hello"); // its second was over before there was a link

        TransportEvent.Up up = server.Recorder.Events.OfType<TransportEvent.Up>().Last();
        Assert.NotEmpty(await server.DownAsync(up.Link));
    }

    private static string Address(Dictionary<ServerId, GrpcPeer> peers, int server) =>
        $"{peers[new ServerId(server)].Host}:{peers[new ServerId(server)].ElectionPort}";
}
