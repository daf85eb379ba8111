using Zab.Core.Messages;
using Zab.Core.Ports;

namespace Zab.Testing.Simulation;

/// <summary>A link between two servers: two wires, each with an end at either.</summary>
internal sealed class SimulatedLink
{
    /// <summary>Makes the link; the numbers name its ends.</summary>
    public SimulatedLink(SimulatedServer a, SimulatedServer b, LinkKind kind, long number)
    {
        AtoB = new Wire(this, a, b, new Link(b.Id, kind, number), new Link(a.Id, kind, number + 1));
        BtoA = new Wire(this, b, a, AtoB.ReceiverLink, AtoB.SenderLink);
        (AtoB.Opposite, BtoA.Opposite) = (BtoA, AtoB);
        Kind = kind;
    }

    /// <summary>What it is for.</summary>
    public LinkKind Kind { get; }

    /// <summary>The wire from the server that dialled.</summary>
    public Wire AtoB { get; }

    /// <summary>The wire to the server that dialled.</summary>
    public Wire BtoA { get; }

    /// <summary>Whether neither end is up any more.</summary>
    public bool IsGone => !AtoB.IsSenderUp && !BtoA.IsSenderUp;

    /// <summary>One direction of a link.</summary>
    /// <param name="link">The link.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="senderLink">What the sender calls it.</param>
    /// <param name="receiverLink">What the receiver calls it.</param>
    internal sealed class Wire(
        SimulatedLink link, SimulatedServer from, SimulatedServer to, Link senderLink, Link receiverLink)
    {
        /// <summary>The link.</summary>
        public SimulatedLink Owner => link;

        /// <summary>The sender.</summary>
        public SimulatedServer From => from;

        /// <summary>The receiver.</summary>
        public SimulatedServer To => to;

        /// <summary>What the sender calls the link.</summary>
        public Link SenderLink => senderLink;

        /// <summary>What the receiver calls the link.</summary>
        public Link ReceiverLink => receiverLink;

        /// <summary>The other direction.</summary>
        public Wire Opposite { get; set; } = null!;

        /// <summary>In which life of the sender its end came up.</summary>
        public int SenderLife { get; } = from.Life;

        /// <summary>Whether the sender's end is up.</summary>
        public bool IsSenderUp { get; set; } = true;

        /// <summary>Whether the receiver's own machine knows that the link is broken: only that is left to
        /// arrive.</summary>
        public bool IsBroken { get; set; }

        /// <summary>What is under way, and when it arrives; null is the end of the link.</summary>
        public Queue<(long AtUs, Message? Message)> UnderWay { get; } = new();

        /// <summary>The bytes of a snapshot that have arrived at a learner which is not told to serve
        /// yet.</summary>
        public long SnapshotBytes { get; set; }

        /// <summary>When the last message under way arrives.</summary>
        public long LastAtUs { get; set; }

        /// <summary>Whether an event for the first message is planned.</summary>
        public bool IsPlanned { get; set; }

        /// <summary>Whether the last message before the end is nonsense.</summary>
        public bool EndsInNonsense { get; set; }

        /// <summary>Why the link ends, once it does.</summary>
        public string EndReason { get; set; } = "";
    }
}
