using ActorPmu.Scenarios;
namespace ActorPmu.Kernel.Tests;

/// <summary>Random sequences of driver calls against a model that counts occurrence by occurrence and knows no counters.</summary>
public sealed class GeneratedTests
{
    private static readonly uint[] Codes = [PmuBench.A, PmuBench.B, PmuBench.C, PmuBench.D, PmuBench.F, 0x3c, 0xc0, 0x300, 0x11, 0x01c0];
    private static readonly Work[] Works =
    [
        PmuBench.Unit,
        new(new(0x3c, 5), new(0xc0, 3), new(0x3c, 2), new(0x300, 4)),
        new(new(0x11, 1), new(PmuBench.A, 0), new(0x01c0, 2), new(PmuBench.A, 0)),
    ];

    public static TheoryData<string, int, int> Cases()
    {
        var cases = new TheoryData<string, int, int>();
        foreach (var profile in Profiles.All)
        {
            for (var seed = 1; seed <= 12; seed++)
            {
                cases.Add(profile.Name, seed % 3 == 0 ? 8 : seed % 3 == 1 ? 16 : 0, seed);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Counts_and_overflows_equal_those_of_a_model_without_counters(string profile, int widthBits, int seed)
    {
        var found = Profiles.Find(profile)!.Pmus[0];
        var run = new Run(found with { PeriodMin = 1, WidthBits = widthBits == 0 ? found.WidthBits : widthBits }, seed);
        for (var i = 0; i < 1500; i++)
        {
            run.DoSomething();
        }

        Assert.True(run.Overflows > 50 && run.Refused > 0 && run.Reads > 100 && run.Starts > 0, $"{run.Overflows} overflows, {run.Refused} refused, {run.Reads} reads, {run.Starts} starts");
        run.CheckThatAllCountersComeBack();
        Assert.Empty(run.Bench.Pmu.Warnings);
    }

    private sealed class Run(PmuProfile profile, int seed)
    {
        private readonly Random random = new(seed);
        private readonly List<Modelled> events = [];
        private readonly Dictionary<(uint Code, Privilege Mode), ulong> ledger = [];
        private readonly List<EventId> overflowed = [];

        public PmuBench Bench { get; } = new(profile);

        public int Overflows { get; private set; }

        public int Refused { get; private set; }

        public int Reads { get; private set; }

        public int Starts { get; private set; }

        private PmuHardware Pmu => Bench.Pmu;

        public void DoSomething()
        {
            switch (random.Next(12))
            {
                case 0 or 1: Add(); break;
                case 2: AddGroup(); break;
                case 3: Del(); break;
                case 4: Read(); break;
                case 5: ReplacePeriod(); break;
                case 6: Disabled(); break;
                case 7: Stop(); break;
                case 8: Start(); break;
                default: Retire(enabled: true); break;
            }

            CheckCounters();
        }

        public void CheckThatAllCountersComeBack()
        {
            foreach (var e in events.Where(e => e.On))
            {
                Assert.Equal(e.TakeUnread(), Pmu.Del(e.Event.Id));
            }

            Assert.Equal((0, 0), (Pmu.CountersInUse, Pmu.SamplingEvents));
            for (var i = 0; i < Pmu.Profile.GeneralCounters; i++)
            {
                Bench.Added(0xc5);
            }

            Assert.Equal(Enumerable.Range(0, Pmu.Profile.GeneralCounters), Pmu.Counters.Select(use => use.Counter));
        }

        private Modelled Make()
        {
            var period = random.Next(2) == 0 ? 0UL : (ulong)random.Next(1, random.Next(2) == 0 ? 20 : 2000);
            var counts = (Privilege)random.Next(1, 16);
            return new Modelled(Bench.Event(Codes[random.Next(Codes.Length)], period, random.Next(4) == 0, counts));
        }

        /// <summary>A new event, or one of those that are off.</summary>
        private Modelled PickOff()
        {
            var off = events.Where(e => !e.On).ToList();
            if (off.Count > 0 && random.Next(2) == 0)
            {
                return off[random.Next(off.Count)];
            }

            var made = Make();
            events.Add(made);
            return made;
        }

        private void Add()
        {
            var e = PickOff();
            e.On = Bench.Add(e.Event) == PmuStatus.Ok;
            Refused += e.On ? 0 : 1;
        }

        private void AddGroup()
        {
            var group = Enumerable.Range(0, random.Next(1, 5)).Select(_ => PickOff()).Distinct().ToArray();
            var on = Bench.AddGroup([.. group.Select(e => e.Event)]) == PmuStatus.Ok;
            Refused += on ? 0 : 1;
            foreach (var e in group)
            {
                e.On = on;
            }
        }

        private void Del()
        {
            var on = events.Where(e => e.On).ToList();
            if (on.Count == 0)
            {
                return;
            }

            foreach (var e in on.Take(random.Next(3) == 0 ? on.Count : 1))
            {
                Assert.Equal(e.TakeUnread(), Pmu.Del(e.Event.Id));
                e.On = false;
            }

            if (random.Next(4) == 0)
            {
                var gone = events.First(e => !e.On);
                Pmu.Forget(gone.Event.Id);
                events.Remove(gone);
            }
        }

        private void Read()
        {
            foreach (var e in events.Where(e => e.On))
            {
                Assert.Equal(e.TakeUnread(), Pmu.Read(e.Event.Id));
                Reads++;
            }
        }

        private void ReplacePeriod()
        {
            var sampling = events.Where(e => e.Period > 0 && e.WasOn).ToList();
            if (sampling.Count > 0)
            {
                var e = sampling[random.Next(sampling.Count)];
                e.Period = random.Next(1, 500);
                if (random.Next(2) == 0)
                {
                    Pmu.SetPeriod(e.Event.Id, (ulong)e.Period, restart: false);
                    return;
                }

                e.Left = e.On ? e.Period : 0;
                if (e.On)
                {
                    Stop(e, update: true);
                }

                Pmu.SetPeriod(e.Event.Id, (ulong)e.Period, restart: true);
                if (e.On)
                {
                    Start(e, reload: true);
                }
            }
        }

        private void Stop()
        {
            foreach (var e in events.Where(e => e.On && random.Next(3) == 0))
            {
                Stop(e, random.Next(2) == 0);
            }
        }

        private void Stop(Modelled e, bool update)
        {
            var alwaysUpdates = profile.Assignment == CounterAssignment.ArmFirstFree;
            Assert.Equal(PmuStatus.Ok, Pmu.Stop(e.Event.Id, update, out var delta));
            Assert.Equal(update || alwaysUpdates ? e.TakeUnread() : 0, delta);
            e.Stopped = true;
            e.UpToDate |= update || alwaysUpdates;
        }

        private void Start()
        {
            foreach (var e in events.Where(e => e.Stopped && random.Next(2) == 0))
            {
                Start(e, reload: e.UpToDate && random.Next(2) == 0);
            }
        }

        private void Start(Modelled e, bool reload)
        {
            Assert.Equal(PmuStatus.Ok, Pmu.Start(e.Event.Id, reload));
            e.Stopped = e.UpToDate = false;
            Starts++;
        }

        private void Disabled()
        {
            Pmu.Disable();
            Retire(enabled: false);
            Pmu.Enable();
        }

        private void Retire(bool enabled)
        {
            var work = Works[random.Next(Works.Length)];
            var mode = new[] { Privilege.User, Privilege.Kernel, Privilege.Hypervisor, Privilege.Guest | Privilege.User }[random.Next(4)];
            var to = WorkPosition.AfterUnits(random.Next(1, 60));
            for (var at = default(WorkPosition); at < to;)
            {
                overflowed.Clear();
                var stop = Pmu.Retire(work, mode, at, to, overflowed);
                var expected = Walk(work, mode, at, to, enabled, out var expectedStop);
                Assert.Equal(expectedStop, stop);
                Assert.Equal(expected.Order(), overflowed.Select(id => id.Value).Order());
                Overflows += overflowed.Count;
                at = stop;
            }

            foreach (var ((code, m), count) in ledger)
            {
                Assert.Equal(count, Pmu.ShadowCount(code, m));
            }
        }

        /// <summary>One occurrence after the other, up to the first that overflows.</summary>
        private List<int> Walk(Work work, Privilege mode, WorkPosition from, WorkPosition to, bool enabled, out WorkPosition stop)
        {
            List<int> hit = [];
            for (var unit = from.UnitsDone; unit < to.UnitsDone; unit++)
            {
                for (var step = unit == from.UnitsDone ? from.Step : 0; step < work.Steps.Length; step++)
                {
                    var (code, perUnit) = work.Steps[step];
                    for (var i = unit == from.UnitsDone && step == from.Step ? from.Occurrence : 0; i < perUnit; i++)
                    {
                        ledger[(code, mode)] = ledger.GetValueOrDefault((code, mode)) + 1;
                        hit.AddRange(events.Where(e => enabled && e.Sees(code, mode)).Select(e => e.Event.Id.Value));
                        if (hit.Count > 0)
                        {
                            stop = After(work, unit, step, i + 1);
                            return hit;
                        }
                    }
                }
            }

            stop = to;
            return hit;
        }

        private static WorkPosition After(Work work, long unit, int step, int done)
        {
            for (; step < work.Steps.Length; step++, done = 0)
            {
                if (done < work.Steps[step].PerUnit)
                {
                    return new WorkPosition(unit, step, done);
                }
            }

            return WorkPosition.AfterUnits(unit + 1);
        }

        private void CheckCounters()
        {
            var on = events.Where(e => e.On).Select(e => e.Event.Id).ToHashSet();
            Assert.Equal(on, Pmu.Counters.Select(use => use.Event).ToHashSet());
            Assert.Equal(Pmu.Counters.Select(use => use.Counter).Distinct().Order(), Pmu.Counters.Select(use => use.Counter));
            Assert.True(Pmu.CountersInUse <= Pmu.Capacity);
            Assert.All(events, e => Assert.Equal((e.On, e.Stopped), (Pmu.Has(e.Event.Id), Pmu.IsStopped(e.Event.Id))));
            Assert.Equal(events.Count(e => e.On && e.Period > 0), Pmu.SamplingEvents);
        }
    }

    private sealed class Modelled(PmuEvent e)
    {
        private bool on;
        private long unread;

        public PmuEvent Event { get; } = e;

        public long Period { get; set; } = (long)e.SamplePeriod;

        public long Left { get; set; } = (long)e.SamplePeriod;

        public bool WasOn { get; private set; }

        public bool Stopped { get; set; }

        /// <summary>Stopped, and read since: a reload loses nothing.</summary>
        public bool UpToDate { get; set; }

        public bool On
        {
            get => on;
            set
            {
                on = value;
                WasOn |= value;
                Stopped = UpToDate = false;
                Left = value && Left == 0 ? Period : Left;
            }
        }

        public long TakeUnread()
        {
            var taken = unread;
            unread = 0;
            return taken;
        }

        /// <summary>Counts one occurrence if it is for this event; says whether it overflows.</summary>
        public bool Sees(uint code, Privilege mode)
        {
            if (!On || Stopped || Event.Selector.Code != code || (Event.Selector.Counts & mode) != mode)
            {
                return false;
            }

            unread++;
            if (Period == 0 || --Left > 0)
            {
                return false;
            }

            Left = Period;
            return true;
        }
    }
}
