using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;

namespace Zab.Hosting;

/// <summary>Sends what a turn has to say: one call a link, in order, and nothing before the disk has what it asserts (R1).
/// </summary>
internal sealed class MessageSender(ITransport transport)
{
    private readonly Queue<(long Records, IReadOnlyList<Envelope> Messages)> _waiting = new();
    private readonly Dictionary<Link, List<Message>> _byLink = [];
    private readonly List<Link> _order = [];
    private readonly Stack<List<Message>> _spare = new();

    /// <summary>Sends a turn's messages, and those of earlier turns whose records are on disk now.</summary>
    /// <param name="ready">The turn.</param>
    /// <param name="persisted">How many records are on disk, as far as the replica knows.</param>
    public void Send(Ready ready, long persisted)
    {
        while (_waiting.TryPeek(out (long Records, IReadOnlyList<Envelope> Messages) due) && due.Records <= persisted)
        {
            Add(_waiting.Dequeue().Messages);
        }

        Add(ready.SendNow);
        if (ready.SendAfterPersist.Count > 0)
        {
            if (ready.RecordsAfter <= persisted)
            {
                Add(ready.SendAfterPersist);
            }
            else
            {
                _waiting.Enqueue((ready.RecordsAfter, ready.SendAfterPersist));
            }
        }

        foreach (Link link in _order)
        {
            List<Message> messages = _byLink[link];
            transport.Send(link, messages);
            messages.Clear();
            _spare.Push(messages);
        }

        _order.Clear();
        _byLink.Clear();
    }

    private void Add(IReadOnlyList<Envelope> envelopes)
    {
        for (int i = 0; i < envelopes.Count; i++)
        {
            (Link link, Message message) = envelopes[i];
            if (!_byLink.TryGetValue(link, out List<Message>? messages))
            {
                messages = _spare.TryPop(out List<Message>? spare) ? spare : [];
                _byLink.Add(link, messages);
                _order.Add(link);
            }

            messages.Add(message);
        }
    }
}
