using System;
using System.Collections.Generic;
using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Core.Quorum;

namespace Zab.Core.Election;

/// <summary>Elects by gossip of votes: everyone moves to the best vote, and a quorum for it
/// decides.</summary>
/// <remarks>
/// <para>What it decides is a hint: discovery makes it safe. What it must do is end, so a candidate is voted
/// for only when it was heard on a link of its own, in this round (R26, ZB-61), and is passed over when its
/// vote finds no quorum.</para>
/// <para>It keeps what every peer last said for as long as the link is up; a looking server, only as long as
/// the peer goes on to say it. Source: ZooKeeper <c>FastLeaderElection</c>.</para>
/// </remarks>
internal sealed class FastLeaderElection(ServerId self, QuorumVerifier verifier, ElectionOptions options)
{
    private readonly SortedDictionary<int, PeerView> _views = [];
    private Vote _own;
    private int _ownEpoch;
    private ServerSet _passedOver;
    private readonly SortedDictionary<int, (long Until, long Ticks)> _avoided = [];
    private long _quorumSince = -1;
    private long _voteSince;
    private long _now;

    /// <summary>The round of this server. Rises with each election that it starts or joins.</summary>
    public long Round { get; private set; }

    /// <summary>The vote for this server itself: the end of its history when the election began.</summary>
    public Vote Own => _own;

    /// <summary>The vote of this server now.</summary>
    public Vote Vote { get; private set; }

    /// <summary>The servers heard on a link that is up, with what they last said.</summary>
    public IReadOnlyDictionary<int, PeerView> Views => _views;

    /// <summary>Whether this server must not lead, as its state is wrong (R25): it votes for others, and they
    /// do not vote for it.</summary>
    public bool CannotLead { get; set; }

    /// <summary>Whether this server hears a quorum of voters, itself among them, and so may be voted
    /// for.</summary>
    public bool HearsQuorum
    {
        get
        {
            if (CannotLead)
            {
                return false;
            }

            ServerSet heard = ServerSet.Of(self);
            foreach (int id in _views.Keys)
            {
                heard.Add(new ServerId(id));
            }

            return verifier.IsQuorum(heard);
        }
    }

    /// <summary>Whether this server has a vote at all: observers only watch.</summary>
    private bool Votes => verifier.IsVoter(self);

    /// <summary>Starts a new round with a vote for oneself, from the end of the durable history.</summary>
    /// <remarks>What peers with a leader said before is forgotten: they answer a looking server, so a leader
    /// that still lives is heard again, and one that hangs is not followed twice.</remarks>
    public void Start(Zxid lastZxid, int currentEpoch, long now)
    {
        _now = now;
        _ownEpoch = currentEpoch;
        _own = new Vote(currentEpoch, lastZxid, self);
        _ = Forget(view => view.State != ServerState.Looking || IsSilent(view));
        EnterRound(Round + 1);
    }

    /// <summary>Neither votes for nor follows a server for a while: it was followed, and said
    /// nothing.</summary>
    /// <remarks>Its votes may be heard while nothing comes through the other way (N5). Without this, a server
    /// would follow it in vain again and again, and be missing where it is needed (R26).</remarks>
    /// <param name="leader">The server.</param>
    /// <param name="now">The tick.</param>
    /// <param name="ticksMax">How long at most. Each time it is twice as long: those who gave it up at
    /// different times must come to do so together, or each goes back to it before the next one
    /// leaves.</param>
    public void Avoid(ServerId leader, long now, long ticksMax)
    {
        long ticks = long.Max(2 * options.StallTicks, 2 * _avoided.GetValueOrDefault(leader.Value).Ticks);
        ticks = long.Min(ticks, ticksMax);
        _avoided[leader.Value] = (now + ticks, ticks);
    }

    /// <summary>This server was part of an ensemble that served: whom it avoided before is
    /// forgiven.</summary>
    public void Forgive() => _avoided.Clear();

    /// <summary>A peer told its vote and state. Applies to every state of this server; only a looking one
    /// moves.</summary>
    /// <returns>Whether the peer is behind and should be told our state.</returns>
    public bool OnNotification(ServerId from, in Message notification, bool looking, long now)
    {
        PeerView view = new(
            new Vote(notification.Epoch, notification.Zxid, notification.Candidate),
            new Vote(notification.SenderEpoch, notification.SenderZxid, from),
            notification.Number,
            notification.State,
            notification.Flag,
            now);
        _views[from.Value] = view;
        if (!looking)
        {
            return view.State == ServerState.Looking;
        }

        if (view.State == ServerState.Looking && Votes && verifier.IsVoter(from))
        {
            if (view.Round > Round)
            {
                EnterRound(view.Round);
            }
            else if (view.Round < Round)
            {
                return true;
            }
        }

        Reconsider();
        return false;
    }

    /// <summary>The link to a peer is gone, and with it what the peer said.</summary>
    public void OnPeerLost(ServerId peer)
    {
        _ = _views.Remove(peer.Value);
        Reconsider();
    }

    /// <summary>Time passes while this server is looking.</summary>
    /// <returns>Whether it is time to repeat the vote to all.</returns>
    public bool Tick(long now)
    {
        _now = now;
        if (Forget(IsSilent))
        {
            Reconsider();
        }

        if (Votes && now > _voteSince && (now - _voteSince) % options.StallTicks == 0)
        {
            YieldToElectable();
        }

        return (now - _voteSince) % options.ResendTicks == 0;
    }

    /// <summary>The leader to follow, if the election has come to its end; this server itself when it is to
    /// lead.</summary>
    public ServerId Decide()
    {
        ServerId established = EstablishedLeader();
        if (established != ServerId.None || !Votes)
        {
            return established;
        }

        ServerSet supporters = Supporters();
        if (!supporters.Contains(Vote.Candidate) || !verifier.IsQuorum(supporters))
        {
            _quorumSince = -1;
            return ServerId.None;
        }

        if (_quorumSince < 0)
        {
            _quorumSince = _now;
        }

        bool unanimous = supporters.Intersect(verifier.Voters).Equals(verifier.Voters);
        return unanimous || _now - _quorumSince >= options.FinalizeTicks ? Vote.Candidate : ServerId.None;
    }

    /// <summary>Whether, as far as is known, a quorum may still come to follow
    /// <paramref name="leader"/>.</summary>
    /// <remarks>Lets a candidate that lost its voters give up before its deadline (ZB-52).</remarks>
    public bool MayHaveQuorum(ServerId leader, ServerSet connected)
    {
        ServerSet possible = connected;
        possible.Add(self);
        foreach ((int id, PeerView view) in _views)
        {
            if (view.Vote.Candidate == leader)
            {
                possible.Add(new ServerId(id));
            }
        }

        return verifier.IsQuorum(possible);
    }

    /// <summary>Whether a looking server should have heard a peer again by now.</summary>
    /// <remarks>Whoever looks repeats itself, and whoever does not answers a looking server. A link may stay
    /// up at an end that hears nothing more (N5): a server that counted its last words would still say that
    /// it hears a quorum, and keep the votes of those that hear it.</remarks>
    private bool IsSilent(PeerView view) => _now - view.HeardAt > 2 * options.StallTicks;

    private bool Forget(Func<PeerView, bool> isOver)
    {
        int before = _views.Count;
        foreach ((int id, PeerView view) in new List<KeyValuePair<int, PeerView>>(_views))
        {
            if (isOver(view))
            {
                _ = _views.Remove(id);
            }
        }

        return _views.Count < before;
    }

    private void EnterRound(long round)
    {
        Round = round;
        _passedOver = default;
        Adopt(_own);
        Reconsider();
    }

    private void Adopt(Vote vote)
    {
        Vote = vote;
        _quorumSince = -1;
        _voteSince = _now;
    }

    /// <summary>Moves to the best candidate that was itself heard in this round.</summary>
    /// <remarks>What others vote for does not matter here: a candidate is judged by what it says of itself.
    /// So equal ears come to equal votes, and no vote lives on by hearsay alone.</remarks>
    private void Reconsider()
    {
        if (!Votes)
        {
            return;
        }

        Vote best = _own;
        foreach ((int id, PeerView view) in _views)
        {
            if (IsEligible(id, view) && view.Own.Beats(Weighed(best)))
            {
                best = view.Own;
            }
        }

        if (best != Vote)
        {
            Adopt(best);
        }
    }

    /// <summary>A server that cannot lead stands behind everyone with the same history. It still tells its
    /// own vote as it is: a vote for nobody would be none.</summary>
    private Vote Weighed(Vote vote) =>
        CannotLead && vote.Candidate == self ? vote with { Candidate = ServerId.None } : vote;

    /// <summary>When the own vote finds no quorum, but a lesser one would with this server behind it, passes
    /// over all better ones.</summary>
    /// <remarks>The better candidate is one that the others cannot hear (ZB-61). Votes below the own are
    /// never taken: that candidate would have to refuse this server.</remarks>
    private void YieldToElectable()
    {
        ServerSet supporters = Supporters();
        if (supporters.Contains(Vote.Candidate) && verifier.IsQuorum(supporters))
        {
            return;
        }

        Vote? best = !CannotLead && verifier.IsQuorum(SupportersOf(_own)) ? _own : null;
        foreach ((int id, PeerView view) in _views)
        {
            if (IsEligible(id, view) && view.Own.Beats(best ?? Weighed(_own))
                && verifier.IsQuorum(SupportersOf(view.Own)))
            {
                best = view.Own;
            }
        }

        if (best is not { } electable)
        {
            return;
        }

        foreach ((int id, PeerView view) in _views)
        {
            if (view.Own.Beats(electable))
            {
                _passedOver.Add(new ServerId(id));
            }
        }

        Reconsider();
    }

    private bool IsEligible(int candidate, PeerView view) =>
        view.HearsQuorum && !_passedOver.Contains(new ServerId(candidate)) && !IsAvoided(candidate)
        && IsInThisRound(candidate, view);

    private bool IsAvoided(int server) => _avoided.GetValueOrDefault(server).Until > _now;

    /// <summary>Whether a voter takes part in this round: it votes, or saw its own quorum already and
    /// leads.</summary>
    private bool IsInThisRound(int id, PeerView view) =>
        view.State is ServerState.Looking or ServerState.Leading
        && view.Round == Round && verifier.IsVoter(new ServerId(id));

    /// <summary>The voters behind a vote, this server among them.</summary>
    /// <remarks>A server that never joined an ensemble counts only for a candidate that never did either: it
    /// may have been a voter that lost its disk (R17). One that saw the quorum first follows already, and no
    /// longer votes: it stands behind its leader all the same.</remarks>
    private ServerSet Supporters() => SupportersOf(Vote);

    private ServerSet SupportersOf(Vote vote)
    {
        ServerSet all = ServerSet.Of(self);
        ServerSet counting = default;
        AddIfCounting(ref counting, self, _ownEpoch, vote);
        foreach ((int id, PeerView view) in _views)
        {
            bool follows = view.State == ServerState.Following
                && view.Vote.Candidate == vote.Candidate && verifier.IsVoter(new ServerId(id));
            if (follows || (IsInThisRound(id, view) && view.Vote == vote))
            {
                all.Add(new ServerId(id));
                AddIfCounting(ref counting, new ServerId(id), view.Own.PeerEpoch, vote);
            }
        }

        // With every voter there, no disk is missing from the count, lost or not.
        return all.Intersect(verifier.Voters).Equals(verifier.Voters) ? all : counting;
    }

    private static void AddIfCounting(ref ServerSet supporters, ServerId server, int currentEpoch, Vote vote)
    {
        if (currentEpoch > 0 || vote.PeerEpoch == 0)
        {
            supporters.Add(server);
        }
    }

    /// <summary>A leader that says so itself: the one voted for, or one that a quorum follows or
    /// would.</summary>
    /// <remarks>Rounds and zxids are not compared: members stored them at different times (ZK-1732,
    /// ZB-51).</remarks>
    private ServerId EstablishedLeader()
    {
        foreach ((int leader, PeerView claim) in _views)
        {
            if (claim.State != ServerState.Leading || !verifier.IsVoter(new ServerId(leader))
                || IsAvoided(leader))
            {
                continue;
            }

            if (Votes && claim.Round == Round && Vote.Candidate.Value == leader)
            {
                return new ServerId(leader);
            }

            ServerSet followers = ServerSet.Of(new ServerId(leader));
            if (Votes && _ownEpoch > 0)
            {
                followers.Add(self);
            }

            foreach ((int id, PeerView view) in _views)
            {
                if (view.State == ServerState.Following && view.Vote.Candidate.Value == leader)
                {
                    followers.Add(new ServerId(id));
                }
            }

            if (verifier.IsQuorum(followers))
            {
                return new ServerId(leader);
            }
        }

        return ServerId.None;
    }
}
