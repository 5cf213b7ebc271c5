using ActorPmu.Kernel;
using ActorPmu.Sharing;

namespace ActorPmu.Scenarios.Tests.Files;

/// <summary>What <c>execve()</c> takes from whom it shares an address space and descriptors with: nothing.</summary>
public sealed class ExecBesideThreadsTests
{
    [Fact]
    public void Who_executes_another_program_leaves_its_mappings_to_those_that_share_them_and_has_none() => Holds(
        """
        machine: { cpus: 1, profile: skl-ht }
        work: { cycles: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - mmap: A
              - fork: { child: thread, thread }
              - block
              - self-read: A
              - munmap: A
          - name: thread
            forked: true
            script:
              - exec
              - self-read: { fd: A, expect: EFAULT }
              - munmap: { fd: A, expect: EINVAL }
              - wake: tool
        """);

    [Fact]
    public void Descriptors_are_its_own_from_then_on() => Holds(
        """
        machine: { cpus: 1, profile: skl-ht }
        work: { cycles: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - fork: { child: thread, thread }
              - block
              - read: { fd: B, expect: EBADF }
              - close: A
              - wake: thread
          - name: thread
            forked: true
            script:
              - exec
              - open: { fd: B, event: cycles, cpu: 0, task: any }
              - wake: tool
              - block
              - read: A
        """);

    [Fact]
    public void Who_is_alone_in_its_address_space_loses_what_it_has_mapped_and_keeps_its_descriptors() => Holds(
        """
        machine: { cpus: 1, profile: skl-ht }
        work: { cycles: 1 }
        tasks:
          - name: tool
            script:
              - open: { fd: A, event: cycles, cpu: 0, task: any }
              - mmap: A
              - exec
              - self-read: { fd: A, expect: EFAULT }
              - read: A
        """);

    private static void Holds(string text)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Machine machine = Scenario.Parse(text, "x.yaml").Build(new NoSharing());
            machine.CheckEnd(machine.World.Run(new RandomChooser(seed), 20_000));
            Assert.Empty(machine.Violations.Select(v => v.What));
        }
    }
}
