namespace ActorPmu.Kernel;

/// <summary>What <c>perf_event_update_userpage()</c> looks at in <c>event->hw</c>.</summary>
/// <param name="Index">1 + the counter that counts for the event (<c>pmu->event_idx()</c>); 0 for none, a stopped one, or a driver that does not tell.</param>
/// <param name="PrevCount">The counter's value that the count is up to date with, as a signed number (<c>hw.prev_count</c>).</param>
/// <param name="Folded">Occurrences that the driver has added to the count by itself, and that the model's count has not got yet.</param>
internal readonly record struct CounterView(int Index, long PrevCount, long Folded);
