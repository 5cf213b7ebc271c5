using ActorPmu.Actors;

namespace ActorPmu.Kernel.Tests.Memory;

/// <summary>The usual litmus tests of memory models: every outcome that the model allows, and none that it forbids.</summary>
public sealed class LitmusTests
{
    // flag and data as the reader found them; "1 0" is the message without what it announces.
    private const string Reordered = "0 0, 0 1, 1 0, 1 1";
    private const string InOrder = "0 0, 0 1, 1 1";

    [Theory]
    [InlineData(MemoryModel.Weak, false, false, Reordered)]
    [InlineData(MemoryModel.Weak, true, false, Reordered)]
    [InlineData(MemoryModel.Weak, false, true, Reordered)]
    [InlineData(MemoryModel.Weak, true, true, InOrder)]
    [InlineData(MemoryModel.TotalStoreOrder, false, false, InOrder)]
    [InlineData(MemoryModel.SequentiallyConsistent, false, false, InOrder)]
    public void A_message_passes_in_order_if_the_writer_has_a_wmb_and_the_reader_an_rmb(
        MemoryModel model, bool wmb, bool rmb, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(model, () => Message(wmb, rmb)));

    [Theory]
    [InlineData(StoreKind.Release, true, InOrder)]
    [InlineData(StoreKind.Release, false, Reordered)]
    [InlineData(StoreKind.Once, true, Reordered)]
    internal void A_message_passes_in_order_from_a_store_release_to_a_load_acquire(StoreKind store, bool acquire, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(MemoryModel.Weak, () => Message(store, acquire)));

    [Theory]
    [InlineData(MemoryModel.TotalStoreOrder, false, Reordered)]
    [InlineData(MemoryModel.TotalStoreOrder, true, InOrder)]
    public void Plain_stores_need_a_compiler_barrier_for_another_processor_even_on_x86(MemoryModel model, bool barrier, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(model, () => PlainMessage(barrier)));

    [Theory]
    [InlineData(MemoryModel.Weak, false, "0 0, 0 1, 1 0, 1 1")]
    [InlineData(MemoryModel.TotalStoreOrder, false, "0 0, 0 1, 1 0, 1 1")]
    [InlineData(MemoryModel.SequentiallyConsistent, false, "0 1, 1 0, 1 1")]
    [InlineData(MemoryModel.Weak, true, "0 1, 1 0, 1 1")]
    [InlineData(MemoryModel.TotalStoreOrder, true, "0 1, 1 0, 1 1")]
    public void Two_processors_that_store_and_then_load_can_miss_each_other_unless_both_have_an_mb(
        MemoryModel model, bool mb, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(model, () => StoreBuffering(mb)));

    [Fact]
    public void A_field_never_goes_back_for_who_has_seen_it_newer() =>
        Assert.Equal("0 0, 0 1, 0 2, 1 1, 1 2, 2 2", Litmus.Outcomes(MemoryModel.Weak, TwoLoadsOfOneField));

    [Fact]
    public void A_processor_sees_its_own_stores_at_once() =>
        Assert.Equal("2", Litmus.Outcomes(MemoryModel.Weak, OwnStores));

    [Theory]
    [InlineData(true, "0 0 0, 0 0 1, 1 0 0, 1 0 1, 1 1 1")]
    [InlineData(false, "0 0 0, 0 0 1, 1 0 0, 1 0 1, 1 1 0, 1 1 1")]
    public void What_a_message_was_told_is_told_on_with_it(bool releases, string outcomes) =>
        Assert.Equal(outcomes, Litmus.Outcomes(MemoryModel.Weak, () => WriteToReadCausality(releases)));

    [Fact]
    public void Loads_never_see_a_store_that_comes_later_in_their_own_cycle() =>
        Assert.Equal("0 0, 0 1, 1 0", Litmus.Outcomes(MemoryModel.Weak, LoadBuffering));

    [Fact]
    public void A_local_add_on_two_processors_at_once_can_be_lost() =>
        Assert.Equal("1, 2", Litmus.Outcomes(MemoryModel.Weak, () =>
        {
            Litmus t = new();
            return t.Cpu(m => m.Add(t.X, 1)).Cpu(m => m.Add(t.X, 1)).See(() => t.X.Newest);
        }));

    private static Litmus Message(bool wmb, bool rmb)
    {
        Litmus t = new();
        (long flag, long data) = (0, 0);
        return t.Cpu(Writer).Cpu(Reader).See(() => flag, () => data);

        async KernelTask Writer(CpuMemory m)
        {
            await m.Write(t.X, 1, StoreKind.Once);
            if (wmb)
            {
                m.SmpWmb();
            }

            await m.Write(t.Y, 1, StoreKind.Once);
        }

        async KernelTask Reader(CpuMemory m)
        {
            flag = await m.Read(t.Y, acquire: false);
            if (rmb)
            {
                m.SmpRmb();
            }

            data = await m.Read(t.X, acquire: false);
        }
    }

    private static Litmus Message(StoreKind store, bool acquire)
    {
        Litmus t = new();
        (long flag, long data) = (0, 0);
        return t.Cpu(Writer).Cpu(Reader).See(() => flag, () => data);

        async KernelTask Writer(CpuMemory m)
        {
            await m.Write(t.X, 1, StoreKind.Once);
            await m.Write(t.Y, 1, store);
        }

        async KernelTask Reader(CpuMemory m)
        {
            flag = await m.Read(t.Y, acquire);
            data = await m.Read(t.X, acquire: false);
        }
    }

    private static Litmus PlainMessage(bool barrier)
    {
        Litmus t = new();
        (long flag, long data) = (0, 0);
        return t.Cpu(Writer).Cpu(Reader).See(() => flag, () => data);

        async KernelTask Writer(CpuMemory m)
        {
            await m.Write(t.X, 1, StoreKind.Plain);
            if (barrier)
            {
                m.Barrier();
            }

            await m.Write(t.Y, 1, StoreKind.Plain);
        }

        async KernelTask Reader(CpuMemory m)
        {
            flag = await m.Read(t.Y, acquire: false);
            m.Barrier();
            data = await m.Read(t.X, acquire: false);
        }
    }

    private static Litmus StoreBuffering(bool mb)
    {
        Litmus t = new();
        long[] found = [0, 0];
        return t.Cpu(m => StoreAndLoad(m, t.X, t.Y, 0)).Cpu(m => StoreAndLoad(m, t.Y, t.X, 1)).See(() => found[0], () => found[1]);

        async KernelTask StoreAndLoad(CpuMemory m, Published<long> mine, Published<long> other, int at)
        {
            await m.Write(mine, 1, StoreKind.Once);
            if (mb)
            {
                m.SmpMb();
            }

            found[at] = await m.Read(other, acquire: false);
        }
    }

    private static Litmus TwoLoadsOfOneField()
    {
        Litmus t = new();
        (long first, long second) = (0, 0);
        return t.Cpu(Writer).Cpu(Reader).See(() => first, () => second);

        async KernelTask Writer(CpuMemory m)
        {
            await m.Write(t.X, 1, StoreKind.Once);
            await m.Write(t.X, 2, StoreKind.Once);
        }

        async KernelTask Reader(CpuMemory m)
        {
            first = await m.Read(t.X, acquire: false);
            second = await m.Read(t.X, acquire: false);
        }
    }

    private static Litmus OwnStores()
    {
        Litmus t = new();
        long found = 0;
        return t.Cpu(Writer).See(() => found);

        async KernelTask Writer(CpuMemory m)
        {
            await m.Write(t.X, 1, StoreKind.Plain);
            await m.Write(t.X, 2, StoreKind.Plain);
            found = await m.Read(t.X, acquire: false);
        }
    }

    private static Litmus WriteToReadCausality(bool releases)
    {
        Litmus t = new();
        (long told, long flag, long data) = (0, 0, 0);
        return t.Cpu(m => m.Write(t.X, 1, StoreKind.Once)).Cpu(Between).Cpu(Last).See(() => told, () => flag, () => data);

        async KernelTask Between(CpuMemory m)
        {
            told = await m.Read(t.X, acquire: false);
            if (told == 1)
            {
                await m.Write(t.Y, 1, releases ? StoreKind.Release : StoreKind.Once);
            }
        }

        async KernelTask Last(CpuMemory m)
        {
            flag = await m.Read(t.Y, acquire: true);
            data = await m.Read(t.X, acquire: false);
        }
    }

    private static Litmus LoadBuffering()
    {
        Litmus t = new();
        long[] found = [0, 0];
        return t.Cpu(m => LoadAndStore(m, t.X, t.Y, 0)).Cpu(m => LoadAndStore(m, t.Y, t.X, 1)).See(() => found[0], () => found[1]);

        async KernelTask LoadAndStore(CpuMemory m, Published<long> from, Published<long> to, int at)
        {
            found[at] = await m.Read(from, acquire: false);
            await m.Write(to, 1, StoreKind.Once);
        }
    }
}
