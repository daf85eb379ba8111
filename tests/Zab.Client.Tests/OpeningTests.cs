using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Zab.Client.Tests.Servers;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Client.Tests;

public sealed class OpeningTests
{
    private readonly ManualClock _clock = Clocks.New();

    private ZabClientOptions Options => new() { TimeProvider = _clock };

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
        Task<IZabSession> resuming = ZabClient.ResumeAsync(server.Address, credentials, Options);
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
        Task<IZabSession> resuming = ZabClient.ResumeAsync(server.Address, credentials, Options);
        _ = await server.GreetAsync(timeoutMs: 0);

        await Assert.ThrowsAsync<SessionExpiredException>(() => resuming.WaitAsync(Safety.Limit));
    }

    [Fact]
    public async Task Without_a_server_the_opening_fails_and_says_that_nothing_was_sent()
    {
        using Socket nobody = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // and does not listen
        using FailedAttempt failed = new();
        ZabClientOptions options = Options with { LoggerFactory = failed };
        Task<IZabSession> opening = ZabClient.ConnectAsync($"{nobody.LocalEndPoint}", options);
        await failed.Logged.WaitAsync(Safety.Limit);

        _clock.Advance(options.SessionTimeout);

        ConnectionLossException loss =
            await Assert.ThrowsAsync<ConnectionLossException>(() => opening.WaitAsync(Safety.Limit));
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
        Task<IZabSession> opening = ZabClient.ConnectAsync(silent.Address, Options, giveUp.Token);
        FakeConnection connection = await silent.AcceptAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(Safety.Limit));
        await connection.ClosedAsync();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_passed_over()
    {
        await using FakeServer one = new();
        await using FakeServer other = new();
        Task<IZabSession> opening = ZabClient.ConnectAsync($"{one.Address},{other.Address}", Options);
        Task<FakeConnection>[] asked = [one.AcceptAsync(), other.AcceptAsync()];
        Task<FakeConnection> silent = await Task.WhenAny(asked); // which of them is open

        _clock.Advance(Options.SessionTimeout / 3);

        FakeConnection connection = await asked.Single(task => task != silent);
        await connection.GreetAsync();
        IZabSession session = await opening.WaitAsync(Safety.Limit);
        await (await silent).ClosedAsync();
        await CloseAsync(connection, session);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_asked_again_in_the_time_of_the_session()
    {
        await using FakeServer server = new();
        Task<IZabSession> opening = ZabClient.ConnectAsync(server.Address, Options);
        FakeConnection silent = await server.AcceptAsync();

        _clock.Advance(Options.SessionTimeout / 3);

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

    /// <summary>Notes that an attempt has failed.</summary>
    private sealed class FailedAttempt : ILoggerFactory, ILogger
    {
        private readonly TaskCompletionSource _logged = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Logged => _logged.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 403)
            {
                _logged.TrySetResult();
            }
        }

        public void Dispose()
        {
        }
    }
}
