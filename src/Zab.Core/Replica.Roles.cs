using System.Collections.Generic;
using Zab.Core.Election;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Recovery;
using Zab.Core.Roles;

namespace Zab.Core;

/// <content>Elections, and what happens between one role and the next.</content>
internal sealed partial class Replica
{
    /// <summary>Rounds beyond this are taken for damage: no ensemble gets there, and a sum must not
    /// overflow.</summary>
    private const long RoundMax = 1L << 62;

    private const int ShortRolesMax = 5;
    private long _roleSince;
    private int _shortRoles;
    private long _decideFrom;

    private void StartElection()
    {
        ReplicatedLog log = _context.Log;
        _context.Election.Start(log.Last.Zxid, log.Epochs.Current, _context.Now);
        NotifyAll();
    }

    /// <summary>Leaves the role, and looks for a leader again.</summary>
    /// <remarks>The log stays as it is: what was handed over will be written, and the vote waits for it
    /// (R12). The state stays, for it shows only what is committed and on disk; what was proposed goes with
    /// the leader's desk (R8).</remarks>
    private void LeaveRole(string reason)
    {
        _reason = reason;
        BackOff();
        foreach (Link link in new List<Link>(_quorumLinks.Keys))
        {
            _outbox.EndLink(link, $"server {_options.Self} looks for a leader: {reason}");
        }

        _quorumLinks.Clear();
        _leaderDesk = null;
        if (_role is Learner { WasIgnored: true })
        {
            _context.Election.Avoid(_role.LeaderId, _context.Now, 2 * _options.Roles.InitLimitTicks);
        }
        else if (_wasServing)
        {
            _context.Election.Forgive();
        }

        _asked.Clear();
        _clients.OnLeaderLost();
        _data.AbandonInstall();
        _wasServing = false;
        _role = new Looking();
        StartElection();
    }

    /// <summary>Waits longer, up to 8 ticks, before the next election is decided, when one role after another
    /// was soon over: where links break as soon as they are up, epochs must not be used up by the thousand
    /// (N10, ZB-63).</summary>
    private void BackOff()
    {
        bool wasShort = _context.Now - _roleSince < _options.Roles.SyncLimitTicks;
        _shortRoles = wasShort ? int.Min(_shortRoles + 1, ShortRolesMax) : 0;
        _decideFrom = _context.Now + (_shortRoles < 2 ? 0 : 1L << (_shortRoles - 2));
    }

    /// <summary>Follows or leads once the election has ended; not while this server's own disk hangs
    /// (R26).</summary>
    private void CheckElection()
    {
        if (_context.IsDiskStalled || _context.Now < _decideFrom)
        {
            return;
        }

        ServerId leader = _context.Election.Decide();
        if (leader == ServerId.None)
        {
            return;
        }

        _roleSince = _context.Now;

        NotifyAll();
        if (leader == _options.Self)
        {
            Lead();
            return;
        }

        foreach (Link link in _quorumLinks.Keys)
        {
            _outbox.EndLink(link, $"server {_options.Self} follows server {leader}");
        }

        _quorumLinks.Clear();
        Learner learner = _context.Verifier.IsVoter(_options.Self)
            ? new Follower(_context, leader)
            : new Observer(_context, leader);
        _role = learner;
        learner.Begin();
    }

    /// <summary>Leads, and meets the learners that were quicker than this server's own decision.</summary>
    private void Lead()
    {
        _role = new Leader(_context);
        foreach ((Link link, Message? first) in new List<KeyValuePair<Link, Message?>>(_quorumLinks))
        {
            if (first is { } message)
            {
                _quorumLinks[link] = null;
                _role.Step(link, message);
            }
        }
    }

    /// <summary>Keeps the first message of a learner that dialled early; a second one is not in the
    /// protocol.</summary>
    private void KeepForLater(Link link, Message? first, in Message message)
    {
        if (first is null)
        {
            _quorumLinks[link] = message;
        }
        else
        {
            _outbox.EndViolated(link, $"a {message.Type} came before server {_options.Self} had answered");
        }
    }

    private void OnElectionMessage(Link link, in Message message)
    {
        if (!_electionLinks.TryGetValue(link.Peer.Value, out Link current) || current != link)
        {
            StaleFacts++;
            return;
        }

        if (message.Type != MessageType.Notification
            || message.State is < ServerState.Looking or > ServerState.Observing
            || !_context.Verifier.IsMember(message.Candidate)
            || message.Epoch < 0 || message.SenderEpoch < 0 || message.SenderZxid < Zxid.None
            || message.Number is < 0 or > RoundMax)
        {
            _outbox.EndViolated(link, $"a malformed {message.Type} came on an election link");
            return;
        }

        if (_context.Election.OnNotification(link.Peer, message, _role is Looking, _context.Now))
        {
            _ = _toNotify.Add(link.Peer.Value);
        }
    }

    private void NotifyAll() => _toNotify.UnionWith(_electionLinks.Keys);

    /// <summary>Tells peers this server's vote and state: those that asked, or all when it changed.</summary>
    /// <remarks>A vote asserts the end of a history that is on disk (E1), so it waits for the disk.</remarks>
    private void SendNotifications()
    {
        if (_context.IsDiskStalled)
        {
            return; // They would only wait. Whoever is to be told is told when the disk goes on.
        }

        Vote vote = _context.Election.Vote;
        if (_role is not Looking)
        {
            vote = vote with { PeerEpoch = _context.Log.Epochs.Current, Candidate = _role.LeaderId };
        }

        Message notification = ProtocolMessages.Notification(
            vote,
            _context.Election.Own with { PeerEpoch = _context.Log.Epochs.Current },
            _context.Election.Round,
            _role.State,
            _context.Election.HearsQuorum);
        if (!IsSame(notification, _lastNotification))
        {
            _lastNotification = notification;
            NotifyAll();
        }

        foreach (int peer in _toNotify)
        {
            if (_electionLinks.TryGetValue(peer, out Link link))
            {
                _outbox.SendWhenDurable(link, notification);
            }
        }

        _toNotify.Clear();
    }

    private static bool IsSame(in Message left, in Message right) =>
        left.Type == right.Type && left.Epoch == right.Epoch && left.Zxid == right.Zxid
        && left.Candidate == right.Candidate && left.Number == right.Number && left.State == right.State
        && left.SenderEpoch == right.SenderEpoch && left.SenderZxid == right.SenderZxid
        && left.Flag == right.Flag;
}
