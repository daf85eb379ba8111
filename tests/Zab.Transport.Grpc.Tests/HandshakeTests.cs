using Zab.Core.Ports;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Tests;

public sealed class HandshakeTests
{
    public static TheoryData<LinkKind> Kinds => [LinkKind.Election, LinkKind.Quorum];

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Another_ensemble_is_refused(LinkKind kind) => RefusesAsync(
        kind, hello => hello.EnsembleId = "else\u001bwhere", GrpcStatusCode.FailedPrecondition,
        "server 2 is of the ensemble 'zab-tests' and server 3 of 'else?where'");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Another_version_is_refused(LinkKind kind) => RefusesAsync(
        kind, hello => hello.ProtocolVersion = 2, GrpcStatusCode.FailedPrecondition,
        "server 2 speaks version 1 of the protocol and server 3 version 2");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_stranger_is_refused(LinkKind kind) => RefusesAsync(
        kind, hello => hello.Sender = 9, GrpcStatusCode.InvalidArgument,
        "server 2 knows no server 9: add server.9 to its configuration");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_server_with_my_own_id_is_refused(LinkKind kind) => RefusesAsync(
        kind, hello => hello.Sender = 2, GrpcStatusCode.FailedPrecondition,
        "are two servers running with id 2?");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_caller_that_means_another_server_is_refused(LinkKind kind) => RefusesAsync(
        kind, hello => hello.Receiver = 1, GrpcStatusCode.FailedPrecondition,
        "this is server 2, not server 1: correct the address of server.1 on server 3");

    [Fact]
    public Task A_smaller_id_may_not_dial_for_elections() => RefusesAsync(
        LinkKind.Election, hello => hello.Sender = 1, GrpcStatusCode.InvalidArgument, "the larger id calls");

    [Fact]
    public async Task A_second_process_with_the_same_id_is_refused_while_the_first_is_linked()
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall first = await server.GreetAsync(LinkKind.Election, nonce: 1);
        Link link = await server.LinkAsync(LinkKind.Election);

        using RawCall second = await server.CallAsync(LinkKind.Election);
        await second.SendAsync(RawCall.Hello(sender: 3, receiver: 2, nonce: 2));
        GrpcStatus status = await second.StatusAsync();

        Assert.Equal(GrpcStatusCode.FailedPrecondition, status.Code);
        Assert.Contains(
            "server 3 is already connected from another process; are two servers running with id 3?",
            status.Detail, StringComparison.Ordinal);
        Assert.Equal(link, server.Recorder.LinkWith(link.Peer, link.Kind));
    }

    [Fact]
    public async Task A_second_process_is_welcome_once_the_first_is_gone()
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall first = await server.GreetAsync(LinkKind.Election, nonce: 1);
        Link link = await server.LinkAsync(LinkKind.Election);
        first.Complete();
        _ = await server.DownAsync(link);

        using RawCall second = await server.GreetAsync(LinkKind.Election, nonce: 2);

        Assert.True((await server.LinkAsync(LinkKind.Election, after: link.Number)).Number > link.Number);
    }

    [Fact]
    public async Task The_same_process_replaces_its_older_link()
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall first = await server.GreetAsync(LinkKind.Quorum, nonce: 1);
        Link old = await server.LinkAsync(LinkKind.Quorum);

        using RawCall second = await server.GreetAsync(LinkKind.Quorum, nonce: 1);

        Assert.Equal("replaced by a newer link", await server.DownAsync(old));
        Assert.Equal("replaced by a newer link", (await first.ReadAsync()).Goodbye.Reason);
        _ = await server.LinkAsync(LinkKind.Quorum, after: old.Number);
        server.Recorder.Check(); // The end of the old link was told before the new one.
    }

    [Fact]
    public async Task A_refusal_is_logged_once_until_it_changes()
    {
        await using OneServer server = await OneServer.StartAsync();
        string[] ensembles = ["a", "a", "a", "b", "b"];

        foreach (string ensemble in ensembles)
        {
            using RawCall call = await server.CallAsync(LinkKind.Election);
            Frame hello = RawCall.Hello(sender: 3, receiver: 2);
            hello.Hello.EnsembleId = ensemble;
            await call.SendAsync(hello);
            _ = await call.StatusAsync();
        }

        Assert.Equal(2, server.Logs.Entries.Count(entry => entry.Id.Id == 305));
    }

    [Fact]
    public async Task Both_ends_log_why_they_do_not_link()
    {
        Dictionary<Core.Primitives.ServerId, GrpcPeer> peers = GrpcServers.Peers(2);
        using RecordingLoggerFactory logs = new();
        using CancellationTokenSource patience = new(Safety.Limit);
        await using GrpcTransport one = new(new()
        {
            Self = new(1), EnsembleId = "blue", Peers = peers, LoggerFactory = logs,
        });
        await using GrpcTransport two = new(new()
        {
            Self = new(2), EnsembleId = "green", Peers = peers, LoggerFactory = logs,
        });
        Testing.Transport.TransportRecorder recorder = new();
        await one.StartAsync(new Testing.Transport.TransportRecorder(), patience.Token);
        await two.StartAsync(recorder, patience.Token);

        two.Connect(new(1));
        _ = await recorder.WaitAsync<bool>(
            r => r.Events.OfType<Testing.Transport.TransportEvent.ConnectFailed>().Any() ? true : null,
            "a refusal", patience.Token);

        foreach (int id in new[] { 304, 305 })
        {
            Assert.Contains(logs.Entries, entry => entry.Id.Id == id
                && entry.Text.Contains("ensemble 'blue' and server 2 of 'green'", StringComparison.Ordinal));
        }
    }

    private static async Task RefusesAsync(
        LinkKind kind, Action<Hello> change, GrpcStatusCode code, string detail)
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall call = await server.CallAsync(kind);
        Frame hello = RawCall.Hello(sender: 3, receiver: 2);
        change(hello.Hello);

        await call.SendAsync(hello);
        GrpcStatus status = await call.StatusAsync();

        Assert.Equal(code, status.Code);
        Assert.Contains(detail, status.Detail, StringComparison.Ordinal);
        await server.AssertWellAsync();
    }
}
