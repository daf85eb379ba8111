using Zab.Client.Tests.Servers;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Wire;

namespace Zab.Client.Tests;

/// <summary>No bytes end a session, or leave a call without an end.</summary>
public sealed class HostileServerTests
{
    [Theory]
    [InlineData("7fffffff")]
    [InlineData("ffffffff")]
    [InlineData("00000000")]
    [InlineData("00000003ffffff")]
    [InlineData("00000010000000630000000000000001" + "00000000")]
    [InlineData("00000010fffffff80000000000000001" + "00000000")]
    [InlineData("00000010fffffffc0000000000000001" + "00000000")]
    [InlineData("0000001e" + "ffffffff0000000000000009000000000000006300000003000000022f61")]
    [InlineData("00000014000000010000000000000001" + "0000000000000009")]
    public async Task A_packet_that_breaks_the_protocol_costs_the_connection_and_what_was_under_way(string hex)
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<ZnodeSnapshot> read = scripted.Session.GetAsync("/a").AsTask();
        await scripted.Connection.NextAsync(OpCode.GetData);

        await scripted.Connection.SendRawAsync(Convert.FromHexString(hex));
        FakeConnection second = await scripted.Server.GreetAsync();

        // Not asked again: it may be its answer that is too long, or strange.
        await Assert.ThrowsAsync<ConnectionLossException>(() => read.WaitAsync(Safety.Limit));
        Task<Zxid> sync = scripted.Session.SyncAsync();
        await second.AnswerAsync(await second.NextAsync(OpCode.Sync));
        await sync.WaitAsync(Safety.Limit);
    }

    [Fact]
    public async Task Answers_out_of_turn_cost_the_connection()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<Zxid>[] calls = [scripted.Session.SyncAsync(), scripted.Session.SyncAsync()];
        _ = await scripted.Connection.NextAsync();
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync());

        _ = await scripted.Server.GreetAsync();

        foreach (Task<Zxid> call in calls)
        {
            await Assert.ThrowsAsync<ConnectionLossException>(() => call.WaitAsync(Safety.Limit));
        }
    }

    [Fact]
    public async Task A_server_that_does_not_speak_the_protocol_is_passed_over()
    {
        await using FakeServer server = new();
        Task<IZabSession> opening = ZabClient.ConnectAsync(
            server.Address, new ZabClientOptions { TimeProvider = Clocks.New() });
        foreach (string hex in (string[])["", "00", "48545450", "0000000100", "ffffffff", "7fffffff00"])
        {
            FakeConnection strange = await server.AcceptAsync();
            await strange.SendRawAsync(Convert.FromHexString(hex));
            if (hex.Length < 8)
            {
                strange.Drop();
            }
        }

        FakeConnection connection = await server.GreetAsync();

        IZabSession session = await opening.WaitAsync(Safety.Limit);
        Task closing = session.DisposeAsync().AsTask();
        await connection.AnswerAsync(await connection.NextAsync(OpCode.CloseSession));
        await closing.WaitAsync(Safety.Limit);
    }

    [Fact]
    public async Task Random_bytes_never_end_the_session()
    {
        Prng random = new(seed: 5);
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection connection = scripted.Connection;
        for (int round = 0; round < 100; round++)
        {
            Task<ZnodeSnapshot> read = scripted.Session.GetAsync("/a").AsTask();
            WireRequest request = await connection.NextAsync(OpCode.GetData);
            JuteWriter writer = new(64);
            writer.WriteInt(0);
            ReplyFormat.Write(
                writer,
                request.Operation!.Value with { Cxid = request.Xid },
                new ClientReply { Zxid = new Zxid(1), Data = new byte[] { 1, 2, 3 } });
            byte[] frame = writer.Written.ToArray();
            frame[3] = (byte)(frame.Length - 4);
            for (int changes = random.Below(3); changes >= 0; changes--)
            {
                frame[random.Below(frame.Length)] = (byte)random.Below(256);
            }

            await connection.SendRawAsync(frame);
            connection.Drop();
            connection = await scripted.Server.GreetAsync();
            if (!read.IsCompleted)
            {
                // The bytes were no whole packet, so the read is asked again; or its failure is on its way.
                Task<Zxid> after = scripted.Session.SyncAsync();
                WireRequest next = await connection.NextAsync();
                if (next.Type == (int)OpCode.GetData)
                {
                    await connection.AnswerAsync(next);
                    next = await connection.NextAsync(OpCode.Sync);
                }

                await connection.AnswerAsync(next);
                await after.WaitAsync(Safety.Limit);
            }

            try
            {
                await read.WaitAsync(Safety.Limit);
            }
            catch (ZabException)
            {
                // Whatever the bytes said.
            }

            Assert.NotEqual(ZabSessionState.Closed, scripted.Session.State);
        }
    }
}
