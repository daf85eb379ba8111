using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Checks;

/// <summary>What is known of one server, beside what it knows itself. It outlives the server's
/// crashes.</summary>
internal sealed class GhostServer(ServerId id, LogPosition start)
{
    /// <summary>The server.</summary>
    public ServerId Id => id;

    /// <summary>The log as it stands once all writes are done.</summary>
    public LogAccount Appended { get; set; } = new(start, default);

    /// <summary>The log as a loss of power would leave it now.</summary>
    public LogAccount Durable { get; set; } = new(start, default);

    /// <summary>The records between the two.</summary>
    public Queue<LogRecord> Pending { get; } = new();

    /// <summary>Records handed over since the last start.</summary>
    public long RecordsAppended { get; set; }

    /// <summary>Records on the disk since the last start.</summary>
    public long RecordsDurable { get; set; }

    /// <summary>The last transaction that its state shows.</summary>
    public Zxid Applied { get; set; } = start.Zxid;

    /// <summary>Whether a snapshot waits to replace its state, and where it was taken.</summary>
    public LogPosition? Installing { get; set; }

    /// <summary>What it was at the end of its last turn.</summary>
    public ServerState State { get; set; } = ServerState.Looking;

    /// <summary>Whether its log has failed in this life: it must not speak any more (E17).</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning { get; set; }

    /// <summary>The epochs that it promised so that it counts, and to whom.</summary>
    public Dictionary<int, ServerId> Promised { get; } = [];

    /// <summary>The epochs that it took over, and from whom.</summary>
    public Dictionary<int, ServerId> Adopted { get; } = [];

    /// <summary>The LEADERINFO that it heard last.</summary>
    public int LeaderInfoHeard { get; set; }

    /// <summary>The NEWLEADER that it heard last: the epoch, and the hash of the history before it.</summary>
    public (int Epoch, ChainHash Chain) NewLeaderHeard { get; set; }

    /// <summary>The epoch that it chose, and proposes for as long as it leads; 0 for none.</summary>
    public int Chosen { get; set; }

    /// <summary>What learners told it on links that are up.</summary>
    public Dictionary<long, LearnerTold> Told { get; } = [];

    /// <summary>What the log was at the beginning of the last flush.</summary>
    public (LogPosition Head, Epochs Epochs) BeforeLastFlush { get; set; }

    /// <summary>A turn ended: what learners said that are gone by now is of no more use to a server that
    /// does not lead.</summary>
    public void EndTurn()
    {
        Chosen = State == ServerState.Leading ? Chosen : 0;
        foreach ((long link, LearnerTold told) in Told)
        {
            told.IsGone = told.IsGoing;
            if (told.IsGone && State == ServerState.Looking)
            {
                _ = Told.Remove(link);
            }
        }
    }

    /// <summary>Forgets what was in memory only.</summary>
    public void ForgetMemory()
    {
        Told.Clear();
        Installing = null;
        State = ServerState.Looking;
        (LeaderInfoHeard, NewLeaderHeard, Chosen) = (0, default, 0);
        IsRunning = false;
    }

    /// <summary>What a learner told its leader on one link.</summary>
    internal sealed class LearnerTold(ServerId learner)
    {
        /// <summary>Who.</summary>
        public ServerId Learner => learner;

        /// <summary>Whether the link ended in the turn that is under way.</summary>
        public bool IsGoing { get; set; }

        /// <summary>Whether the link ended in an earlier turn.</summary>
        public bool IsGone { get; set; }

        /// <summary>The epoch that it had accepted; null before it said so.</summary>
        public int? Accepted { get; set; }

        /// <summary>Whether it promised the leader's epoch, and counts.</summary>
        public bool Promised { get; set; }

        /// <summary>Its current epoch, as it said.</summary>
        public int CurrentEpoch { get; set; }

        /// <summary>The end of its history, as it said.</summary>
        public LogPosition Last { get; set; }

        /// <summary>Whether it took over the epoch.</summary>
        public bool HasAdopted { get; set; }
    }
}
