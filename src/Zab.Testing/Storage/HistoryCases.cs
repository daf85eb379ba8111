using System.Text;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>The cases about entries, epochs and truncations.</summary>
internal static class HistoryCases
{
    public static IReadOnlyDictionary<string, Action<StoreDriver>> All { get; } =
        new Dictionary<string, Action<StoreDriver>>
        {
            ["A new store is empty"] = A_new_store_is_empty,
            ["What was flushed comes back, in order"] = What_was_flushed_comes_back_in_order,
            ["What was flushed survives a loss of power"] = What_was_flushed_survives_a_loss_of_power,
            ["Of what was not flushed a prefix may survive"] = Of_what_was_not_flushed_a_prefix_may_survive,
            ["The log goes on after a loss of power"] = The_log_goes_on_after_a_loss_of_power,
            ["Epochs come back"] = Epochs_come_back,
            ["Commit records come back"] = Commit_records_come_back,
            ["A truncation cuts the history"] = A_truncation_cuts_the_history,
            ["A truncation may be of this very batch"] = A_truncation_may_be_of_this_very_batch,
            ["Bodies may be empty"] = Bodies_may_be_empty,
            ["Bodies may be large"] = Bodies_may_be_large,
            ["Many small batches come back"] = Many_small_batches_come_back,
            ["The list of records belongs to the caller again"] =
                The_list_of_records_belongs_to_the_caller_again,
            ["A batch may be empty"] = A_batch_may_be_empty,
            ["A gap is refused"] = A_gap_is_refused,
            ["A wrong hash is refused"] = A_wrong_hash_is_refused,
            ["A truncation outside the history is refused"] = A_truncation_outside_the_history_is_refused,
            ["Nothing is taken after a refusal"] = Nothing_is_taken_after_a_refusal,
            ["Another server is refused"] = Another_server_is_refused,
            ["Another ensemble is refused"] = Another_ensemble_is_refused,
            ["A second store on the same disk is refused"] = A_second_store_on_the_same_disk_is_refused,
        };

    private static void A_new_store_is_empty(StoreDriver driver)
    {
        RecoveredState state = driver.Open();

        Expect.Equal(LogPosition.Start, state.Head, "A new store has no history");
        Expect.Equal(default, state.Epochs, "A new store has promised nothing");
        Expect.Equal(null, state.Snapshot, "A new store has no snapshot");
    }

    private static void What_was_flushed_comes_back_in_order(StoreDriver driver)
    {
        driver.Open();
        driver.AppendAndFlush(
            driver.History.Next(1, "a"), driver.History.Next(1, "b"), driver.History.Next(3, "c"));

        RecoveredState state = driver.Reopen();

        string bodies = string.Concat(
            state.Entries.Select(entry => Encoding.UTF8.GetString(entry.Body.Span)));
        Expect.Equal("abc", bodies, "Entries come back in order");
        Expect.Equal(Zxid.Of(3, 1), state.Head.Zxid, "The last entry is the end of the history");
    }

    private static void What_was_flushed_survives_a_loss_of_power(StoreDriver driver)
    {
        driver.Open();
        LogPosition flushed = driver.Grow(epoch: 1, count: 5);

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(flushed, state.Head, "What was flushed survives");
    }

    private static void Of_what_was_not_flushed_a_prefix_may_survive(StoreDriver driver)
    {
        driver.Open();
        LogPosition flushed = driver.Grow(epoch: 1, count: 2);
        List<LogPosition> allowed = [flushed];
        for (int i = 0; i < 5; i++)
        {
            driver.Append(driver.History.Next(1, $"unflushed {i}"));
            allowed.Add(driver.History.Head);
        }

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.That(
            allowed.Contains(state.Head), "The history ends at one of the entries after the last flush");
    }

    private static void The_log_goes_on_after_a_loss_of_power(StoreDriver driver)
    {
        driver.Open();
        driver.Grow(epoch: 1, count: 2);
        driver.Append(driver.History.Next(1, "unflushed"));
        driver.LosePowerAndOpen();
        LogPosition end = driver.Grow(epoch: 2, count: 3);

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(end, state.Head, "What was flushed after a recovery survives");
    }

    private static void Epochs_come_back(StoreDriver driver)
    {
        driver.Open();
        driver.AppendAndFlush(
            LogRecord.EpochChange(new Epochs(1, 0)), LogRecord.EpochChange(new Epochs(1, 1)));
        driver.AppendAndFlush(LogRecord.EpochChange(new Epochs(4, 1)));

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(new Epochs(4, 1), state.Epochs, "The epochs are those of the last record");
    }

    private static void Commit_records_come_back(StoreDriver driver)
    {
        driver.Open();
        LogPosition committed = driver.Grow(epoch: 1, count: 2);
        driver.AppendAndFlush(driver.History.Next(1, "more"), LogRecord.Commit(committed));

        RecoveredState state = driver.Reopen();

        Expect.Equal(committed, state.Committed, "Commit records come back");
    }

    private static void A_truncation_cuts_the_history(StoreDriver driver)
    {
        driver.Open();
        LogPosition kept = driver.Grow(epoch: 1, count: 3);
        driver.Grow(epoch: 1, count: 3);
        driver.AppendAndFlush(driver.History.Truncate(kept));
        RecoveredState cut = driver.LosePowerAndOpen();
        LogPosition end = driver.Grow(epoch: 2, count: 1);

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(kept, cut.Head, "The history ends where it was cut");
        Expect.Equal(end, state.Head, "The history goes on from where it was cut");
        Expect.Equal(4, state.Entries.Count, "What was cut off is gone");
    }

    private static void A_truncation_may_be_of_this_very_batch(StoreDriver driver)
    {
        driver.Open();
        LogRecord kept = driver.History.Next(1, "kept");
        LogRecord gone = driver.History.Next(1, "gone");
        driver.AppendAndFlush(
            kept, gone, driver.History.Truncate(kept.Position), driver.History.Next(2, "new"));

        RecoveredState state = driver.Reopen();

        Expect.Equal(driver.History.Head, state.Head, "The history goes on from where it was cut");
        Expect.Equal(2, state.Entries.Count, "What was cut off is gone");
    }

    private static void Bodies_may_be_empty(StoreDriver driver)
    {
        driver.Open();
        driver.AppendAndFlush(driver.History.Next(1, ""), driver.History.Next(1, ""));

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(2, state.Entries.Count, "Entries without bytes come back");
    }

    private static void Bodies_may_be_large(StoreDriver driver)
    {
        driver.Open();
        byte[] body = new byte[1_500_001];
        for (int i = 0; i < body.Length; i++)
        {
            body[i] = (byte)(i * 31);
        }

        driver.AppendAndFlush(driver.History.Next(1, body), driver.History.Next(1, "small"));

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(2, state.Entries.Count, "A megabyte comes back, and what follows it");
        Expect.That(state.Entries[0].Body.Span.SequenceEqual(body), "A megabyte comes back as it was");
    }

    private static void Many_small_batches_come_back(StoreDriver driver)
    {
        driver.Open();
        LogPosition end = driver.Grow(epoch: 1, count: 1000);

        RecoveredState state = driver.LosePowerAndOpen();

        Expect.Equal(end, state.Head, "Every batch comes back");
        Expect.Equal(1000, state.Entries.Count, "Every batch comes back");
    }

    private static void The_list_of_records_belongs_to_the_caller_again(StoreDriver driver)
    {
        driver.Open();
        List<LogRecord> records = [driver.History.Next(1, "a")];
        driver.Store.Append(records);
        records[0] = driver.History.Next(1, "b");
        driver.Store.Append(records);
        records.Clear();
        driver.Store.Flush();

        RecoveredState state = driver.Reopen();

        Expect.Equal(driver.History.Head, state.Head, "A list may be changed once it was appended");
    }

    private static void A_batch_may_be_empty(StoreDriver driver)
    {
        driver.Open();
        driver.AppendAndFlush();
        driver.Store.Flush();

        RecoveredState state = driver.Reopen();

        Expect.Equal(LogPosition.Start, state.Head, "Nothing appended is nothing there");
    }

    private static void A_gap_is_refused(StoreDriver driver)
    {
        driver.Open();
        driver.Grow(epoch: 1, count: 1);
        driver.History.Next(1, "left out");
        LogRecord late = driver.History.Next(1, "late");

        Expect.Throws<ArgumentException>(
            () => driver.Append(late), "An entry that leaves one out is refused");
    }

    private static void A_wrong_hash_is_refused(StoreDriver driver)
    {
        driver.Open();
        LogRecord entry = driver.History.Next(1, "body");
        LogRecord wrong = LogRecord.Entry(
            entry.Position with { Chain = new ChainHash(entry.Position.Chain.Value + 1) }, entry.Body);

        Expect.Throws<ArgumentException>(
            () => driver.Append(wrong), "An entry of another history is refused");
    }

    private static void A_truncation_outside_the_history_is_refused(StoreDriver driver)
    {
        driver.Open();
        LogPosition head = driver.Grow(epoch: 1, count: 2);
        LogPosition other = head with { Chain = new ChainHash(7) };

        Expect.Throws<ArgumentException>(
            () => driver.Append(LogRecord.Truncate(other)),
            "A truncation to a place that is not there is refused");
    }

    private static void Nothing_is_taken_after_a_refusal(StoreDriver driver)
    {
        driver.Open();
        LogPosition flushed = driver.Grow(epoch: 1, count: 2);
        LogRecord good = driver.History.Next(1, "good");
        LogRecord bad = LogRecord.Truncate(new LogPosition(Zxid.Of(9, 9), default));
        Expect.Throws<ArgumentException>(() => driver.Append(good, bad), "A bad record is refused");
        Expect.Throws<IOException>(() => driver.Append(good), "A store that failed takes nothing more");
        Expect.Throws<IOException>(() => driver.Store.Flush(), "A store that failed flushes no more");

        RecoveredState state = driver.Reopen();

        Expect.Equal(flushed, state.Head, "Of a batch with a bad record nothing is written");
    }

    private static void Another_server_is_refused(StoreDriver driver) =>
        RefuseIdentity(driver, StoreDriver.Identity with { ServerId = new ServerId(2) });

    private static void Another_ensemble_is_refused(StoreDriver driver) =>
        RefuseIdentity(driver, StoreDriver.Identity with { EnsembleId = "other" });

    private static void RefuseIdentity(StoreDriver driver, LogIdentity identity)
    {
        driver.Open();
        LogPosition head = driver.Grow(epoch: 1, count: 1);
        driver.Close();

        using (ILogStore store = driver.NewStore())
        {
            Expect.Throws<InvalidDataException>(() => store.Open(identity), "A log opens for its owner only");
        }

        Expect.Equal(head, driver.Open().Head, "A refused stranger changes nothing");
    }

    private static void A_second_store_on_the_same_disk_is_refused(StoreDriver driver)
    {
        driver.Open();
        using (ILogStore second = driver.NewStore())
        {
            Expect.Throws<IOException>(
                () => second.Open(StoreDriver.Identity), "A log opens for one store at a time");
        }

        LogPosition end = driver.Grow(epoch: 1, count: 1);

        Expect.Equal(end, driver.Reopen().Head, "A refused second store does not disturb the first");
    }
}
