using ActorPmu.Actors;
using ActorPmu.Kernel;

namespace ActorPmu.Sharing.Tests;

/// <summary>The same seed gives the same steps, now and in every later version of the world.</summary>
/// <remarks>
/// The constants may change only with a commit that changes on purpose what the kernel says: a message more or less in perf
/// core, another label, another order of the canonical order. A commit that makes something faster changes none of that.
/// </remarks>
public sealed class GoldenTraceTests
{
    [Fact]
    public void Two_hundred_random_schedules_without_sharing_are_the_recorded_ones() =>
        Assert.Equal("29800 steps, e4c6e368e4fe3f7d", Digest(TwoTools.Spec(), () => new NoSharing()));

    [Fact]
    public void Two_hundred_random_schedules_under_v6_are_the_recorded_ones() =>
        Assert.Equal("32200 steps, e084347c73e6d203", Digest(TwoTools.Spec(), () => new V6()));

    [Fact]
    public void Two_hundred_random_schedules_across_processors_are_the_recorded_ones() =>
        Assert.Equal("56332 steps, 6165f305537f58d7", Digest(TwoTools.AcrossProcessors(), () => new V6()));

    private static string Digest(MachineSpec spec, Func<ISharingDesign> design)
    {
        StepDigest digest = new();
        long steps = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            Machine machine = new(spec, design());
            RunEnd end = machine.World.Run(new SeededChooser(seed), 10_000, digest);
            digest.Add(end.ToString());
            steps += machine.World.Steps;
        }

        return $"{steps} steps, {digest.Value:x16}";
    }

    /// <summary>FNV-1a, 64 bit, over each step: how many options, which one, its channel, its label.</summary>
    private sealed class StepDigest : IStepObserver
    {
        public ulong Value { get; private set; } = 0xcbf29ce484222325;

        public void Delivering(long step, in Envelope envelope, int optionCount, int picked) =>
            Add($"{step} {picked}/{optionCount} {envelope.From}>{envelope.To} {envelope.Lane} {envelope.Sequence} {envelope.Message.Label}\n");

        public void Chosen(ActorId by, int optionCount, int option, string what) => Add($"{by} {option}/{optionCount} {what}\n");

        public void Delivered(long step, in Envelope envelope)
        {
        }

        public void Add(string text)
        {
            foreach (char c in text)
            {
                Value = (Value ^ c) * 0x100000001b3;
            }
        }
    }
}
