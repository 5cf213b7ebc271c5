using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing;

/// <summary>The event with the largest scope is master; whenever one comes or goes, the master is elected anew.</summary>
/// <remarks>
/// Source: Peter Zijlstra, 5 Nov 2019 20:16 and 6 Nov 2019 09:14, 20:44 UTC. It claims that one of the events can always be master:
/// whenever a slave counts, so may its master. How the mails were read:
/// <list type="bullet">
/// <item>Scope: «the cgroup event nearest to the root», an event without a cgroup being as large as one of the root cgroup; «complete
/// subsets» also holds for processors, so that in a task's context an event of every processor covers one of a single one. The same PMU is
/// taken for granted. Among equals the master stays who it is, or the oldest becomes it.</item>
/// <item>«Disjoint subtrees … it doesn't make sense to share anyway»: each subtree has a master of its own.</item>
/// <item>Elected anew on add, delete, IOC_DISABLE and IOC_ENABLE; who is off or in error is no candidate. The mails do not say how a
/// counter changes hands while slaves count. Here: with the PMU disabled the old master is deleted, all take their share, the new one is
/// added; nothing else is rescheduled.</item>
/// <item>«Disallow group events to be master (but allow them to be slaves)»: an event with siblings, or with a leader, is never master. A
/// lone event is one until the first sibling joins it.</item>
/// <item>Rotation: «if we do add() on a slave, add the master if it wasn't add()'ed yet». The mails do not say what becomes of the count
/// of a master that only slaves keep on the PMU. Here the PMU counts into its <c>count</c>, as into that of v6's virtual master, and
/// every event, the master too, takes its own share out of that while it is active.</item>
/// </list>
/// </remarks>
/// <param name="comparison">How two events are compared. The default is Song's answer of 31 Oct to «slightly scared by this one».</param>
/// <param name="test">Which events may share. The default is the one that Peter asks for on 31 Oct.</param>
public sealed class LargestScope(
    AttrComparison comparison = AttrComparison.WholeAttr, SharingTest test = SharingTest.IsSamplingEvent) : ISharingDesign
{
    internal static DesignChoices Choices { get; } = new("largest-scope", [DesignChoices.FourFields], said => new LargestScope(
        said(DesignChoices.FourFields) ? AttrComparison.FourFields : AttrComparison.WholeAttr));

    /// <inheritdoc/>
    public string Name { get; } = DesignChoices.Name("largest-scope", (comparison == AttrComparison.FourFields, DesignChoices.FourFields));

    /// <inheritdoc/>
    public string Source => "Peter Zijlstra, 5 Nov 2019 20:16, 6 Nov 2019 09:14 and 20:44 UTC";

    /// <inheritdoc/>
    public string Claim => "the event with the largest scope is always a fit master, if it is elected anew on add, delete, disable and enable";

    /// <inheritdoc/>
    public bool MasterMustCoverSlaves => true;

    /// <inheritdoc/>
    public KernelTask Added(PerfCore core, PerfEvent e, PerfContext ctx) => Elect(core, ctx, e, leaves: false, joins: true);

    /// <inheritdoc/>
    public KernelTask Removing(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        Dup dup = Of(e);
        bool matters = dup.Slaves > 0 || dup.InGroup;
        dup.InGroup = false;
        if (matters)
        {
            return Elect(core, ctx, e, leaves: true, joins: false);
        }

        dup.Follow(e);
        return KernelTask.Done;
    }

    /// <inheritdoc/>
    public KernelTask Enabled(PerfCore core, PerfEvent e, PerfContext ctx) => Elect(core, ctx, e, leaves: false, joins: false);

    /// <inheritdoc/>
    public KernelTask Disabled(PerfCore core, PerfEvent e, PerfContext ctx) => Elect(core, ctx, e, leaves: false, joins: false);

    /// <inheritdoc/>
    public async KernelTask<bool> Add(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        return CanShare(e) ? await Join(core, Of(e)) : await core.PmuAdd(e);
    }

    /// <inheritdoc/>
    public async KernelTask Del(PerfCore core, PerfEvent e, PerfContext ctx)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (!CanShare(e))
        {
            await core.PmuDel(e);
            return;
        }

        Dup dup = Of(e);
        if (!dup.Counting)
        {
            return;
        }

        Dup master = Of(dup.Master);
        if (master.Active == 1)
        {
            master.OnPmu = false;
            await core.PmuDel(dup.Master);
        }
        else
        {
            await core.PmuRead(dup.Master);
        }

        dup.TakeShare();
        dup.Counting = false;
        master.Active--;
    }

    /// <inheritdoc/>
    public async KernelTask Read(PerfCore core, PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(core);
        if (!CanShare(e))
        {
            await core.PmuRead(e);
            return;
        }

        // An NMI may come while the counter changes hands: it then sees the count of before.
        Dup dup = Of(e);
        if (dup.Counting && Of(dup.Master).OnPmu)
        {
            await core.PmuRead(dup.Master);
            dup.TakeShare();
        }
    }

    /// <inheritdoc/>
    public long Count(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return CanShare(e) ? Of(e).OwnCount : e.Count;
    }

    /// <inheritdoc/>
    public void ResetCount(PerfEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (CanShare(e))
        {
            Of(e).OwnCount = 0;
        }
        else
        {
            e.Count = 0;
        }
    }

    /// <inheritdoc/>
    public void SwapCounts(PerfEvent a, PerfEvent b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (CanShare(a))
        {
            (Of(a).OwnCount, Of(b).OwnCount) = (Of(b).OwnCount, Of(a).OwnCount);
        }
        else
        {
            (a.Count, b.Count) = (b.Count, a.Count);
        }
    }

    /// <inheritdoc/>
    public PerfEvent? CounterOwner(PerfEvent e) => Of(e).Master;

    private bool CanShare(PerfEvent e) => AttrRules.CanShare(e, test);

    /// <summary>Finds out who follows whom now, and lets counters change hands.</summary>
    /// <remarks>One walk for who is in a group, one for the candidates of the classes that this concerns, one for the votes.</remarks>
    private async KernelTask Elect(PerfCore core, PerfContext ctx, PerfEvent subject, bool leaves, bool joins)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(ctx);
        List<Ballot> ballots = [];
        Call(ballots, subject);
        foreach (PerfEvent e in ctx.EventList)
        {
            // perf_group_attach() comes after list_add_event(): the leader does not know its new sibling yet.
            bool isLeaving = leaves && ReferenceEquals(e, subject);
            bool hasNewSibling = joins && ReferenceEquals(subject.GroupLeader, e) && !ReferenceEquals(subject, e);
            bool inGroup = !isLeaving && (!e.IsLeader || e.Siblings.Count > 0 || hasNewSibling);
            Dup dup = Of(e);
            if (dup.InGroup != inGroup)
            {
                dup.InGroup = inGroup;
                Call(ballots, e);
            }
        }

        foreach (PerfEvent m in ctx.EventList)
        {
            if (m.State >= EventState.Inactive && !(leaves && ReferenceEquals(m, subject)) && BallotOf(ballots, m) is { } ballot && !Of(m).InGroup)
            {
                ballot.Stand(m);
            }
        }

        List<(Dup Voter, PerfEvent Elected)> changes = [];
        foreach (PerfEvent e in ctx.EventList)
        {
            if (BallotOf(ballots, e) is not { } ballot)
            {
                continue;
            }

            bool votes = e.State >= EventState.Inactive && !(leaves && ReferenceEquals(e, subject));
            PerfEvent elected = votes ? ballot.ElectedBy(e) ?? e : e;
            if (!ReferenceEquals(elected, Of(e).Master))
            {
                changes.Add((Of(e), elected));
            }
        }

        if (changes.Count > 0)
        {
            await ChangeHands(core, ctx, changes);
        }
    }

    private void Call(List<Ballot> ballots, PerfEvent e)
    {
        if (CanShare(e) && BallotOf(ballots, e) is null)
        {
            ballots.Add(new Ballot(e));
        }
    }

    private Ballot? BallotOf(List<Ballot> ballots, PerfEvent e) =>
        CanShare(e) ? ballots.Find(b => ReferenceEquals(b.Of, e) || AttrRules.Compatible(b.Of, e, comparison)) : null;

    /// <summary>The election of one class. For each scope one candidate stands; the list begins with the newest.</summary>
    private sealed class Ballot(PerfEvent of)
    {
        private readonly List<PerfEvent> _candidates = [];

        public PerfEvent Of { get; } = of;

        /// <summary>Among equals the one that stands higher, else the oldest.</summary>
        public void Stand(PerfEvent m)
        {
            int at = _candidates.FindIndex(c => Covers(c, m) && Covers(m, c));
            if (at < 0)
            {
                _candidates.Add(m);
            }
            else if (LargestScope.Of(m).Standing >= LargestScope.Of(_candidates[at]).Standing)
            {
                _candidates[at] = m;
            }
        }

        /// <summary>The candidate that covers a voter, and is covered by none that does.</summary>
        public PerfEvent? ElectedBy(PerfEvent voter)
        {
            PerfEvent? best = null;
            foreach (PerfEvent c in _candidates)
            {
                if (Covers(c, voter) && (best is null || Covers(c, best)))
                {
                    best = c;
                }
            }

            return best;
        }
    }

    /// <summary>Whether <paramref name="large"/> may count whenever <paramref name="small"/> may.</summary>
    private static bool Covers(PerfEvent large, PerfEvent small)
    {
        bool everyCgroup = large.Cgrp?.Parent is null;
        bool cgroup = everyCgroup || (small.Cgrp is { } c && c.IsDescendantOf(large.Cgrp!));
        return cgroup && (large.Cpu == -1 || large.Cpu == small.Cpu) && ReferenceEquals(large.Pmu, small.Pmu);
    }

    // Whoever counts at this moment lets go of the old master before anybody takes the new one: the new one needs that counter.
    private static async KernelTask ChangeHands(PerfCore core, PerfContext ctx, List<(Dup Voter, PerfEvent Elected)> changes)
    {
        List<Dup> counting = [.. changes.Where(c => c.Voter.Counting).Select(c => c.Voter)];
        if (counting.Count > 0)
        {
            core.PerfPmuDisable(ctx.Kind);
        }

        foreach (Dup voter in counting)
        {
            voter.Counting = false;
            Dup old = Of(voter.Master);
            if (--old.Active == 0)
            {
                old.OnPmu = false;
                await core.PmuDel(voter.Master);
            }
            else
            {
                await core.PmuRead(voter.Master);
            }
        }

        // Only now has every old master its last count.
        foreach (Dup voter in counting)
        {
            voter.TakeShare();
        }

        foreach ((Dup voter, PerfEvent elected) in changes)
        {
            voter.Follow(elected);
        }

        foreach (Dup voter in counting)
        {
            bool joined = await Join(core, voter);
            core.Machine.WarnOnOnce(!joined, "the new master does not get the counter of the old one");
        }

        if (counting.Count > 0)
        {
            core.PerfPmuEnable(ctx.Kind);
        }
    }

    /// <summary>Adds the master if nobody has, and begins to count along.</summary>
    private static async KernelTask<bool> Join(PerfCore core, Dup dup)
    {
        Dup master = Of(dup.Master);
        if (!master.OnPmu)
        {
            if (!await core.PmuAdd(dup.Master))
            {
                return false;
            }

            master.OnPmu = true;
        }
        else
        {
            await core.PmuRead(dup.Master);
        }

        master.Active++;
        dup.Base = core.LocalCount(dup.Master);
        dup.Counting = true;
        return true;
    }

    private static Dup Of(PerfEvent e) => (Dup)(e.DesignData ??= new Dup(e));

    // What the design adds to struct perf_event.
    private sealed class Dup
    {
        private readonly PerfEvent _self;

        public Dup(PerfEvent self)
        {
            _self = self;
            Master = self;
        }

        /// <summary>Who counts for the event; itself when it is master or alone.</summary>
        public PerfEvent Master { get; private set; }

        /// <summary>What the event has counted; its <c>count</c> is what the PMU counted for all who follow it.</summary>
        public long OwnCount { get; set; }

        /// <summary>The master's count when the event last took its share.</summary>
        public long Base { get; set; }

        /// <summary>Whether the event takes shares now.</summary>
        public bool Counting { get; set; }

        /// <summary>As a master: how many take shares now.</summary>
        public int Active { get; set; }

        /// <summary>As a master: whether the PMU counts into it.</summary>
        public bool OnPmu { get; set; }

        /// <summary>As a master: how many others follow it.</summary>
        public int Slaves { get; private set; }

        /// <summary>Among candidates of the same scope the one with slaves stays master, then the one that has a counter.</summary>
        public int Standing => (Slaves > 0 ? 2 : 0) + (OnPmu ? 1 : 0);

        public bool InGroup { get; set; }

        public void TakeShare()
        {
            OwnCount += Master.Count - Base;
            Base = Master.Count;
        }

        public void Follow(PerfEvent master)
        {
            Of(Master).Slaves -= ReferenceEquals(Master, _self) ? 0 : 1;
            Master = master;
            Of(Master).Slaves += ReferenceEquals(Master, _self) ? 0 : 1;
        }
    }
}
