using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>The cases about snapshots: the server's own, and those that come from a leader.</summary>
internal static class SnapshotCases
{
    public static IReadOnlyDictionary<string, Action<StoreDriver>> All { get; } =
        new Dictionary<string, Action<StoreDriver>>
        {
            ["A published snapshot comes back"] = A_published_snapshot_comes_back,
            ["A snapshot that was not published leaves no trace"] =
                A_snapshot_that_was_not_published_leaves_no_trace,
            ["A snapshot may be written while the log goes on"] =
                A_snapshot_may_be_written_while_the_log_goes_on,
            ["A snapshot may be empty"] = A_snapshot_may_be_empty,
            ["A snapshot outside the history is refused"] = A_snapshot_outside_the_history_is_refused,
            ["A snapshot beyond a truncation is not used"] = A_snapshot_beyond_a_truncation_is_not_used,
            ["An installed snapshot replaces the history"] = An_installed_snapshot_replaces_the_history,
            ["An install survives a loss of power"] = An_install_survives_a_loss_of_power,
            ["An install that was not flushed is whole or nothing"] =
                An_install_that_was_not_flushed_is_whole_or_nothing,
            ["An interrupted install leaves no trace"] = An_interrupted_install_leaves_no_trace,
            ["A snapshot may begin to arrive again"] = A_snapshot_may_begin_to_arrive_again,
            ["An install of another snapshot is refused"] = An_install_of_another_snapshot_is_refused,
            ["An install may go back"] = An_install_may_go_back,
            ["Purging keeps what recovery needs"] = Purging_keeps_what_recovery_needs,
            ["Purging an untouched log keeps it"] = Purging_an_untouched_log_keeps_it,
            ["Purging after an install keeps the install"] = Purging_after_an_install_keeps_the_install,
        };

    private static void A_published_snapshot_comes_back(StoreDriver driver)
    {
        driver.Open();
        LogPosition position = driver.Grow(epoch: 1, count: 3);
        driver.Snapshot(position);
        LogPosition end = driver.Grow(epoch: 1, count: 2);

        RecoveredState state = driver.LosePowerAndOpen();

        StoreDriver.ExpectSnapshot(state, position);
        Expect.Equal(end, state.Head, "The log goes on after the snapshot");
    }

    private static void A_snapshot_that_was_not_published_leaves_no_trace(StoreDriver driver)
    {
        driver.Open();
        LogPosition position = driver.Grow(epoch: 1, count: 3);
        using (ISnapshotWriter writer = driver.Store.CreateSnapshot(position))
        {
            writer.Write("half of it"u8);
        }

        ISnapshotWriter abandoned = driver.Store.CreateSnapshot(position);
        abandoned.Write("half of it"u8);
        RecoveredState state = driver.LosePowerAndOpen();
        abandoned.Dispose();

        Expect.Equal(null, state.Snapshot, "A snapshot that was not published does not exist");
        Expect.Equal(position, state.Head, "The log stays as it is");
    }

    private static void A_snapshot_may_be_written_while_the_log_goes_on(StoreDriver driver)
    {
        driver.Open();
        LogPosition position = driver.Grow(epoch: 1, count: 3);
        using (ISnapshotWriter writer = driver.Store.CreateSnapshot(position))
        {
            driver.Grow(epoch: 1, count: 1);
            writer.Write("state at "u8);
            driver.Grow(epoch: 1, count: 1);
            writer.Write(System.Text.Encoding.UTF8.GetBytes(position.ToString()));
            driver.Grow(epoch: 1, count: 1);
            writer.Publish();
        }

        LogPosition end = driver.Grow(epoch: 1, count: 1);

        RecoveredState state = driver.LosePowerAndOpen();

        StoreDriver.ExpectSnapshot(state, position);
        Expect.Equal(end, state.Head, "The log goes on while a snapshot is written");
    }

    private static void A_snapshot_may_be_empty(StoreDriver driver)
    {
        driver.Open();
        LogPosition position = driver.Grow(epoch: 1, count: 1);
        using (ISnapshotWriter writer = driver.Store.CreateSnapshot(position))
        {
            writer.Publish();
        }

        RecoveredState state = driver.Reopen();

        Expect.Equal(position, state.Snapshot, "A snapshot without chunks is a snapshot");
        Expect.Equal(0, state.SnapshotChunks.Count, "A snapshot without chunks has none");
    }

    private static void A_snapshot_outside_the_history_is_refused(StoreDriver driver)
    {
        driver.Open();
        driver.Grow(epoch: 1, count: 1);
        LogPosition elsewhere = new(Zxid.Of(1, 1), new ChainHash(7));

        Expect.Throws<ArgumentException>(
            () => driver.Store.CreateSnapshot(elsewhere).Dispose(), "A snapshot is of a position in the log");
    }

    private static void A_snapshot_beyond_a_truncation_is_not_used(StoreDriver driver)
    {
        driver.Open();
        LogPosition kept = driver.Grow(epoch: 1, count: 2);
        driver.Snapshot(kept);
        LogPosition gone = driver.Grow(epoch: 1, count: 2);
        driver.Snapshot(gone);
        driver.AppendAndFlush(driver.History.Truncate(kept));
        LogPosition end = driver.Grow(epoch: 2, count: 3);

        RecoveredState state = driver.LosePowerAndOpen();

        StoreDriver.ExpectSnapshot(state, kept);
        Expect.Equal(end, state.Head, "A snapshot of what was cut off does not bring it back");
    }

    private static void An_installed_snapshot_replaces_the_history(StoreDriver driver)
    {
        driver.Open();
        driver.Grow(epoch: 1, count: 3);
        LogPosition installed = new(Zxid.Of(5, 17), new ChainHash(4711));
        driver.Append(StoreDriver.Incoming(installed));
        HistoryWriter history = new(installed);
        driver.AppendAndFlush(history.Next(5, "after"), history.Next(6, "and on"));

        RecoveredState state = driver.Reopen();

        StoreDriver.ExpectSnapshot(state, installed);
        Expect.Equal(history.Head, state.Head, "The log goes on from the installed snapshot");
        Expect.Equal(2, state.Entries.Count, "Nothing is left of the history before");
    }

    private static void An_install_survives_a_loss_of_power(StoreDriver driver)
    {
        driver.Open();
        driver.AppendAndFlush(LogRecord.EpochChange(new Epochs(3, 2)));
        LogPosition installed = new(Zxid.Of(3, 0), new ChainHash(4711));
        driver.AppendAndFlush(StoreDriver.Incoming(installed));

        RecoveredState state = driver.LosePowerAndOpen();

        StoreDriver.ExpectSnapshot(state, installed);
        Expect.Equal(installed, state.Head, "The installed snapshot is the history");
        Expect.Equal(new Epochs(3, 2), state.Epochs, "An install leaves the epochs alone");
    }

    private static void An_install_that_was_not_flushed_is_whole_or_nothing(StoreDriver driver)
    {
        driver.Open();
        LogPosition before = driver.Grow(epoch: 1, count: 3);
        LogPosition installed = new(Zxid.Of(2, 1), new ChainHash(4711));
        driver.Append(StoreDriver.Incoming(installed));

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.That(state.Head == before || state.Head == installed, "An install happened or did not");
        if (state.Head == installed)
        {
            StoreDriver.ExpectSnapshot(state, installed);
        }
        else
        {
            Expect.Equal(null, state.Snapshot, "An install that did not happen leaves no snapshot");
        }
    }

    private static void An_interrupted_install_leaves_no_trace(StoreDriver driver)
    {
        driver.Open();
        driver.Grow(epoch: 1, count: 3);
        LogRecord[] incoming = StoreDriver.Incoming(new LogPosition(Zxid.Of(5, 17), new ChainHash(4711)));
        driver.AppendAndFlush(incoming.AsSpan(0, incoming.Length - 1));
        LogPosition end = driver.Grow(epoch: 1, count: 1);

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(null, state.Snapshot, "A staged snapshot is not a snapshot");
        Expect.Equal(end, state.Head, "Staging leaves the log alone");
        Expect.Throws<ArgumentException>(
            () => driver.Append(incoming[^1]),
            "What was staged before a restart cannot be installed after it");
    }

    private static void A_snapshot_may_begin_to_arrive_again(StoreDriver driver)
    {
        driver.Open();
        LogPosition first = new(Zxid.Of(5, 17), new ChainHash(4711));
        LogPosition second = new(Zxid.Of(6, 1), new ChainHash(4712));
        driver.AppendAndFlush(StoreDriver.Incoming(first).AsSpan(0, 2));
        driver.AppendAndFlush(StoreDriver.Incoming(second));

        RecoveredState state = driver.Reopen();

        StoreDriver.ExpectSnapshot(state, second);
    }

    private static void An_install_of_another_snapshot_is_refused(StoreDriver driver)
    {
        driver.Open();
        LogPosition arriving = new(Zxid.Of(5, 17), new ChainHash(4711));
        LogPosition other = new(Zxid.Of(5, 18), new ChainHash(4712));
        driver.AppendAndFlush(StoreDriver.Incoming(arriving).AsSpan(0, 3));

        Expect.Throws<ArgumentException>(
            () => driver.Append(LogRecord.SnapshotInstall(other)),
            "Only the snapshot that arrived can be installed");
    }

    private static void An_install_may_go_back(StoreDriver driver)
    {
        driver.Open();
        LogPosition dead = driver.Grow(epoch: 7, count: 3);
        driver.Snapshot(dead);
        LogPosition installed = new(Zxid.Of(5, 2), new ChainHash(4711));
        driver.AppendAndFlush(StoreDriver.Incoming(installed));
        LogPosition other = driver.Reopen().Head;
        LogPosition end = driver.Grow(epoch: 8, count: 2);

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(
            installed, other, "An installed snapshot may be older than the history that it replaces");
        StoreDriver.ExpectSnapshot(state, installed);
        Expect.Equal(end, state.Head, "The log goes on from the installed snapshot");
    }

    private static void Purging_keeps_what_recovery_needs(StoreDriver driver)
    {
        driver.Open();
        LogPosition position = default;
        for (int i = 1; i <= 8; i++)
        {
            driver.Grow(epoch: i, count: 5);
            driver.AppendAndFlush(driver.History.Next(i, new byte[9000]));
            position = driver.History.Head;
            driver.Snapshot(position);
            driver.Grow(epoch: i, count: 1);
            driver.Store.Purge();
        }

        LogPosition end = driver.Grow(epoch: 9, count: 2);

        RecoveredState state = driver.LosePowerAndOpen();

        StoreDriver.ExpectSnapshot(state, position);
        Expect.Equal(end, state.Head, "Purging leaves the end of the log alone");
        driver.Store.Purge();
        StoreDriver.ExpectSnapshot(driver.Reopen(), position);
    }

    private static void Purging_an_untouched_log_keeps_it(StoreDriver driver)
    {
        driver.Open();
        LogPosition end = driver.Grow(epoch: 1, count: 5);
        driver.Store.Purge();

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(end, state.Head, "Without a snapshot everything is needed");
        Expect.Equal(5, state.Entries.Count, "Without a snapshot everything is needed");
    }

    private static void Purging_after_an_install_keeps_the_install(StoreDriver driver)
    {
        driver.Open();
        driver.Snapshot(driver.Grow(epoch: 1, count: 5));
        LogPosition installed = new(Zxid.Of(5, 17), new ChainHash(4711));
        driver.AppendAndFlush(StoreDriver.Incoming(installed));
        driver.Store.Purge();
        HistoryWriter history = new(installed);
        driver.AppendAndFlush(history.Next(5, "after"));

        RecoveredState state = driver.LosePowerAndOpen();

        StoreDriver.ExpectSnapshot(state, installed);
        Expect.Equal(history.Head, state.Head, "The log goes on from the installed snapshot");
    }
}
