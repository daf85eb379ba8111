using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Faults;

/// <summary>Messages that no server sends: each must cost its sender the link, and nothing else
/// (R20).</summary>
internal static class Nonsense
{
    private static readonly MessageType[] s_types =
        [.. Enum.GetValues<MessageType>(), default, (MessageType)99];

    /// <summary>Draws one that is wrong wherever it arrives.</summary>
    public static Message Draw(Prng prng, LinkKind kind) => kind == LinkKind.Election && !prng.OneIn(4)
        ? Notification(prng)
        : OfAnyType(prng);

    private static Message Notification(Prng prng)
    {
        Message sound = new()
        {
            Type = MessageType.Notification,
            Candidate = new ServerId(1),
            State = ServerState.Looking,
            Epoch = 1,
            SenderEpoch = 1,
            Number = 1,
        };
        return prng.Below(7) switch
        {
            0 => sound with { State = default },
            1 => sound with { State = (ServerState)99 },
            2 => sound with { Candidate = new ServerId(ServerId.Max) },
            3 => sound with { Epoch = -1 },
            4 => sound with { SenderEpoch = int.MinValue },
            5 => sound with { SenderZxid = new Zxid(-1) },
            _ => sound with { Number = prng.OneIn(2) ? long.MaxValue : -1 },
        };
    }

    /// <summary>No epoch is negative, no position is that high, and no body has such a length.</summary>
    private static Message OfAnyType(Prng prng)
    {
        MessageType type = s_types[prng.Below(s_types.Length)];
        return new Message
        {
            // A snapshot could be of anything; its chunks could not.
            Type = type == MessageType.Snap ? MessageType.SnapChunk : type,
            Epoch = -1 - prng.Below(3),
            Zxid = Zxid.Of(int.MaxValue - 1, uint.MaxValue - 7),
            Number = -1,
            Flag = prng.OneIn(2),
            Body = new byte[1 + (2 * prng.Below(9))],
        };
    }
}
