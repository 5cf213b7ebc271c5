namespace ActorPmu.Scenarios.Tests.Traces;

/// <summary>Short traces in each of the formats read; the first four are made of recorded lines, the others are written by hand.</summary>
internal static class TraceSamples
{
    public const string TraceCmd = """
        cpus=2
             idlespin/0-18671 [000]  5946.131551: sched_switch:         idlespin/0:18671 [120] R ==> python3:18675 [120]
             idlespin/1-18672 [001]  5946.132045: sched_wakeup:         rcu_preempt:15 [120] CPU:001
             idlespin/1-18672 [001]  5946.132055: sched_switch:         idlespin/1:18672 [120] R ==> rcu_preempt:15 [120]
            rcu_preempt-15    [001]  5946.132069: sched_switch:         rcu_preempt:15 [120] W ==> idlespin/1:18672 [120]
                python3-18675 [000]  5946.132280: cgroup_mkdir:         root=0 id=8385 level=1 path=/orc_tree
                python3-18675 [000]  5946.132900: sched_process_fork:   comm=python3 pid=18675 child_comm=python3 child_pid=18716
                python3-18675 [000]  5946.132905: sched_wakeup_new:     python3:18716 [120] CPU:001
                a_busy-18716 [001]  5946.160226: cgroup_attach_task:   dst_root=0 dst_id=8404 dst_level=2 dst_path=/orc_tree/a pid=18716 comm=a_busy
                 a_busy-18716 [001]  5946.160229: sched_migrate_task:   comm=b_forks pid=18722 prio=120 orig_cpu=0 dest_cpu=1
                   bash-18691 [001]  5946.025967: sched_process_exec:   filename=/opt/python/libexec/pyenv-version-file pid=18691 old_pid=18690
                   bash-18698 [000]  5946.162437: sched_process_exit:   comm=bash pid=18698 prio=120 group_dead=true
                python3-18675 [001]  5949.444161: cgroup_rmdir:         root=0 id=8461 level=4 path=/orc_tree/a/a2/deep
        """;

    public const string Tracefs = """
        # tracer: nop
        #
        # entries-in-buffer/entries-written: 11992/11992   #P:2
        #
        #                                _-----=> irqs-off/BH-disabled
        #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
        #              | |         |   |||||     |         |
               record.sh-18663   [001] .....  5945.971891: sched_process_fork: comm=record.sh pid=18663 child_comm=record.sh child_pid=18675
               record.sh-18663   [001] d..2.  5945.971900: sched_wakeup_new: comm=record.sh pid=18675 prio=120 target_cpu=000
              idlespin/0-18671   [000] d..2.  5945.971927: sched_switch: prev_comm=idlespin/0 prev_pid=18671 prev_prio=120 prev_state=R+ ==> next_comm=record.sh next_pid=18675 next_prio=120
              idlespin/1-18672   [001] dNs4.  5946.000037: sched_wakeup: comm=rcu_preempt pid=15 prio=120 target_cpu=001
        ##### CPU 1 buffer started ####
                  b_busy-18721   [000] d.h2.  5947.852025: sched_migrate_task: comm=hopper pid=18725 prio=120 orig_cpu=0 dest_cpu=1
            kworker/u8:2-35      [001] d..2.  5947.852100: sched_switch: prev_comm=kworker/u8:2 prev_pid=35 prev_prio=120 prev_state=I ==> next_comm=idlespin/1 next_pid=18672 next_prio=120
                 python3-18675   [001] d..1.  5948.480458: cgroup_attach_task: dst_root=0 dst_id=1 dst_level=0 dst_path=/ pid=18724 comm=mover
        """;

    public const string PerfScript = """
                    perf  5225/5225  [000]  6039.435014183:        sched:sched_wakeup: comm=migration/0 pid=18 prio=0 target_cpu=000
                    perf  5225/5225  [000]  6039.435019230:        sched:sched_switch: prev_comm=perf prev_pid=5225 prev_prio=120 prev_state=D ==> next_comm=migration/0 next_pid=18 next_prio=0
             migration/0    18/18    [000]  6039.435025560:  sched:sched_migrate_task: comm=perf pid=5225 prio=120 orig_cpu=0 dest_cpu=1
             migration/0    18/18    [000]  6039.435047112:        sched:sched_switch: prev_comm=migration/0 prev_pid=18 prev_prio=0 prev_state=S ==> next_comm=idlespin/0 next_pid=3955 next_prio=120
                    bash  5246/5246  [001]  6039.517405105:  sched:sched_process_fork: comm=bash pid=5246 child_comm=bash child_pid=5247
         pyenv-version-f  5243/5243  [000]  6039.493361782:  sched:sched_process_exec: filename=/opt/python/libexec/pyenv-version-file pid=5243 old_pid=5243
                    bash  5250/5250  [000]  6039.536081150:  sched:sched_process_exit: comm=bash pid=5250 prio=120 group_dead=true
                 python3  5226/5226  [001]  6041.769107196: cgroup:cgroup_attach_task: dst_root=0 dst_id=8575 dst_level=4 dst_path=/orc_tree/a/a2/deep pid=5276 comm=mover
        """;

    public const string PerfSchedScript = """
                    perf  3958 [000]  6025.908786342: sched:sched_stat_runtime: comm=perf pid=3958 runtime=81270 [ns]
                    perf  3958 [000]  6025.908793212:       sched:sched_waking: comm=migration/0 pid=18 prio=0 target_cpu=000
                    perf  3958 [000]  6025.908798871:       sched:sched_switch: prev_comm=perf prev_pid=3958 prev_prio=120 prev_state=D ==> next_comm=migration/0 next_pid=18 next_prio=0
             migration/0    18 [000]  6025.908803858: sched:sched_migrate_task: comm=perf pid=3958 prio=120 orig_cpu=0 dest_cpu=1
             migration/0    18 [000]  6025.908805511: sched:sched_stat_runtime: comm=idlespin/1 pid=3956 runtime=86618 [ns]
             migration/0    18 [000]  6025.908822015:       sched:sched_switch: prev_comm=migration/0 prev_pid=18 prev_prio=0 prev_state=S ==> next_comm=idlespin/0 next_pid=3955 next_prio=120
                     :-1    -1 [000]  6035.261307046:       sched:sched_switch: prev_comm=sync prev_pid=4804 prev_prio=120 prev_state=X ==> next_comm=bash next_pid=4806 next_prio=120
        """;

    public const string PerfWithPlugin = """
                 swapper     0 [006] 40917.220067:          1       sched:sched_wakeup: timer:thread 2:7310 [120] success=1 CPU:006
                 swapper     0 [006] 40917.220069:          1       sched:sched_switch: swapper/6:0 [120] S ==> timer:thread 2:7310 [120]
                ffffffff9a2b0c11 schedule_idle+0x21 ([kernel.kallsyms])
                    7f12ab34cd56 epoll_wait+0x56 (/usr/lib/libc.so.6)

         timer:thread 2    43 [006] 40917.220099:          1       sched:sched_switch: timer:thread 2:7310 [120] p ==> swapper/6:0 [120]
        """;

    public const string OldKernel = """
        version = 6
        CPU 3 is empty
        cpus=4
                  <idle>-0     [001] 311.407644: sched_switch:          prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=0 next_comm=poller next_pid=2051 next_prio=120
                  poller-2051  [001] 311.407778: sched_switch:          prev_comm=poller prev_pid=2051 prev_prio=120 prev_state=1 next_comm=log writer next_pid=2052 next_prio=120
              log writer-2052  [001] 311.407901: sched_switch:          0x8 prev_comm=log writer prev_pid=2052 prev_prio=120 prev_state=1024 ==> next_comm=poller next_pid=2051 next_prio=120
                  poller-2051  [001] 311.407950: sched_wakeup:          comm=log writer pid=2052 prio=120 success=0 target_cpu=002
                  poller-2051  [001] 311.407955: sched_wakeup:          poller:2053 [120] success=0 CPU:002
                  poller-2051  [001] 311.407960: sched_wakeup:          poller:2053 [120] success=1 CPU:002
        """;
}
