using System.Collections.Generic;
using Zab.Core.Messages;
using Zab.Core.Requests;
using Zab.Core.Roles;

namespace Zab.Core;

/// <content>The way of clients' requests to the leader.</content>
internal sealed partial class Replica
{
    private readonly RequestWindow _asked;
    private bool _mustAskAgain;

    private void AskLeader(in ClientRequest request)
    {
        if (_leaderDesk is { } desk)
        {
            if (_clients.HasReadBefore(request.Session, request.Cxid))
            {
                desk.EndBatch(); // the read must find a state without this request
            }

            if (desk.OnRequest(request, via: null, _options.Self, _context.Now, _timeMs) is { } refusal)
            {
                desk.EndBatch(); // the answer must find the state that it rests on
                _clients.OnRefused(refusal.DecidedAt, request.Session, request.Cxid, refusal.Refusal);
            }
        }
        else if (_role is Learner { LeaderLink: not null })
        {
            _asked.Add(request);
            SendRequests();
        }
    }

    /// <summary>Sends the leader the requests for which there is room on the way.</summary>
    private void SendRequests()
    {
        while (_role is Learner { LeaderLink: { } link } && _asked.TryTake(out ClientRequest request))
        {
            Message message = new() { Type = MessageType.Request, Body = request.Encode() };
            _asked.OnSent(request.Session, request.Cxid, message.Body.Length);
            _outbox.Send(link, message);
        }
    }

    /// <summary>Sends on what was held behind barriers that are answered now.</summary>
    /// <returns>Whether there was any.</returns>
    private bool AskReleased()
    {
        bool any = AskAgain();
        while (_clients.TryTakeReleased(out ClientRequest request))
        {
            any = true;
            AskLeader(request);
        }

        return any;
    }

    /// <summary>Asks the leader what the one before did not answer. Not before the state shows what that one
    /// did: a session that was opened, and is over by now, would be opened once more (K8).</summary>
    private bool AskAgain()
    {
        if (!_mustAskAgain || !IsServing)
        {
            return false;
        }

        _mustAskAgain = false;
        List<ClientRequest> again = _clients.AskAgain();
        again.ForEach(request => AskLeader(request));
        return again.Count > 0;
    }
}
