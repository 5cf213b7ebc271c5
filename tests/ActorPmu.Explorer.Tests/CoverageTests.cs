namespace ActorPmu.Explorer.Tests;

public sealed class CoverageTests
{
    [Fact]
    public void Sheets_add_up_to_the_same_in_any_order()
    {
        CoverageSheet a = Sheet(("Off → Inactive", 2), ("Inactive → Active", 0));
        CoverageSheet b = Sheet(("Inactive → Active", 3));
        a.AddMessage("tick", "cpu ", "cpu idle", acceptClass: 1, mask: 0b10);
        b.AddMessage("wake", "cpu ", "cpu in IRQ", acceptClass: 2, mask: 0b110);

        Assert.Equal(Sum(a, b).Counts, Sum(b, a).Counts);
        Assert.Equal(3, Sum(a, b).Count(CoverageTables.States, "Inactive → Active"));
    }

    [Fact]
    public void A_message_could_come_wherever_its_class_was_accepted_and_nowhere_else()
    {
        CoverageSheet sheet = new();
        sheet.AddMessage("tick", "cpu ", "cpu idle", acceptClass: 1, mask: 0b10);
        sheet.AddMessage("wake", "cpu ", "cpu in IRQ", acceptClass: 2, mask: 0b110);
        sheet.AddMessage("lock", "ctx ", "ctx free", acceptClass: 1, mask: 0b10);

        // The wake-up is not accepted by an idle processor, and a tick is no matter of a context.
        Assert.Equal(
            ["lock ctx free 1", "tick cpu idle 1", "tick cpu in IRQ 0", "wake cpu in IRQ 1"],
            sheet.Counts.Select(c => $"{c.Key.What} {c.Key.Column} {c.Value}"));
    }

    [Fact]
    public void What_was_delivered_in_one_part_is_not_called_never_delivered_for_another()
    {
        CoverageSheet nowhere = new();
        nowhere.Add(CoverageTables.Messages, "tick", "", 0);
        CoverageSheet somewhere = new();
        somewhere.AddMessage("tick", "cpu ", "cpu idle", acceptClass: 1, mask: 0b10);

        Assert.Equal(["cpu idle"], Sum(nowhere, somewhere).Counts.Select(c => c.Key.Column));
    }

    private static CoverageSheet Sheet(params (string Transition, long Times)[] rows)
    {
        CoverageSheet sheet = new();
        foreach ((string transition, long times) in rows)
        {
            sheet.Add(CoverageTables.States, transition, "", times);
        }

        return sheet;
    }

    private static CoverageSheet Sum(params CoverageSheet[] parts)
    {
        CoverageSheet sum = new();
        foreach (CoverageSheet part in parts)
        {
            sum.Add(part);
        }

        return sum;
    }
}
