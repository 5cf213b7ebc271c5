using System.Globalization;
using System.Text;

namespace ActorPmu.Benchmarks.CoreProtocol;

/// <summary>The protocol of <see cref="Explorer.Tests.CoreProtocol.Protocol"/> in Promela, handler by handler: what happens in one delivery there is one atomic step here.</summary>
/// <remarks>
/// A channel for each pair that talks, so that SPIN may know who alone reads and who alone writes it (xr, xs): that is what its reduction goes by. What an actor says to itself is
/// where its process stands. The states are the same, one by one, and one more: that before the processes begin.
/// </remarks>
internal static class SpinModel
{
    private const string Handlers = """
        #define CLOSED 0
        #define OFF 1
        #define INACTIVE 2
        #define ACTIVE 3
        #define WHERE 1
        #define SWITCH 1
        #define DO 2
        #define DONE 20
        #define RETRY 21

        inline elect() {
          i = 0; master = 0;
          do
          :: i < NU && st[i] >= INACTIVE && master == 0 -> master = i + 1; its[i] = master; i++
          :: i < NU && st[i] >= INACTIVE && master != 0 -> its[i] = master; i++
          :: i < NU && st[i] < INACTIVE -> i++
          :: else -> break
          od;
          counting = (on -> master : 0)
        }

        inline perform(u, op) {
          if
          :: op == 0 -> st[u] = OFF
          :: op == 1 ->
               st[u] = (on -> ACTIVE : INACTIVE);
               if :: master == 0 -> master = u + 1 :: else fi;
               its[u] = master;
               counting = (on -> master : 0)
          :: op >= 2 ->
               st[u] = (op == 2 -> OFF : CLOSED);
               its[u] = 0;
               if :: master == u + 1 -> elect() :: else fi
          fi;
          check()
        }

        inline switch(c) {
          i = 0;
          if
          :: on == c + 1 ->
               on = 0; counting = 0;
               do :: i < NU -> st[i] = (st[i] == ACTIVE -> INACTIVE : st[i]); i++ :: else -> break od
          :: on == 0 ->
               on = c + 1; counting = master;
               do :: i < NU -> st[i] = (st[i] == INACTIVE -> ACTIVE : st[i]); i++ :: else -> break od
          :: else
          fi;
          check()
        }

        inline check() {
          i = 0;
          do
          :: i < NU ->
               assert(st[i] < INACTIVE || (its[i] == master && master != 0 && st[master - 1] >= INACTIVE));
               assert(st[i] >= INACTIVE || its[i] == 0);
               assert(st[i] < INACTIVE || ((st[i] == ACTIVE) == (on != 0)));
               assert(st[i] != ACTIVE || counting == master);
               i++
          :: else -> break
          od
        }

        """;

    /// <summary>The model.</summary>
    /// <param name="cpus">How many processors.</param>
    /// <param name="users">How many users.</param>
    public static string Of(int cpus, int users)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"#define NU {users}\n");
        foreach (string channel in (string[])[.. Each("ux", users), .. Each("xu", users), .. Each("cx", cpus), .. Each("xc", cpus), .. Each("uc", users * cpus), .. Each("cu", users * cpus)])
        {
            text.Append(CultureInfo.InvariantCulture, $"chan {channel} = [1] of {{ byte }};\n");
        }

        text.Append(Handlers);
        AppendContext(text, cpus, users);
        for (int c = 0; c < cpus; c++)
        {
            AppendCpu(text, c, cpus, users);
        }

        for (int u = 0; u < users; u++)
        {
            AppendUser(text, u, cpus);
        }

        string[] all = [.. Each("cpu", cpus), .. Each("user", users)];
        return text.Append("init { atomic { run context();").AppendJoin("", all.Select(p => $" run {p}();")).Append(" } }\n").ToString();
    }

    private static IEnumerable<string> Each(string name, int count) => Enumerable.Range(0, count).Select(i => name + i.ToString(CultureInfo.InvariantCulture));

    private static string Only(string what, IEnumerable<string> channels) => string.Concat(channels.Select(c => $"  {what} {c};\n"));

    private static void AppendContext(StringBuilder text, int cpus, int users)
    {
        text.Append("proctype context() {\n");
        text.Append(Only("xr", [.. Each("ux", users), .. Each("cx", cpus)])).Append(Only("xs", [.. Each("xu", users), .. Each("xc", cpus)]));
        text.Append("  byte st[NU]; byte its[NU]; byte master, counting, on, m, i;\n  do\n");
        for (int u = 0; u < users; u++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  :: d_step {{ ux{u}?m -> if :: m == WHERE -> xu{u}!on :: m != WHERE && on -> xu{u}!RETRY :: else -> perform({u}, (m - DO)); xu{u}!DONE fi; m = 0; i = 0 }}\n");
        }

        for (int c = 0; c < cpus; c++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  :: d_step {{ cx{c}?m -> if :: m == SWITCH -> switch({c}); xc{c}!DONE");
            for (int u = 0; u < users; u++)
            {
                int first = 4 * u;
                text.Append(
                    CultureInfo.InvariantCulture,
                    $" :: m >= DO + {first} && m < DO + {first + 4} && on == {c + 1} -> perform({u}, (m - DO - {first})); xc{c}!DONE");
            }

            text.Append(CultureInfo.InvariantCulture, $" :: else -> xc{c}!RETRY fi; m = 0; i = 0 }}\n");
        }

        text.Append("  od\n}\n");
    }

    private static void AppendCpu(StringBuilder text, int c, int cpus, int users)
    {
        int[] mine = [.. Enumerable.Range(0, users).Select(u => (u * cpus) + c)];
        text.Append(CultureInfo.InvariantCulture, $"proctype cpu{c}() {{\n");
        text.Append(Only("xr", [$"xc{c}", .. mine.Select(k => $"uc{k}")])).Append(Only("xs", [$"cx{c}", .. mine.Select(k => $"cu{k}")]));
        text.Append(CultureInfo.InvariantCulture, $"  byte m;\n  do\n  :: cx{c}!SWITCH; xc{c}?_\n");
        for (int u = 0; u < users; u++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  :: d_step {{ uc{mine[u]}?m -> cx{c}!(DO + {4 * u} + m); m = 0 }}; d_step {{ xc{c}?m -> cu{mine[u]}!m; m = 0 }}\n");
        }

        text.Append("  od\n}\n");
    }

    private static void AppendUser(StringBuilder text, int u, int cpus)
    {
        int[] mine = [.. Enumerable.Range(0, cpus).Select(c => (u * cpus) + c)];
        string to = string.Concat(mine.Select((k, c) => FormattableString.Invariant($" :: w == {c + 1} -> uc{k}!op")));
        text.Append(CultureInfo.InvariantCulture, $"proctype user{u}() {{\n");
        text.Append(Only("xr", [$"xu{u}", .. mine.Select(k => $"cu{k}")])).Append(Only("xs", [$"ux{u}", .. mine.Select(k => $"uc{k}")]));
        text.Append(
            CultureInfo.InvariantCulture,
            $$"""
              byte st, op, w, m;
              do
              :: atomic {
                   if
                   :: st == CLOSED -> op = 0
                   :: st == OFF -> op = 1
                   :: st == INACTIVE -> op = 2
                   :: st != CLOSED -> op = 3
                   fi;
                   st = 0;
                   ux{{u}}!WHERE };
            again:
                 atomic { xu{{u}}?w -> if :: w == 0 -> ux{{u}}!(DO + op){{to}} fi; w = 0 };
                 if

            """);
        foreach (string answer in (string[])[$"xu{u}", .. mine.Select(k => $"cu{k}")])
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"     :: atomic {{ {answer}?m -> if :: m == RETRY -> m = 0; ux{u}!WHERE; goto again :: else -> m = 0; st = (op == 3 -> CLOSED : (op == 1 -> INACTIVE : OFF)); op = 0 fi }}\n");
        }

        text.Append("     fi\n  od\n}\n");
    }
}
