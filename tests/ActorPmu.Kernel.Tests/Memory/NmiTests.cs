using ActorPmu.Actors;

namespace ActorPmu.Kernel.Tests.Memory;

/// <summary>What an NMI finds of the path that it interrupts on its own processor.</summary>
public sealed class NmiTests
{
    private const string AnyOrder = "0 0, 0 1, 1 0, 1 1";
    private const string ProgramOrder = "0 0, 0 1, 1 1";

    // y and x as the handler found them; x was stored first.
    [Theory]
    [InlineData(StoreKind.Plain, StoreKind.Plain, false, AnyOrder)]
    [InlineData(StoreKind.Plain, StoreKind.Plain, true, ProgramOrder)]
    [InlineData(StoreKind.Once, StoreKind.Plain, false, AnyOrder)]
    [InlineData(StoreKind.Plain, StoreKind.Once, false, AnyOrder)]
    [InlineData(StoreKind.Once, StoreKind.Once, false, ProgramOrder)]
    [InlineData(StoreKind.Plain, StoreKind.Release, false, ProgramOrder)]
    internal void Plain_stores_without_a_barrier_between_them_are_found_in_any_order(
        StoreKind first, StoreKind second, bool barrier, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(MemoryModel.Weak, () => TwoStores(first, second, barrier)));

    [Theory]
    [InlineData(MemoryModel.TotalStoreOrder, AnyOrder)]
    [InlineData(MemoryModel.SequentiallyConsistent, ProgramOrder)]
    public void Compilers_reorder_on_every_architecture_but_not_in_the_strong_model(MemoryModel model, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(model, () => TwoStores(StoreKind.Plain, StoreKind.Plain, barrier: false)));

    [Fact]
    public void Volatile_stores_keep_their_order_when_a_plain_one_passes_them()
    {
        // x and y are volatile, in that order; z is plain and may pass both: y without x never.
        string all = Litmus.Outcomes(MemoryModel.Weak, () =>
        {
            Litmus t = new();
            Published<long> z = new("z", 0);
            (long fx, long fy, long fz) = (0, 0, 0);
            return t.Cpu(Path, Handler).See(() => fz, () => fy, () => fx);

            async KernelTask Path(CpuMemory m)
            {
                await m.Write(t.X, 1, StoreKind.Once);
                await m.Write(t.Y, 1, StoreKind.Once);
                await m.Write(z, 1, StoreKind.Plain);
            }

            async KernelTask Handler(CpuMemory m)
            {
                fz = await m.Read(z, acquire: false);
                fx = await m.Read(t.X, acquire: false);
                fy = await m.Read(t.Y, acquire: false);
            }
        });
        Assert.Equal("0 0 0, 0 0 1, 0 1 1, 1 0 0, 1 0 1, 1 1 1", all);
    }

    [Fact]
    public void What_an_NMI_has_found_it_finds_again() =>
        Assert.Equal("0 0, 1 1", Litmus.Outcomes(MemoryModel.Weak, () =>
        {
            Litmus t = new();
            (long first, long second) = (0, 0);
            return t.Cpu(Path, Handler).See(() => first, () => second);

            async KernelTask Path(CpuMemory m)
            {
                await m.Write(t.X, 1, StoreKind.Plain);
                await m.Write(t.Y, 1, StoreKind.Plain);
            }

            async KernelTask Handler(CpuMemory m)
            {
                first = await m.Read(t.X, acquire: false);
                second = await m.Read(t.X, acquire: false);
            }
        }));

    [Theory]
    [InlineData("cmpxchg", "11")]
    [InlineData("add", "11")]
    [InlineData("read and write", "1, 11")]
    public void An_NMIs_addition_is_lost_between_a_read_and_a_write_and_not_with_cmpxchg(string how, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(MemoryModel.Weak, () =>
        {
            Litmus t = new();
            return t.Cpu(Path, m => m.Add(t.X, 10)).See(() => t.X.Newest);

            async KernelTask Path(CpuMemory m)
            {
                if (how == "add")
                {
                    await m.Add(t.X, 1);
                    return;
                }

                long old;
                do
                {
                    old = await m.Read(t.X, acquire: false);
                    if (how == "read and write")
                    {
                        await m.Write(t.X, old + 1, StoreKind.Once);
                        return;
                    }
                }
                while (await m.Cmpxchg(t.X, old, old + 1) != old);
            }
        }));

    private static Litmus TwoStores(StoreKind first, StoreKind second, bool barrier)
    {
        Litmus t = new();
        (long x, long y) = (0, 0);
        return t.Cpu(Path, Handler).See(() => y, () => x);

        async KernelTask Path(CpuMemory m)
        {
            await m.Write(t.X, 1, first);
            if (barrier)
            {
                m.Barrier();
            }

            await m.Write(t.Y, 1, second);
        }

        async KernelTask Handler(CpuMemory m)
        {
            y = await m.Read(t.Y, acquire: false);
            x = await m.Read(t.X, acquire: false);
        }
    }
}
