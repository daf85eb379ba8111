using Zab.Client.Tests.Servers;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Client.Tests;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_session_is_what_the_server_granted()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync(
            new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(25) }, timeoutMs: 20_000);

        Assert.Equal((25_000, 0L), (scripted.Connection.Hello.TimeoutMs, scripted.Connection.Hello.Session.Value));
        Assert.Equal(FakeConnection.Session, scripted.Session.Id.Value);
        Assert.Equal(FakeConnection.Session, scripted.Session.Credentials.Id.Value);
        Assert.Equal(FakeConnection.Password, scripted.Session.Credentials.Password);
        Assert.Equal(TimeSpan.FromSeconds(20), scripted.Session.Timeout);
        Assert.Equal(ZabSessionState.Connected, scripted.Session.State);
    }

    [Fact]
    public async Task A_session_that_is_resumed_says_its_id_and_its_password()
    {
        await using FakeServer server = new();
        SessionCredentials credentials = new(new SessionId(FakeConnection.Session), FakeConnection.Password);
        Task<IZabSession> resuming = ZabClient.ResumeAsync(server.Address, credentials);
        FakeConnection connection = await server.GreetAsync();
        IZabSession session = await resuming.WaitAsync(Safety.Limit);

        Assert.Equal(FakeConnection.Session, connection.Hello.Session.Value);
        Assert.Equal(FakeConnection.Password, connection.Hello.Password!.Value);
        Assert.Equal(credentials.Id, session.Id);
        await CloseAsync(connection, session);
    }

    [Fact]
    public async Task A_session_that_is_no_more_cannot_be_resumed()
    {
        await using FakeServer server = new();
        SessionCredentials credentials = new(new SessionId(FakeConnection.Session), FakeConnection.Password);
        Task<IZabSession> resuming = ZabClient.ResumeAsync(server.Address, credentials);
        _ = await server.GreetAsync(timeoutMs: 0);

        await Assert.ThrowsAsync<SessionExpiredException>(() => resuming.WaitAsync(Safety.Limit));
    }

    [Fact]
    public async Task Without_a_server_the_opening_fails_and_says_that_nothing_was_sent()
    {
        await using FakeServer gone = new();
        string address = gone.Address;
        await gone.DisposeAsync();
        ZabClientOptions options = new() { SessionTimeout = TimeSpan.FromMilliseconds(200) };

        ConnectionLossException loss = await Assert.ThrowsAsync<ConnectionLossException>(
            () => ZabClient.ConnectAsync(address, options).WaitAsync(Safety.Limit));

        Assert.True(loss.IsOutcomeKnown);
        Assert.Equal(
            "The call was not sent: no server could be reached for as long as the session's time-out. At last: "
            + loss.InnerException!.Message,
            loss.Message);
        Assert.NotNull(loss.InnerException);
    }

    [Fact]
    public async Task The_opening_can_be_given_up()
    {
        await using FakeServer silent = new();
        using CancellationTokenSource giveUp = new();
        Task<IZabSession> opening = ZabClient.ConnectAsync(silent.Address, cancellationToken: giveUp.Token);
        FakeConnection connection = await silent.AcceptAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(Safety.Limit));
        await connection.ClosedAsync();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_passed_over()
    {
        await using FakeServer silent = new();
        await using FakeServer good = new();
        ZabClientOptions options = new() { SessionTimeout = TimeSpan.FromSeconds(6) };
        Task<IZabSession> opening = ZabClient.ConnectAsync($"{silent.Address},{good.Address}", options);

        FakeConnection connection = await good.GreetAsync();

        IZabSession session = await opening.WaitAsync(Safety.Limit);
        await CloseAsync(connection, session);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_asked_again_in_the_time_of_the_session()
    {
        await using FakeServer server = new();
        ZabClientOptions options = new() { SessionTimeout = TimeSpan.FromSeconds(6) };
        Task<IZabSession> opening = ZabClient.ConnectAsync(server.Address, options);
        FakeConnection silent = await server.AcceptAsync();

        FakeConnection connection = await server.GreetAsync();

        IZabSession session = await opening.WaitAsync(Safety.Limit);
        await silent.ClosedAsync();
        await CloseAsync(connection, session);
    }

    [Fact]
    public async Task Disposing_of_a_session_closes_it()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();

        await CloseAsync(scripted.Connection, scripted.Session);

        await scripted.Connection.ClosedAsync();
        Assert.Equal(ZabSessionState.Closed, scripted.Session.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => scripted.Session.SyncAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Options_out_of_their_bounds_are_refused(int requests) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => ZabClient.ConnectAsync("a:1", new ZabClientOptions { RequestsInFlightMax = requests }));

    private static async Task CloseAsync(FakeConnection connection, IZabSession session)
    {
        Task closing = session.DisposeAsync().AsTask();
        await connection.AnswerAsync(await connection.NextAsync(OpCode.CloseSession));
        await closing.WaitAsync(Safety.Limit);
    }
}
