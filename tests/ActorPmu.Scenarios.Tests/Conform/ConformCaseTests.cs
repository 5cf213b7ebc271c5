using ActorPmu.Scenarios.Conform;

namespace ActorPmu.Scenarios.Tests.Conform;

public sealed class ConformCaseTests
{
    private const string Task = """{"op": "task", "args": {"name": "T", "cpu": 1}, "expect": {"ret": "ok"}}""";
    private const string Open = """{"op": "open", "args": {"ev": "E"}, "expect": {"ret": "ok"}}""";

    [RecordedFact]
    public void All_recorded_cases_are_read()
    {
        Dictionary<string, int> numbers = RecordedCases.All.GroupBy(c => c.Folder).ToDictionary(g => g.Key, g => g.Count());

        Assert.Equal(117, numbers["cases"]);
        Assert.Equal(39, numbers["cases_hw"]);
        Assert.InRange(numbers["cases_v6"], 26, 27);
        Assert.Equal(2, numbers["cases_nondeterministic"]);
    }

    [RecordedFact]
    public void Every_recorded_step_keeps_its_op_and_line()
    {
        foreach (ConformCase recorded in RecordedCases.All)
        {
            string[] lines = File.ReadAllLines(recorded.File);
            Assert.All(recorded.Steps, s => Assert.StartsWith($$"""{"op": "{{s.Text.Split(' ')[0]}}",""", lines[s.Line - 1].Trim(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_misspelt_op_names_line_column_and_the_nearest_op()
    {
        ConformInputException error = CaseFile.Error("", Task, """{"op": "wrok", "args": {"n": 3}, "expect": {"ret": "ok"}}""");

        Assert.Equal((4, 8), (error.Line, error.Column));
        Assert.Equal("unknown op \"wrok\"", error.Problem);
        Assert.Equal("did you mean \"work\"?", error.WhatToDo);
        Assert.EndsWith("x.json:4:8: error: unknown op \"wrok\"; did you mean \"work\"?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_arg_names_line_column_and_the_nearest_arg()
    {
        ConformInputException error = CaseFile.Error("", """{"op": "open", "args": {"ev": "E", "exclude_kernle": 1}, "expect": {}}""");

        Assert.Equal((3, 36), (error.Line, error.Column));
        Assert.Equal("unknown arg of open \"exclude_kernle\"", error.Problem);
        Assert.Equal("did you mean \"exclude_kernel\"?", error.WhatToDo);
    }

    [Fact]
    public void A_misspelt_expect_field_names_line_column_and_the_nearest_field()
    {
        ConformInputException error = CaseFile.Error("", Open, """{"op": "read", "args": {"ev": "E"}, "expect": {"ret": "ok", "cuont": 3}}""");

        Assert.Equal((4, 61), (error.Line, error.Column));
        Assert.Equal("unknown expect field of read \"cuont\"", error.Problem);
        Assert.Equal("did you mean \"count\"?", error.WhatToDo);
    }

    [Theory]
    [InlineData("""{"op": "work", "args": {"n": "many"}, "expect": {}}""", 30, "\"n\" is \"many\"", "write a whole number")]
    [InlineData("""{"op": "work", "args": {"n": -1}, "expect": {}}""", 30, "\"n\" is -1", "write a number from 0 to 9223372036854775807")]
    [InlineData("""{"op": "work", "args": {}, "expect": {}}""", 24, "arg of work \"n\" is missing", "add \"n\"")]
    [InlineData("""{"op": "work", "args": [], "expect": {}}""", 24, "arg of work is a list", "write an object")]
    [InlineData("""{"op": "open", "args": {"ev": 3}, "expect": {}}""", 31, "\"ev\" is 3", "write a text")]
    [InlineData("""{"op": "open", "args": {"ev": "E", "disabled": 2}, "expect": {}}""", 48, "\"disabled\" is 2", "write a number from 0 to 1")]
    [InlineData("""{"op": "open", "args": {"ev": "E", "read_format": ["GRUOP"]}, "expect": {}}""", 52, "unknown read_format \"GRUOP\"", "did you mean \"GROUP\"?")]
    [InlineData("""{"op": "open", "args": {"ev": "E", "type": "cycels"}, "expect": {}}""", 44, "unknown event type \"cycels\"", "did you mean \"cycles\"?")]
    [InlineData("""{"op": "open", "args": {"ev": "E", "rtype": 4}, "expect": {}}""", 45, "\"rtype\" on an event that is not of type raw", "write \"type\": \"raw\" or leave it out")]
    [InlineData("""{"op": "open", "args": {"ev": "E", "sample_period": 4, "sample_freq": 4}, "expect": {}}""", 71, "\"sample_period\" and \"sample_freq\" are the same field of the attr", "give one of them")]
    [InlineData("""{"op": "work", "args": {"task": "Q", "n": 1}, "expect": {}}""", 33, "no task \"Q\" before this step", "known: self")]
    [InlineData("""{"op": "close", "args": {"ev": "Q"}, "expect": {}}""", 32, "no event \"Q\" before this step", "there is none")]
    [InlineData("""{"op": "sleep", "args": {"ms": 1}, "expect": {"ret": "EINVALID"}}""", 54, "unknown ret \"EINVALID\"", "did you mean \"EINVAL\"?")]
    [InlineData("""{"op": "sleep", "args": {"ms": 1}, "expect": {"ret": "ok"}, "note": "x"}""", 61, "unknown field of a step \"note\"", "known: op, args, expect")]
    [InlineData("""{"op": "sleep", "args": {"ms": 1, "ms": 2}, "expect": {}}""", 35, "\"ms\" stands twice in this object", "keep one of the two")]
    [InlineData("""{"op": "signals", "args": {"ev": "E"}, "expect": {}}""", 28, "unknown arg of signals \"ev\"", "it takes none: leave it out")]
    public void What_is_wrong_with_a_step_is_said_at_its_place(string step, int column, string problem, string whatToDo)
    {
        ConformInputException error = CaseFile.Error("", step);

        Assert.Equal((3, column, problem, whatToDo), (error.Line, error.Column, error.Problem, error.WhatToDo));
    }

    [Theory]
    [InlineData("""{"ret": "ok", "count": "some"}""", 24, "\"count\" is \"some\"", "write \"0\" or \"+\"")]
    [InlineData("""{"ret": "ok", "count": {"value": 3}}""", 24, "field of count \"tol\" is missing", "add \"tol\"")]
    [InlineData("""{"ret": "ok", "te": 3}""", 21, "\"te\" is 3", "write \"0\" or \"+\"")]
    [InlineData("""{"ret": "ok", "rel": "te<tr"}""", 22, "\"rel\" is \"te<tr\"", "write \"eq\" or \"tr<te\"")]
    [InlineData("""{"ret": "ok", "te_ms": {"min": 3, "max": 2}}""", 24, "\"te_ms\" has min above max", "swap them")]
    [InlineData("""{"ret": "ok", "bytes": "8"}""", 24, "\"bytes\" is \"8\"", "write a whole number")]
    [InlineData("""{"ret": "ok", "raw": 8}""", 22, "\"raw\" without a tolerance", "give the case a \"tolerance\" such as \"raw 2 %, te_us/tr_us 5 %, ratio 0.03; kernel-mode counts 10 %\"")]
    [InlineData("""{"plain": {"ret": "ok"}}""", 2, "unknown expect field of read \"plain\"", "known: ret, bytes, count, counts, nr, id, ids, lost, te, tr, dte, dtr, rel, ratio, te_ms, tr_ms, raw, te_us, tr_us")]
    public void What_is_wrong_with_an_answer_is_said_at_its_place(string expect, int column, string problem, string whatToDo)
    {
        ConformInputException error = CaseFile.Error("", Open, """{"op": "read", "args": {"ev": "E"},""" + "\n\"expect\":\n" + expect + "}");

        Assert.Equal((6, column, problem, whatToDo), (error.Line, error.Column, error.Problem, error.WhatToDo));
    }

    [Fact]
    public void Both_variants_must_be_recorded_where_one_is()
    {
        ConformInputException error = CaseFile.Error(
            """ "kernels": ["plain", "v6"],""", """{"op": "sleep", "args": {"ms": 1}, "expect": {"plain": {"ret": "ok"}}}""");

        Assert.Equal((3, 46, "expect field of sleep \"v6\" is missing"), (error.Line, error.Column, error.Problem));
    }

    [Fact]
    public void A_variant_and_a_field_side_by_side_are_refused()
    {
        ConformInputException error = CaseFile.Error(
            """ "kernels": ["plain", "v6"],""", """{"op": "sleep", "args": {"ms": 1}, "expect": {"plain": {"ret": "ok"}, "v6": {}, "ret": "ok"}}""");

        Assert.Equal((3, 81, "unknown expect field of sleep \"ret\""), (error.Line, error.Column, error.Problem));
    }

    [Theory]
    [InlineData("", 1, 1, "the file is empty")]
    [InlineData("{\"name\": \"x\",\n  oops}", 2, 3, "this is not JSON: 'o' is an invalid start of a property name. Expected a '\"'")]
    [InlineData("{\"name\": \"x\"", 1, 13, "this is not JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed")]
    [InlineData("[]", 1, 1, "field of a case is a list")]
    [InlineData("{\"nmae\": \"x\"}", 1, 2, "unknown field of a case \"nmae\"")]
    [InlineData("{\"name\": \"y\", \"about\": \"\", \"steps\": []}", 1, 10, "the case \"y\" is in a file of another name")]
    [InlineData("{\"name\": \"x\", \"about\": \"ü\", \"steps\": 3}", 1, 38, "\"steps\" is 3")]
    [InlineData("{\"name\": \"x\", \"about\": \"\", \"tolerance\": \"a bit\", \"steps\": []}", 1, 41, "cannot read the tolerance \"a bit\"")]
    [InlineData("{\"name\": \"x\", \"about\": \"\", \"kernels\": [\"v6\"], \"steps\": []}", 1, 39, "\"kernels\" does not have \"plain\"")]
    [InlineData("{\"name\": \"\\ud800\"}", 1, 10, "this text holds half of a surrogate pair")]
    public void What_is_no_case_is_refused_at_its_place(string text, int line, int column, string problem)
    {
        using var files = new CaseFile();
        string path = files.Write("cases/x.json", text);

        ConformInputException error = Assert.Throws<ConformInputException>(() => ConformCase.Load(path));

        Assert.Equal((path, line, column, problem), (error.File, error.Line, error.Column, error.Problem));
    }

    [Fact]
    public void A_byte_that_is_not_UTF8_is_refused_at_its_place()
    {
        using var files = new CaseFile();
        string path = files.Write("cases/x.json", "");
        File.WriteAllBytes(path, [(byte)'{', (byte)'\n', (byte)'"', 0xC3, 0xA4, 0xFF, (byte)'"']);

        ConformInputException error = Assert.Throws<ConformInputException>(() => ConformCase.Load(path));

        Assert.Equal((2, 3, "this byte is not UTF-8"), (error.Line, error.Column, error.Problem));
    }

    [Fact]
    public void A_file_that_is_not_there_is_wrong_input() =>
        Assert.Contains("cannot read the file", Assert.Throws<ConformInputException>(() => ConformCase.Load("no/such.json")).Problem, StringComparison.Ordinal);

    [Fact]
    public void An_open_without_args_has_the_defaults()
    {
        var open = (OpenStep)CaseFile.Case("", Open).Steps[0].Step;

        Assert.Equal(
            new OpenStep("E", new OpenCall(ConformEventType.A, new TaskRef.Named("self"), -1, new GroupRef.None(), null, 0, 0, new EventAttr())),
            open);
    }

    [Fact]
    public void An_open_reads_every_kind_of_argument()
    {
        ConformCase read = CaseFile.Case(
            "",
            Task,
            Open,
            """{"op": "cgroup_create", "args": {"name": "A"}, "expect": {}}""",
            """{"op": "open", "args": {"ev": "F", "type": "raw", "rtype": 1, "rconfig": 18446744069414584321, "task": "pid:-21", "cpu": 1, "group": "closed:E", "flags": ["FD_NO_GROUP", "0x10"], "read_format": ["GROUP", "ID"], "size": 4294967295, "tail_at": 190, "nullattr": 1}, "expect": {}}""",
            """{"op": "open", "args": {"ev": "G", "task": "any", "cgroup": "A", "group": "fd:9999", "sample_type": ["IP", "TIME", "0x40000000"], "sample_freq": 1000, "freq": 1, "precise_ip": 2, "sigtrap": 1, "bp_len": 8, "wakeup_watermark": 4096, "watermark": 1, "clockid": -1}, "expect": {}}""",
            """{"op": "open_many", "args": {"type": "dummy", "task": "T", "cgroup": "badfd", "group": "notperf", "max": 9, "branch_sample_type": 15}, "expect": {"ret": "EINVAL", "opened": 9}}""");

        var raw = (OpenStep)read.Steps[3].Step;
        var cgroup = (OpenStep)read.Steps[4].Step;
        var many = (OpenManyStep)read.Steps[5].Step;
        Assert.Equal(
            new OpenCall(ConformEventType.Raw, new TaskRef.Pid(-21), 1, new GroupRef.Closed("E"), null, 0x11, 12, new EventAttr())
            {
                RawType = 1,
                RawConfig = 0xFFFFFFFF00000001,
                Size = uint.MaxValue,
                TailAt = 190,
                NullAttr = true,
            },
            raw.Call);
        Assert.Equal(
            new EventAttr
            {
                Bits = AttrBits.Freq | AttrBits.PreciseIpHigh | AttrBits.Sigtrap | AttrBits.Watermark,
                SamplePeriod = 1000,
                SampleType = 0x40000005,
                Config2 = 8,
                WakeupEvents = 4096,
                Clockid = -1,
            },
            cgroup.Call.Attr);
        Assert.Equal((new TaskRef.Any(), new CgroupRef.Named("A"), new GroupRef.Fd(9999)), ((TaskRef.Any)cgroup.Call.Task, (CgroupRef.Named)cgroup.Call.Cgroup!, (GroupRef.Fd)cgroup.Call.Group));
        Assert.Equal(
            new OpenManyStep(null, new OpenCall(ConformEventType.Dummy, new TaskRef.Named("T"), -1, new GroupRef.NotPerf(), new CgroupRef.BadFd(), 0, 0, new EventAttr { BranchSampleType = 15 }), 9),
            many);
    }

    [Fact]
    public void Where_counts_are_instructions_the_events_of_work_exclude_the_kernel_unless_the_case_says_otherwise()
    {
        ConformCase read = CaseFile.Case(
            """ "unit": 100000,""",
            Open,
            """{"op": "open", "args": {"ev": "K", "exclude_user": 1, "exclude_kernel": 0}, "expect": {}}""",
            """{"op": "open", "args": {"ev": "S", "type": "context-switches"}, "expect": {}}""");

        Assert.Equal(
            [AttrBits.ExcludeKernel | AttrBits.ExcludeHv, AttrBits.ExcludeUser | AttrBits.ExcludeHv, AttrBits.None],
            read.Steps.Select(s => ((OpenStep)s.Step).Call.Attr.Bits));
        Assert.Equal([false, true, true], read.Steps.Select(s => ((OpenStep)s.Step).Call.CountsKernelMode));
    }

    [Fact]
    public void Every_other_operation_is_read_with_its_defaults()
    {
        ConformCase read = CaseFile.Case(
            "",
            Task,
            """{"op": "task", "args": {"name": "C", "parent": "T", "thread": 1, "keepfds": 1}, "expect": {}}""",
            """{"op": "work", "args": {"n": 3}, "expect": {}}""",
            """{"op": "syscalls", "args": {"task": "T", "n": 2000}, "expect": {}}""",
            """{"op": "spin", "args": {"task": "T", "ms": 40}, "expect": {}}""",
            """{"op": "spin2", "args": {"task": "T", "task2": "C", "ms": 50}, "expect": {}}""",
            """{"op": "sleep", "args": {"ms": 10}, "expect": {}}""",
            """{"op": "pin", "args": {"task": "T", "cpu": 0}, "expect": {}}""",
            """{"op": "exec", "args": {"task": "T"}, "expect": {}}""",
            """{"op": "cgroup_create", "args": {"name": "A"}, "expect": {}}""",
            """{"op": "cgroup_create", "args": {"name": "B", "parent": "A"}, "expect": {}}""",
            """{"op": "cgroup_move", "args": {"task": "T", "to": "root"}, "expect": {}}""",
            """{"op": "cgroup_remove", "args": {"name": "B"}, "expect": {}}""",
            Open,
            """{"op": "read", "args": {"ev": "E"}, "expect": {}}""",
            """{"op": "read", "args": {"ev": "E", "size": 31, "by": "C", "ratio": "delta", "ms": 1}, "expect": {}}""",
            """{"op": "ioctl", "args": {"ev": "E", "cmd": "ENABLE", "arg": "GROUP"}, "expect": {}}""",
            """{"op": "ioctl", "args": {"ev": "E", "cmd": "PERIOD", "arg": "0x8000000000000000", "by": "C"}, "expect": {}}""",
            """{"op": "ioctl", "args": {"ev": "E", "cmd": 9223, "arg": "2"}, "expect": {}}""",
            """{"op": "prctl", "args": {"cmd": "DISABLE"}, "expect": {}}""",
            """{"op": "poll", "args": {"ev": "E"}, "expect": {"revents": "HUP"}}""",
            """{"op": "mmap", "args": {"ev": "E"}, "expect": {}}""",
            """{"op": "signal", "args": {"ev": "E"}, "expect": {}}""",
            """{"op": "signals", "args": {}, "expect": {"in": 1, "hup": 0}}""",
            """{"op": "slab", "args": {"name": "kmalloc-1k"}, "expect": {"active": 125}}""",
            """{"op": "close", "args": {"ev": "E"}, "expect": {}}""",
            """{"op": "exit", "args": {"task": "C"}, "expect": {}}""",
            """{"op": "zombie", "args": {"task": "T"}, "expect": {}}""");

        ConformStep[] expected =
        [
            new TaskStep("T", "self", false, false, 1), new TaskStep("C", "T", true, true, null), new WorkStep("self", 3), new SyscallsStep("T", 2000),
            new SpinStep("T", 40), new Spin2Step("T", "C", 50), new SleepStep(10), new PinStep("T", 0), new ExecStep("T"),
            new CgroupCreateStep("A", "root"), new CgroupCreateStep("B", "A"), new CgroupMoveStep("T", "root"), new CgroupRemoveStep("B"),
            read.Steps[13].Step, new ReadStep("E", null, "self", RatioSpan.All), new ReadStep("E", 31, "C", RatioSpan.SinceLastRead),
            new IoctlStep("E", IoctlCommand.Enable, 0, 1, "self"), new IoctlStep("E", IoctlCommand.Period, 0, 0x8000000000000000, "C"),
            new IoctlStep("E", IoctlCommand.Other, 9223, 2, "self"), new PrctlStep("self", false), new PollStep("E"), new MmapStep("E"),
            new SignalStep("E"), new SignalsStep(), new SlabStep("kmalloc-1k"), new CloseStep("E"), new ExitStep("C"), new ZombieStep("T"),
        ];
        Assert.Equal(expected, read.Steps.Select(s => s.Step));
        Assert.Equal("task name=C parent=T thread=1 keepfds=1", read.Steps[1].Text);
    }

    [Fact]
    public void The_frame_of_a_case_is_read()
    {
        ConformCase read = CaseFile.Case(
            """
            "tags": ["hw", "swap"], "recorded": {"kernel": "6.12.100", "unit": 100000, "mux_interval_ms": 4, "note": "free words"},
            "second_kernel": {"kernel": "6.18", "agrees": false, "differs": [{"step": 4, "field": "ret", "there": "ESRCH"}]},
            "dropped": [{"step": 5, "field": "dtr", "seen": ["+", "0"]}], "kernels": ["plain", "v6"],
            "tolerance": "raw 2.5 %, te_us/tr_us 5 %, ratio 0.03; kernel-mode counts 10 %",
            """,
            """{"op": "sleep", "args": {"ms": 1}, "expect": {"plain": {"ret": "ok"}, "v6": {"ret": "EIO"}}}""");

        Assert.Equal("cases/x", read.Id);
        Assert.Equal(["hw", "swap"], read.Tags);
        Assert.Equal(("6.12.100", 100000L, 4L), (read.RecordedOn, read.UnitInstructions, read.MuxIntervalMs));
        Assert.Equal(new ConformTolerance(2.5, 5, 0.03, 10), read.Tolerance);
        Assert.Equal((4, "ret"), Assert.Single(read.SecondKernel!.Differs));
        Assert.Equal((5, "dtr"), (Assert.Single(read.Dropped).Step, read.Dropped[0].Field));
        Assert.Equal(("EIO", "ok", "ok"), (RetFor("v6"), RetFor("none"), RetFor("v6-atomic")));

        string? RetFor(string design) => read.Steps[0].ExpectationFor(read.VariantFor(design)).Ret;
    }
}
